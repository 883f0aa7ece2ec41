package sessions

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views/filter"
)

// A filter looks at every row that is here. Over a few thousand that is done
// between two keys; over more it is done beside the loop, so that a letter stands
// on the screen before the rows follow. The newest letter wins, and one that
// narrows what is asked goes on with the rows that are left.

// atOnce is up to how many rows a filter is applied between two keys.
const atOnce = 5000

// sieveStep is how many rows are looked at before what was found so far is shown.
const sieveStep = 50_000

// sieve is a filter and which rows it fits.
type sieve struct {
	typed string
	query filter.Query
	keep  filter.Predicate[api.Session] // nil keeps all
	fits  []bool                        // by place in the rows; nil while keep is
	seen  int                           // rows that were looked at, from the first on
}

// sieves are the filters of the list.
type sieves struct {
	shown   sieve              // of the rows on the screen
	inForce sieve              // of the list when no prompt is open
	due     *sieve             // typed, and not begun
	typed   string             // what is looked for beside the loop
	turn    int                // stamps that
	stop    context.CancelFunc // ends it; nil while nothing is on its way
}

// sieved brings what a sieve beside the loop has found so far.
type sieved struct {
	to   ui.Address
	n    int
	next func() tea.Msg
	sieve
}

func (s sieved) To() ui.Address { return s.to }

// compile makes a sieve that has seen nothing.
func (m *Model) compile(typed string) (sieve, error) {
	q, keep, err := m.schema().Compile(typed)
	if err != nil || len(q.Terms) == 0 {
		return sieve{typed: typed}, err
	}
	return sieve{typed: typed, query: q, keep: keep}, nil
}

// sift shows the rows that fit, at once or as soon as they are found; see
// [Model.Search].
func (m *Model) sift(s sieve) {
	m.stopSieve()
	switch {
	case s.keep == nil:
		m.sieves.shown = s
	case s.typed == m.sieves.shown.typed && m.sieves.shown.seen == len(m.all):
		m.sieves.shown.query, m.sieves.shown.keep = s.query, s.keep
	case s.typed == m.sieves.inForce.typed && m.sieves.inForce.seen == len(m.all):
		m.sieves.shown = m.sieves.inForce
	case len(m.all) <= atOnce || s.query.Uses("why"):
		// What was told of the rows lies with the loop.
		m.sieves.shown = s.over(never, m.all, m.base(s), len(m.all), m.withWhy)
	default:
		m.sieves.due = &s
		return
	}
	m.arrange()
}

// base is what is known not to fit; nil when every row has to be looked at.
func (m *Model) base(s sieve) []bool {
	if m.sieves.shown.keep != nil && m.sieves.shown.seen == len(m.all) && !s.query.Uses("why") && m.schema().Narrows(m.sieves.shown.query, s.query) {
		return m.sieves.shown.fits
	}
	return nil
}

// over looks at the rows from the last one seen to the one given. It makes a new
// list of what fits: the one before may be shown.
func (s sieve) over(stopped func() bool, rows []api.Session, base []bool, to int, told func(*api.Session) api.Session) sieve {
	fits := make([]bool, len(rows))
	copy(fits, s.fits[:min(s.seen, len(s.fits))])
	for i := s.seen; i < to; i++ {
		if i%4096 == 0 && stopped() {
			break
		}
		if base != nil && !base[i] {
			continue
		}
		fits[i] = s.keep(told(&rows[i]))
	}
	s.fits, s.seen = fits, to
	return s
}

// withWhy is the row with what was told of it.
func (m *Model) withWhy(s *api.Session) api.Session {
	row := *s
	row.Why = m.tails[s.ID].Why
	return row
}

func never() bool { return false }

func asItIs(s *api.Session) api.Session { return *s }

// Search is the command that finds the rows for what was typed last, when that is
// not done yet.
func (m *Model) Search() tea.Cmd {
	if m.sieves.due == nil {
		return nil
	}
	s, rows, base := *m.sieves.due, m.all, m.base(*m.sieves.due)
	m.sieves.due, m.sieves.typed = nil, s.typed
	ctx, stop := context.WithCancel(m.seat.Ctx)
	m.sieves.stop = stop
	out := sieved{to: m.seat.Addr, n: m.sieves.turn}
	return func() tea.Msg { return sieveOn(ctx, out, s, rows, base) }
}

// sieveOn looks at the next rows.
func sieveOn(ctx context.Context, out sieved, s sieve, rows []api.Session, base []bool) tea.Msg {
	to := min(s.seen+sieveStep, len(rows))
	if base != nil {
		to = len(rows) // most are passed without a look
	}
	out.sieve, out.next = s.over(func() bool { return ctx.Err() != nil }, rows, base, to, asItIs), nil
	if to < len(rows) {
		next := out.sieve
		out.next = func() tea.Msg { return sieveOn(ctx, out, next, rows, base) }
	}
	return out
}

// siftedOn shows what was found so far.
func (m *Model) siftedOn(s sieved) tea.Cmd {
	if s.n != m.sieves.turn {
		return nil
	}
	m.sieves.shown = s.sieve
	if s.next == nil {
		m.stopSieve()
		if m.sieves.shown.typed == m.sieves.inForce.typed {
			m.sieves.inForce = m.sieves.shown
		}
	}
	m.arrange()
	return tea.Batch(s.next, m.rest())
}

// stopSieve ends what is on its way.
func (m *Model) stopSieve() {
	m.sieves.turn++
	m.sieves.due, m.sieves.typed = nil, ""
	if m.sieves.stop != nil {
		m.sieves.stop()
		m.sieves.stop = nil
	}
}

// resift applies the filter that is shown to rows that came. Those that are the
// same as before need no look.
func (m *Model) resift(same int) {
	s := m.sieves.shown
	if m.sieves.due != nil {
		s = *m.sieves.due
	}
	m.stopSieve()
	if s.keep != nil {
		s.seen = min(s.seen, same)
		s = s.over(never, m.all, nil, len(m.all), m.withWhy)
	}
	m.sieves.shown = s
	if m.sieves.inForce.typed == s.typed {
		m.sieves.inForce = s
	} else {
		m.sieves.inForce.fits, m.sieves.inForce.seen = nil, 0
	}
}

// Found is how many rows fit what is typed, as far as they were looked at.
func (m *Model) Found() ui.Hint {
	of := m.sums.tabs[m.tab]
	switch {
	case m.sieves.due == nil && m.sieves.stop == nil:
		return ui.Hint{Text: text.Format("%d of %d; asks nothing of the platform", m.table.Len(), of)}
	case m.sieves.shown.typed == m.sieves.typed && m.sieves.shown.seen > 0:
		return ui.Hint{Text: text.Format(">=%d of %d; asks nothing of the platform", m.table.Len(), of)}
	}
	return ui.Hint{Text: text.Format("? of %d; asks nothing of the platform", of)}
}
