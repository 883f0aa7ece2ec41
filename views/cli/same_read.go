package cli

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"korescope/api"
	"korescope/api/kore"
	"korescope/api/pulse"
	"korescope/api/trace"
	"korescope/api/verdict"
	"korescope/ui/text"
)

// sameQuery asks what failed as one conversation, or one call, did. Wide reads on
// from the platform; without it only that one conversation is asked for.
type sameQuery struct {
	Bot     api.BotID // whose it is, once known
	Session api.SessionID
	Call    api.CallID
	Window  api.Window
	Wide    bool
}

// How much is read for it, beside what a pulse reads.
const (
	sameTalks  = 200  // conversations whose messages are read: four requests of fifty
	sameLooked = 2000 // conversations of which the disk is looked through
	talksAPage = 50
)

// samer finds conversations that failed in the same way.
type samer struct{ d *desk }

// Cached is what the disk knows. It is fresh unless the conversation itself has
// to be read first.
func (s samer) Cached(ctx context.Context, q sameQuery) (api.Answer[[]pulse.Alike], error) {
	q = s.resolve(ctx, q)
	r := s.run(q, true)
	subject, read, err := r.subject(ctx, &q)
	if err != nil {
		return api.Answer[[]pulse.Alike]{}, err
	}
	if err := r.collect(ctx, api.Person); err != nil && api.KindOf(err) == api.Cancelled {
		return api.Answer[[]pulse.Alike]{}, err
	}
	a := r.alike(subject, q)
	a.Rest = api.Rest{More: !q.Wide && !s.d.offline && pulse.Recognisable(subject), Requests: api.Known(r.price())}
	a.Fresh, a.Done = read && (!q.Wide || r.fresh && r.unread() == 0), true
	return a, nil
}

// Refresh reads the conversation, and with Wide all that is compared with it.
func (s samer) Refresh(ctx context.Context, q sameQuery, lane api.Lane) iter.Seq2[api.Answer[[]pulse.Alike], error] {
	return func(yield func(api.Answer[[]pulse.Alike], error) bool) {
		q = s.resolve(ctx, q)
		if err := s.readSubject(ctx, q, lane); err != nil {
			yield(api.Answer[[]pulse.Alike]{}, err)
			return
		}
		if !q.Wide {
			a, err := s.Cached(ctx, q)
			a.Fresh = true
			yield(a, err)
			return
		}
		r := s.run(s.resolve(ctx, q), false)
		err := r.collect(ctx, lane)
		if err == nil {
			err = r.last
		}
		subject, _, unread := r.subject(ctx, &q) // with what was read meanwhile
		if err == nil {
			err = unread
		}
		a := r.alike(subject, q)
		a.Done = true
		yield(a, err)
	}
}

// resolve takes an id for that of a call where the disk has such a call: a call id
// is made here, and the platform knows nothing of it. The bot is that of the row.
func (s samer) resolve(ctx context.Context, q sameQuery) sameQuery {
	call := cmp.Or(q.Call, api.CallID(q.Session))
	if a, err := s.d.payloads.Cached(ctx, call); err == nil {
		q.Bot = a.Value.Bot
		if q.Call == "" {
			q.Session, q.Call = "", call
		}
		return q
	}
	if a, err := s.d.sessions.Cached(ctx, api.SessionQuery{IDs: api.ListIDs(q.Session)}); err == nil && len(a.Value) == 1 {
		q.Bot = a.Value[0].Bot
	}
	return q
}

func (s samer) run(q sameQuery, disk bool) *sameRun {
	r := &sameRun{pulseRun: pulser(s).run(q.Window, disk)}
	r.all, r.bot = true, q.Bot
	return r
}

// readSubject reads the one conversation from the platform, as far as it is not
// on disk.
func (s samer) readSubject(ctx context.Context, q sameQuery, lane api.Lane) error {
	if q.Call != "" {
		return nil // a call is on disk or unknown
	}
	known, e := s.d.lookUp(ctx, []api.SessionID{q.Session})
	if len(e.unknown) > 0 {
		return &api.Error{Kind: api.NotFound}
	}
	if e.err != nil {
		return e.err
	}
	one := known[q.Session]
	if one.ID == "" {
		one.ID = q.Session
	}
	_, err := last(s.d.messages.Refresh(ctx, api.MessageQuery{Sessions: api.ListIDs(one.ID), Window: one.Span(s.d.clock())}, lane))
	if err != nil {
		return err
	}
	// Without its calls the conversation still tells something.
	_, err = last(answers(ctx, s.d.traced, trace.CallQuery{Session: trace.OfSession(one)}))
	if api.KindOf(err) == api.Cancelled {
		return err
	}
	return nil
}

// sameRun is one reading.
type sameRun struct{ *pulseRun }

// subject is the fingerprint that is looked for; read says that all of the
// conversation was on disk. The conversation of a call is put into the question:
// it is not one of the others.
func (r *sameRun) subject(ctx context.Context, q *sameQuery) (list []pulse.Feature, read bool, err error) {
	if q.Call != "" {
		a, err := r.d.payloads.Cached(ctx, q.Call)
		if err != nil {
			return nil, false, err
		}
		c := a.Value
		q.Session = cmp.Or(q.Session, c.Session)
		why := verdict.Of(verdict.Evidence{Session: api.Session{ID: c.Session}, Calls: []api.LLMCall{c}, Read: verdict.Calls})
		t := pulse.Talk{Session: api.Session{ID: c.Session}, Calls: []api.LLMCall{c}, Tail: pulse.Tail{Why: why}}
		return t.Features(), true, nil
	}
	s := api.Session{ID: q.Session}
	if a, err := r.d.sessions.Cached(ctx, api.SessionQuery{IDs: api.ListIDs(q.Session)}); err == nil && len(a.Value) == 1 {
		s = a.Value[0]
	}
	found, err := r.d.store.Tails(ctx, []api.Session{s}, r.d.logNames)
	if err != nil {
		return nil, false, err
	}
	tail := found[s.ID]
	t := pulse.Talk{Session: s, Tail: pulse.Tail{Why: tail.Why, Bot: tail.Bot}}
	// What is not on disk of the rest tells nothing.
	if calls, err := r.d.traced.Cached(ctx, trace.CallQuery{Session: trace.OfSession(s)}); err == nil {
		t.Calls = calls.Value
	}
	for _, kind := range []api.MetricKind{api.NodeRuns, api.FailedTasks} {
		rows, err := r.d.metrics.Cached(ctx, api.MetricQuery{Bot: r.bot, Kind: kind, Window: q.Window, Limit: limitOf(kind)})
		if err != nil {
			continue
		}
		for _, m := range rows.Value {
			if m.Session == s.ID {
				t.Rows = append(t.Rows, m)
			}
		}
	}
	return t.Features(), tail.Complete, nil
}

// limitOf is how many rows of a kind a pulse asks for; the same question is found
// on disk.
func limitOf(kind api.MetricKind) int {
	if kind == api.FailedTasks {
		return pulseTasks
	}
	return pulseNodes
}

// collect reads what the conversation is compared with. A part that cannot be
// read leaves the others.
func (r *sameRun) collect(ctx context.Context, lane api.Lane) error {
	for _, part := range []pulse.Part{pulse.Now, pulse.Nodes, pulse.Tasks, pulse.Calls} {
		if err := r.read(ctx, part, lane); err != nil && (api.KindOf(err) == api.Cancelled || part == pulse.Now && !r.in.Read[part].Began && !r.disk) {
			return err
		}
	}
	r.failedFirst()
	looked := map[api.SessionID]bool{}
	for _, s := range r.in.Sessions[:min(len(r.in.Sessions), sameLooked)] {
		looked[s.ID] = true
	}
	wanted := func(s api.Session) bool { return looked[s.ID] }
	if err := r.tailsOf(ctx, wanted); err != nil || r.disk {
		return err
	}
	var ids []api.SessionID
	for _, s := range r.in.Sessions {
		if r.misses(s) && len(ids) < sameTalks {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := r.talksOf(ctx, ids, r.in.Window, lane); api.KindOf(err) == api.Cancelled {
		return err
	}
	return r.tailsOf(ctx, wanted)
}

// failedFirst puts those that were left or handed over in front, newest first.
func (r *sameRun) failedFirst() {
	r.in.Sessions = slices.Clone(r.in.Sessions)
	slices.SortStableFunc(r.in.Sessions, func(a, b api.Session) int {
		if x, y := lost(a), lost(b); x != y {
			if x {
				return -1
			}
			return 1
		}
		return b.Start.Compare(a.Start)
	})
}

func lost(s api.Session) bool { return s.Containment == api.DropOff || s.Containment == api.Agent }

// misses reports a conversation that went wrong and was not read.
func (r *sameRun) misses(s api.Session) bool {
	return lost(s) && !s.Open() && s.ID != "" && !r.whole[s.ID]
}

func (r *sameRun) unread() int {
	n := 0
	for _, s := range r.in.Sessions {
		if r.misses(s) && n < sameTalks {
			n++
		}
	}
	return n
}

// holes is how many requests more the list of calls takes where conversations were
// read before: each leaves a span that is known, and what is on either side is
// asked for by itself.
const holes = 2

// price is about how many requests reading on takes, by what is on disk.
func (r *sameRun) price() int {
	n := (r.unread() + talksAPage - 1) / talksAPage
	for part, most := range map[pulse.Part]int{
		pulse.Now: pulseSessions / kore.SessionPage, pulse.Nodes: pulseNodes / 100, pulse.Tasks: pulseTasks / 100, pulse.Calls: pulseCalls/50 + holes,
	} {
		if !r.done[part] {
			n += most
		}
	}
	return n
}

// alike compares.
func (r *sameRun) alike(subject []pulse.Feature, q sameQuery) api.Answer[[]pulse.Alike] {
	a := api.Answer[[]pulse.Alike]{At: r.at, Origin: r.origin, Fresh: r.fresh, Covered: q.Window, Note: lookedFor(subject)}
	if a.At.IsZero() {
		a.At = r.d.clock()
	}
	if !pulse.Recognisable(subject) {
		return a
	}
	a.Value = pulse.Same(subject, q.Session, r.in.Talks())
	failed, missed := 0, 0
	for _, s := range r.in.Sessions {
		if lost(s) && !s.Open() {
			failed++
		}
		if r.misses(s) {
			missed++
		}
	}
	a.Note = text.Format("%s; %d of %d that were left or handed over are read", a.Note, failed-missed, failed).String()
	a.Partial = q.Wide && (missed > 0 || !r.in.Read[pulse.Now].Whole)
	return a
}

// nothingTelling is said of a conversation that cannot be known again.
const nothingTelling = "nothing wrong was seen in it, so there is nothing to look for"

// lookedFor is what is looked for, in words.
func lookedFor(subject []pulse.Feature) string {
	var out []string
	for _, f := range subject {
		if pulse.Telling(f) {
			out = append(out, f.Value)
		}
	}
	if len(out) == 0 {
		return nothingTelling
	}
	return strings.Join(out, ", ")
}

// sameWindow is where a conversation is compared: the usual window, or a day
// around one that is older.
func sameWindow(usual api.Window, at time.Time) api.Window {
	if at.IsZero() || !at.Before(usual.From) {
		return usual
	}
	half := usual.Length() / 2
	return api.Between(at.Add(-half), at.Add(half))
}
