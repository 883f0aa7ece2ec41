package cli

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"korescope/api"
	"korescope/api/pulse"
	"korescope/api/trace"
)

// How much is read for a pulse: together at most twenty requests from cold, and
// none for what is on disk and fresh.
const (
	pulseSessions = 3000 // three requests of a thousand
	pulseEarlier  = 1000 // one each
	pulseChanges  = 100  // two of fifty
	pulseNodes    = 400  // four of a hundred
	pulseTasks    = 200  // two
	pulseCalls    = 200  // four of fifty
	pulseTalks    = 40   // conversations whose messages are read, in one
)

// pulser reads what a pulse is made of, part by part.
type pulser struct{ d *desk }

// pulseRun is one reading.
type pulseRun struct {
	d      *desk
	in     pulse.Input
	disk   bool // nobody is asked
	fresh  bool
	origin api.Origin
	at     time.Time
	last   error
	done   map[pulse.Part]bool    // parts that need not be asked for again yet
	whole  map[api.SessionID]bool // whose messages are all on disk
	bot    api.BotID              // whose metrics and calls are read; "" for the bot of the credential
	all    bool                   // what is asked for is not narrowed to the time of an onset
}

func (p pulser) run(w api.Window, disk bool) *pulseRun {
	r := &pulseRun{d: p.d, disk: disk, fresh: true, origin: api.FromDisk, done: map[pulse.Part]bool{}, whole: map[api.SessionID]bool{}}
	r.in = pulse.Input{Window: w, Read: map[pulse.Part]pulse.Reading{}}
	return r
}

// Cached is the pulse of what is on disk; it is fresh when all parts are.
func (p pulser) Cached(ctx context.Context, w api.Window) (api.Answer[[]pulse.Fact], error) {
	r := p.run(w, true)
	for _, part := range pulse.Parts() {
		if err := r.read(ctx, part, api.Person); err != nil && part == pulse.Now {
			return api.Answer[[]pulse.Fact]{}, err
		}
	}
	a := r.answer()
	a.Done = true
	return a, nil
}

// Refresh reads what is not on disk. The first numbers come after three parts.
// A part that cannot be read does not stop the others: its rows say so.
func (p pulser) Refresh(ctx context.Context, w api.Window, lane api.Lane) iter.Seq2[api.Answer[[]pulse.Fact], error] {
	return func(yield func(api.Answer[[]pulse.Fact], error) bool) {
		r := p.run(w, false)
		for i, part := range pulse.Parts() {
			err := r.read(ctx, part, lane)
			kind := api.KindOf(err)
			if err != nil && (part == pulse.Now && !r.in.Read[part].Began || kind == api.Cancelled) {
				yield(r.answer(), err)
				return
			}
			if i >= 2 && i < len(pulse.Parts())-1 && !yield(r.answer(), nil) {
				return
			}
		}
		a := r.answer()
		a.Done = true
		yield(a, r.last)
	}
}

func (r *pulseRun) answer() api.Answer[[]pulse.Fact] {
	report := pulse.Of(r.in)
	a := api.Answer[[]pulse.Fact]{Value: report.Facts, At: r.at, Origin: r.origin, Fresh: r.fresh, Covered: r.in.Window}
	if report.Found {
		o := report.Incident
		a.Note = "since " + o.At.Format(time.RFC3339) + ", " + o.EitherWay().Round(time.Minute).String() + " either way"
	}
	for _, part := range pulse.Parts() {
		a.Partial = a.Partial || !r.in.Read[part].Whole
	}
	return a
}

// part reads one list, from disk where that is fresh or nobody may be asked, and
// says how far it came.
func part[K, V any](ctx context.Context, r *pulseRun, name pulse.Part, from reader[K, []V], k K, limit int, lane api.Lane) ([]V, error) {
	a, err := from.Cached(ctx, k)
	if !r.disk && (err != nil || !a.Fresh) {
		for a, err = range from.Refresh(ctx, k, lane) {
			if err != nil {
				break
			}
		}
		r.origin = api.FromNetwork
	}
	r.done[name] = err == nil && a.Fresh
	r.fresh = r.fresh && r.done[name]
	if err == nil && (r.at.IsZero() || a.At.Before(r.at)) {
		r.at = a.At
	}
	// A limit that is filled leaves the rest unread.
	reading := pulse.Reading{Began: err == nil || len(a.Value) > 0, Whole: err == nil && !a.Partial && (limit == 0 || len(a.Value) < limit)}
	var e *api.Error
	if errors.As(err, &e) && e.Kind == api.ScopeMissing {
		reading.Needs = e.Scope
	} else if err != nil && !r.disk {
		r.last = err
	}
	r.in.Read[name] = reading
	return a.Value, err
}

func (r *pulseRun) read(ctx context.Context, name pulse.Part, lane api.Lane) (err error) {
	w := r.in.Window
	switch name {
	case pulse.Now:
		r.in.Sessions, err = part(ctx, r, name, r.d.sessions, api.SessionQuery{Window: w, Limit: pulseSessions}, pulseSessions, lane)
	case pulse.DayBefore:
		r.in.Day, err = part(ctx, r, name, r.d.sessions, earlier(w, 1), pulseEarlier, lane)
	case pulse.WeekBefore:
		r.in.Week, err = part(ctx, r, name, r.d.sessions, earlier(w, 7), pulseEarlier, lane)
	case pulse.Changes:
		q := api.ChangeQuery{Window: w.Widen(24*time.Hour, 0), Limit: pulseChanges}
		r.in.Changes, err = part(ctx, r, name, r.d.changeLog, q, pulseChanges, lane)
	case pulse.Nodes:
		q := api.MetricQuery{Bot: r.bot, Kind: api.NodeRuns, Window: r.around(), Limit: pulseNodes}
		r.in.Nodes, err = part(ctx, r, name, r.d.metrics, q, pulseNodes, lane)
	case pulse.Tasks:
		q := api.MetricQuery{Bot: r.bot, Kind: api.FailedTasks, Window: r.around(), Limit: pulseTasks}
		r.in.Tasks, err = part(ctx, r, name, r.d.metrics, q, pulseTasks, lane)
	case pulse.Calls:
		q := trace.CallQuery{List: api.LLMQuery{Bot: r.bot, Window: r.around(), Limit: pulseCalls}}
		r.in.Calls, err = part(ctx, r, name, r.d.traced, q, pulseCalls, lane)
	case pulse.Messages:
		err = r.talks(ctx, lane)
	}
	return err
}

// earlier asks for the same hours some days before.
func earlier(w api.Window, days int) api.SessionQuery {
	return api.SessionQuery{Window: api.Between(w.From.AddDate(0, 0, -days), w.To.AddDate(0, 0, -days)), Limit: pulseEarlier}
}

// leastAround is how much before an onset is read at least, to compare with.
const leastAround = 2 * time.Hour

// around is the time of the onset with as much before it: all of the window when
// there is none.
func (r *pulseRun) around() api.Window {
	w := r.in.Window
	if r.all {
		return w
	}
	report := pulse.Of(pulse.Input{Window: w, Sessions: r.in.Sessions, Read: r.in.Read})
	if !report.Found {
		return w
	}
	early := report.Incident.Early.Truncate(time.Minute)
	from := early.Add(-max(leastAround, w.To.Sub(early)))
	if from.After(w.From) {
		w.From = from
	}
	return w
}

// talks reads the messages of the conversations that failed last.
func (r *pulseRun) talks(ctx context.Context, lane api.Lane) error {
	report := pulse.Of(r.in)
	if !report.Found {
		r.in.Read[pulse.Messages] = pulse.Reading{Began: true, Whole: true} // nothing to look into
		return nil
	}
	var ids []api.SessionID
	span := r.in.Window
	for _, s := range r.in.Sessions {
		if s.Containment == api.DropOff && !s.Open() && !s.Start.Before(report.Incident.Early) && len(ids) < pulseTalks {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		r.in.Read[pulse.Messages] = pulse.Reading{Began: true, Whole: true}
		return nil
	}
	return r.talksOf(ctx, ids, span, lane)
}

// talksOf reads the messages of some conversations, and then how they ended.
func (r *pulseRun) talksOf(ctx context.Context, ids []api.SessionID, span api.Window, lane api.Lane) error {
	list, err := part(ctx, r, pulse.Messages, r.d.messages, api.MessageQuery{Sessions: api.ListIDs(ids...), Window: span}, 0, lane)
	r.in.Messages = map[api.SessionID][]api.Message{}
	for _, m := range list {
		r.in.Messages[m.Session] = append(r.in.Messages[m.Session], m)
	}
	for _, talk := range r.in.Messages {
		slices.SortStableFunc(talk, func(a, b api.Message) int { return a.Time.Compare(b.Time) })
	}
	return errors.Join(err, r.tailsOf(ctx, func(s api.Session) bool { return slices.Contains(ids, s.ID) }))
}

// tailsOf looks at what is on disk of conversations: calls with their payloads
// and debug lines, which the lists that were read do not have, tell more of why.
func (r *pulseRun) tailsOf(ctx context.Context, of func(api.Session) bool) error {
	var wanted []api.Session
	for _, s := range r.in.Sessions {
		if of(s) {
			wanted = append(wanted, s)
		}
	}
	found, err := r.d.store.Tails(ctx, wanted, r.d.logNames)
	if err != nil {
		return err
	}
	if r.in.Tails == nil {
		r.in.Tails = map[api.SessionID]pulse.Tail{}
	}
	for id, t := range found {
		r.in.Tails[id] = pulse.Tail{Why: t.Why, Bot: t.Bot}
		if t.Complete {
			r.whole[id] = true
		}
	}
	return nil
}
