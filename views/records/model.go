// Package records is a list of records of any type: what the fields of the
// record say about columns, widths and order is all it knows. It sorts, filters,
// marks and copies; it opens whatever the composition says a row leads to.
//
// It asks one question and keeps the last answer while it asks again. A list
// that is closed asks nothing at all and says why.
package records

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/feed"
	"korescope/views/filter"
)

// Deps is what the list needs from outside. K is the question, T a row, ID what
// names a row.
type Deps[K comparable, T any, ID comparable] struct {
	Title  text.Safe // crumb
	What   text.Safe // the rows in the plural: "bots"
	Fields []views.Field[T]
	ID     func(T) ID
	// Order is the field by which the rows come ordered, descending with Down;
	// empty when they come in no order of a field.
	Order string
	Down  bool

	Reader feed.Reader[K, []T]
	Feed   int // tells lists of one screen apart; 0 for the only one
	Key    K
	// Again makes the question of a reading anew, for a window that ends now.
	// Nil asks the same.
	Again func(K) K
	// Further is the question that reads on after that many rows; false when
	// there is nothing further. Nil when a list is always read whole.
	Further func(k K, rows int) (K, bool)
	// Closed says why nothing can be asked; empty when it can.
	Closed text.Safe
	Limits api.Limits // of requests, for the price of what is further; zero for the usual ones
	Window api.Window // shown in the header; zero for none
	Words  Words

	// Open is where a row leads, or why nowhere. Nil when rows lead nowhere.
	Open func(T) (ui.Route, text.Safe)
	// Among is Open with the rows around, in the order shown. It is asked in place
	// of Open.
	Among func(row T, around []T) (ui.Route, text.Safe)
	// Head stands beside the number of rows; nil for nothing.
	Head func(api.Answer[[]T], views.Env) text.Safe
	// Acts are further actions on the row under the cursor; they may wait, and give
	// what is to be told. The list is asked for again after one.
	Acts map[keymap.Action]func(context.Context, T) ui.Note
	// Detail is the line above the list about the row under the cursor; nil for
	// none.
	Detail func(T, views.Env) text.Safe
	// Copy is the id that is copied, Noun what it is called.
	Copy func(T, views.Env) string
	Noun text.Safe
	// Command prints the same on the command line; empty for none.
	Command string

	Mask    *views.Masker // nil shows everything
	Clock   func() time.Time
	Zone    *time.Location
	Explain func(error) views.Problem
}

// Words are what the list says about itself.
type Words struct {
	Reading text.Safe // while the first answer is on its way
	Empty   text.Safe // there are no rows
	Foot    text.Safe // beside the place of the cursor; may be empty
}

// Model is the screen.
type Model[K comparable, T any, ID comparable] struct {
	d      Deps[K, T, ID]
	seat   ui.Seat
	feed   *feed.Feed[K, []T]
	table  *table.Table[T, ID]
	all    []T
	filter string
	keep   filter.Predicate[T]
	zone   *time.Location
	width  int
	height int
	since  time.Time
	bare   string // shown in spite of the mask
}

// New makes the screen.
func New[K comparable, T any, ID comparable](d Deps[K, T, ID]) *Model[K, T, ID] {
	m := &Model[K, T, ID]{d: d, zone: d.Zone, width: 80, height: 24}
	m.table = table.New(m.columns(), d.ID)
	m.table.Assume(d.Order, d.Down)
	return m
}

// Start asks the question, unless the list is closed.
func (m *Model[K, T, ID]) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	m.feed = feed.New(seat, m.d.Feed, m.d.Reader)
	m.since = m.d.Clock()
	if m.closed() {
		return nil
	}
	return m.feed.Ask(m.d.Key)
}

// acted says that one of the further actions is done.
type acted struct {
	to   ui.Address
	note ui.Note
}

// To is the screen that it is for.
func (m acted) To() ui.Address { return m.to }

func (m *Model[K, T, ID]) closed() bool { return !m.d.Closed.Empty() }

// Update takes the screen's messages.
func (m *Model[K, T, ID]) Update(msg tea.Msg) tea.Cmd {
	if done, ok := msg.(acted); ok {
		return tea.Batch(ui.Notify(done.note), m.renew(m.feed.Key()))
	}
	l, ok := msg.(feed.Loaded[[]T])
	if !ok {
		return nil
	}
	changed, next := m.feed.Apply(l)
	if a, ok := m.feed.Answer(); ok && changed {
		m.all = a.Value
		m.table.SetColumns(m.columns())
		m.arrange()
	}
	return next
}

func (m *Model[K, T, ID]) arrange() {
	m.table.SetRows(m.all)
	m.table.SetFilter(m.keep)
}

// Do carries out an action.
func (m *Model[K, T, ID]) Do(a keymap.Action) tea.Cmd {
	if m.table.Do(a) {
		return nil
	}
	if act := m.d.Acts[a]; act != nil {
		row, ok := m.table.Selected()
		if !ok {
			return nil
		}
		to, ctx := m.seat.Addr, m.seat.Ctx
		return func() tea.Msg { return acted{to: to, note: act(ctx, row)} }
	}
	switch a {
	case keymap.OpenItem:
		return m.open()
	case keymap.Refresh:
		return m.renew(m.feed.Key())
	case keymap.ShowMore:
		if k, more := m.further(); more {
			return m.renew(k)
		}
	}
	return nil
}

func (m *Model[K, T, ID]) open() tea.Cmd {
	row, ok := m.table.Selected()
	if !ok || !m.opens() {
		return nil
	}
	r, why := m.leads(row)
	if r == nil {
		return ui.Notify(ui.Note{Text: why})
	}
	return ui.Open(r)
}

// aroundMost bounds how many rows of the list go with one that is opened.
const aroundMost = 2000

func (m *Model[K, T, ID]) opens() bool { return m.d.Open != nil || m.d.Among != nil }

func (m *Model[K, T, ID]) leads(row T) (ui.Route, text.Safe) {
	if m.d.Among != nil {
		return m.d.Among(row, m.table.Around(aroundMost))
	}
	return m.d.Open(row)
}

func (m *Model[K, T, ID]) renew(k K) tea.Cmd {
	if m.closed() {
		return ui.Notify(ui.Note{Text: text.Lit("nothing is asked here; the screen says why")})
	}
	if m.d.Again != nil {
		k = m.d.Again(k)
	}
	last, now := m.since, m.d.Clock()
	m.since = now
	return m.feed.Reread(k, last, now)
}

// further is the question that reads on.
func (m *Model[K, T, ID]) further() (k K, more bool) {
	if m.d.Further == nil || m.closed() {
		return k, false
	}
	return m.d.Further(m.feed.Key(), len(m.all))
}

// Close steps out of the filter, then takes the marks away.
func (m *Model[K, T, ID]) Close() bool {
	switch {
	case m.filter != "":
		_ = m.setFilter("") // the empty filter is always one
	case m.table.Marks() > 0:
		m.table.Unmark()
	default:
		return false
	}
	return true
}

// Rows is how many rows are here, before any filter; not known before the first
// answer.
func (m *Model[K, T, ID]) Rows() api.Maybe[int] {
	if m.feed == nil {
		return api.Maybe[int]{}
	}
	if _, ok := m.feed.Answer(); !ok {
		return api.Maybe[int]{}
	}
	return api.Known(len(m.all))
}

// StopReading ends what is on its way.
func (m *Model[K, T, ID]) StopReading() bool {
	was := m.feed.Loading()
	m.feed.Stop()
	return was
}

// Offers lists what can be done here.
func (m *Model[K, T, ID]) Offers() []keymap.Offer {
	off := ""
	switch {
	case m.closed():
		off = "nothing is asked here; the screen says why"
		return []keymap.Offer{{Action: keymap.Refresh, Off: off}}
	case m.table.Len() == 0:
		off = "no row"
	}
	columns := ""
	if !m.table.Widens(m.width) {
		columns = "there is no room for other columns at this width"
	}
	var out []keymap.Offer
	if m.opens() {
		out = append(out, keymap.Offer{Action: keymap.OpenItem, Off: off})
	}
	if _, more := m.further(); more {
		out = append(out, keymap.Offer{Action: keymap.ShowMore})
	}
	for _, a := range slices.Sorted(maps.Keys(m.d.Acts)) {
		out = append(out, keymap.Offer{Action: a, Off: off})
	}
	return append(out,
		keymap.Offer{Action: keymap.OpenCopyMenu, Off: off}, keymap.Offer{Action: keymap.Refresh}, keymap.Offer{Action: keymap.SortColumn, Off: off},
		keymap.Offer{Action: keymap.MarkItem, Off: off},
		keymap.Offer{Action: keymap.ToggleWide, Off: cmp.Or(off, columns)},
	)
}

// Copies offers the ids of the marked rows, or of the row, and the command.
func (m *Model[K, T, ID]) Copies() []ui.Copy {
	var out []ui.Copy
	if row, ok := m.table.Selected(); ok && m.d.Copy != nil {
		c := ui.Copy{Action: keymap.CopyID, Name: m.d.Noun, Value: m.d.Copy(row, m.env())}
		if marked := m.table.Marked(); len(marked) > 0 {
			c.Name, c.Value = text.Format("%d %ss", len(marked), m.d.Noun), ""
			for i, r := range marked {
				if i > 0 {
					c.Value += "\n"
				}
				c.Value += m.d.Copy(r, m.env())
			}
		}
		out = append(out, c)
	}
	if m.d.Command != "" {
		out = append(out, ui.Copy{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: m.env().Masked(m.d.Command)})
	}
	return out
}

// Place is the line after ":" that opens the list again; "" for lists of a part
// of something else.
func (m *Model[K, T, ID]) Place() string {
	word, ours := strings.CutPrefix(m.d.Command, "korescope ")
	if !ours || strings.Contains(word, " ") {
		return ""
	}
	return word
}

// Hidden is what the mask hides of the row under the cursor.
func (m *Model[K, T, ID]) Hidden() []ui.Hidden {
	row, ok := m.table.Selected()
	if !ok {
		return nil
	}
	return views.HiddenFields(m.env(), m.d.Fields, row, text.Join(" ", text.Lit("list of"), m.d.What), func(e views.Env) {
		if m.d.Detail != nil {
			m.d.Detail(row, e)
		}
	})
}
