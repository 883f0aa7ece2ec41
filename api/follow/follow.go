package follow

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"korescope/api"
)

const (
	// Overlap is how far a read reaches back before the newest start seen.
	Overlap = 60 * time.Second
	// Usual is the wait between two reads when nothing else is asked for.
	Usual = 10 * time.Second
	// idsPerAsk is how many sessions one request may name (reference 7.2).
	idsPerAsk = 50
	// due is how long ago an open conversation was read before it is read again;
	// one that is open for longer than old only every oldDue.
	due, oldDue, old = time.Minute, 10 * time.Minute, 2 * time.Hour
)

// Options are what following needs; Before and Pace may be zero.
type Options struct {
	Source api.SessionSource
	Usage  func(context.Context) (api.Usage, error) // everybody's use of the limits
	Now    func() time.Time
	Wait   func(ctx context.Context, d time.Duration) error
	// From is where following begins: sessions that started since then are told.
	From time.Time
	// Before is how much earlier the first read begins, for conversations that
	// are still open: those are watched, and not told as new.
	Before time.Duration
	// Pace is the wait between two reads that is asked for, Usual when 0.
	Pace time.Duration
}

// Step is what one read found.
type Step struct {
	Events []api.SessionEvent // oldest start first; closings after what is new
	Seen   []api.Session      // all rows that came, those from before Options.From too
	First  bool               // the first read that came through
	Open   int                // conversations that are watched
	Lost   int                // rows without an id, which nobody can follow
	Pace   Pace
	Next   time.Time // when the next read is
	// Trouble is why the read, or a part of it, failed. Nothing is missed by it:
	// the next read asks for the same again.
	Trouble error
}

// Follower follows the sessions of one bot. Run is for one goroutine; Refused
// may be called from any.
type Follower struct {
	o     Options
	seen  map[string]time.Time // start of every session told or known
	open  map[api.SessionID]watched
	mark  time.Time // newest start seen
	own   spent
	spare float64   // requests saved up for open conversations
	last  time.Time // when spare was counted
	began bool

	mu      sync.Mutex
	unseen  int
	refused time.Time
}

// watched is an open conversation.
type watched struct {
	is   api.Session
	read time.Time
}

// New makes a follower; nothing is asked yet.
func New(o Options) *Follower {
	if o.Pace <= 0 {
		o.Pace = Usual
	}
	return &Follower{o: o, seen: map[string]time.Time{}, open: map[api.SessionID]watched{}, mark: o.From.Add(-o.Before)}
}

// Run reads until ctx ends, the asker leaves, or a failure that asking again does
// not mend. Until a read came through every failure is one. The error of a
// context that ended is not given.
func (f *Follower) Run(ctx context.Context) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		for {
			step, err := f.read(ctx)
			switch {
			case err != nil && ctx.Err() != nil:
				if len(step.Events) > 0 {
					yield(step, nil)
				}
				return
			case err != nil && (!f.began || !passes(err)):
				yield(step, err)
				return
			}
			step.Trouble = err
			now := f.o.Now()
			step.Pace = f.pace(ctx, now)
			step.Next = now.Add(max(step.Pace.Every, rest(err, now)))
			if !yield(step, nil) || f.o.Wait(ctx, step.Next.Sub(f.o.Now())) != nil || ctx.Err() != nil {
				return
			}
		}
	}
}

// Refused hears that the platform sent us away although our own count had room:
// others use the rest. u is everybody's use that is known here.
func (f *Follower) Refused(u api.Usage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unseen = max(0, u.Limits.OrDefault().PerMinute-u.Minute)
	f.refused = f.o.Now()
}

func (f *Follower) hidden(now time.Time) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now.Sub(f.refused) > remembered {
		f.unseen = 0
	}
	return f.unseen
}

func (f *Follower) pace(ctx context.Context, now time.Time) Pace {
	u, err := f.o.Usage(ctx)
	if err != nil {
		u = api.Usage{Limits: u.Limits.OrDefault(), Minute: f.own.within(time.Minute, now), Hour: f.own.within(time.Hour, now)}
	}
	return Room(u, f.own.within(time.Minute, now), f.own.within(time.Hour, now), f.hidden(now), f.o.Pace)
}

// read is one look for new sessions and as many looks at open ones as the pace
// allows.
func (f *Follower) read(ctx context.Context) (Step, error) {
	now := f.o.Now()
	step := Step{}
	p := f.pace(ctx, now)
	if !f.last.IsZero() {
		f.spare = min(p.PerMinute, f.spare+p.PerMinute*now.Sub(f.last).Minutes())
	}
	f.last = now
	asked := len(f.own.at)
	err := f.list(ctx, now, &step)
	step.First = err == nil && !f.began
	f.began = f.began || err == nil
	f.spare -= float64(len(f.own.at) - asked)
	if err == nil || passes(err) && f.began {
		err = errors.Join(err, f.again(ctx, &step))
	}
	f.forget()
	step.Open = len(f.open)
	return step, err
}

// list asks for what started since the overlap before the mark. The mark moves
// only when the whole window came.
func (f *Follower) list(ctx context.Context, now time.Time, step *Step) error {
	w := api.Between(f.mark.Add(-Overlap), now.Add(time.Millisecond))
	if !f.began {
		w.From = api.Between(f.mark, now).From
	}
	if w.Length() <= 0 {
		w.From = w.To.Add(-Overlap)
	}
	newest, failed, asked := f.mark, error(nil), 0
	var rows []api.Session
	for page, err := range f.o.Source.Sessions(ctx, api.SessionQuery{Window: w}, api.Follow) {
		asked++
		if err != nil {
			failed = err
			break
		}
		rows = append(rows, page.Items...)
		for _, g := range page.Gaps {
			failed = errors.Join(failed, g.Why)
		}
	}
	f.own.add(now, max(1, asked))
	for i := len(rows) - 1; i >= 0; i-- {
		s := rows[i]
		if s.Lost() {
			step.Lost++
			continue
		}
		if s.Start.After(newest) && !s.Start.After(now) {
			newest = s.Start
		}
		f.take(s, now, step)
	}
	if failed == nil {
		f.mark = newest
	}
	return failed
}

// take compares a row with what is known of its session.
func (f *Follower) take(s api.Session, now time.Time, step *Step) {
	s.Raw = nil
	step.Seen = append(step.Seen, s)
	was, watching := f.open[s.ID]
	_, known := f.seen[s.Key()]
	begun := s.Start
	if begun.IsZero() {
		begun, _ = s.ID.Born()
	}
	f.seen[s.Key()] = begun
	tell := func(kind api.EventKind) {
		step.Events = append(step.Events, api.SessionEvent{Kind: kind, Was: was.is.Containment, Session: s})
	}
	switch {
	case !known && begun.Before(f.o.From):
	case !known:
		tell(api.EventNew)
	case watching && s.Final():
		tell(api.EventClosed)
	case watching && was.is.Containment != s.Containment:
		tell(api.EventChanged)
	case !watching && !s.Final():
		tell(api.EventChanged) // it was closed and goes on
	}
	if s.Final() {
		delete(f.open, s.ID)
	} else {
		f.open[s.ID] = watched{s, now}
	}
}
