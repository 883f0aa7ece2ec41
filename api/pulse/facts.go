package pulse

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// Fact is one row of a pulse: a number now, the same usually, and how sure it is.
type Fact struct {
	Section, Name string
	Now, Usual    api.Maybe[float64]
	// Change is Now minus Usual, and known only when it is not chance.
	Change api.Maybe[float64]
	Unit   string // %, ms, s, count
	Of     api.Maybe[int]
	Share  api.Maybe[float64] // percent
	Since  time.Time
	First  time.Time
	Last   time.Time
	// Sessions are the conversations behind it, newest first.
	Sessions []api.SessionID
	State    State
	Needs    string // the scope that is missing, "" for none
}

// Examples are the conversations that a record names.
func (f Fact) Examples() []api.SessionID { return f.Sessions[:min(len(f.Sessions), examples)] }

// State is how sure a number is.
type State string

// The states, as they stand in records and beside numbers.
const (
	Final    State = "final"
	Moving   State = "~"  // conversations are open that may still change it
	AtLeast  State = ">=" // not all of it was read
	NotKnown State = "?"
)

// The sections.
const (
	containment = "containment"
	shared      = "shared"
	change      = "change"
	llm         = "llm"
	node        = "node"
)

// Quiet is the name of the fact that there is nothing to tell.
const Quiet = "nothing stands out"

// Report is a pulse.
type Report struct {
	Facts []Fact
	// Incident is what the facts are about; zero, and Found false, on a quiet day.
	Incident Incident
	Found    bool
}

const (
	mostShared  = 8
	mostChanges = 4
	mostRows    = 4 // of nodes and of prompts
)

// Of makes the pulse of what was read, worst first.
func Of(in Input) Report {
	b := &builder{in: in, cases: in.cases()}
	b.incident, b.found = FindIncident(b.cases)
	if b.found && in.Read[Now].Began {
		b.since = b.incident.At
	}
	b.containments()
	b.sharing()
	b.changes()
	b.nodes()
	b.prompts()
	return Report{Facts: b.sorted(), Incident: b.incident, Found: b.found}
}

type builder struct {
	in       Input
	cases    []Case
	incident Incident
	found    bool
	since    time.Time // from when on is now; zero for the whole window
	facts    []Fact
}

// state is how sure a fact is that rests upon these parts.
func (b *builder) state(parts ...Part) (State, string) {
	worst := Final
	for _, p := range parts {
		r := b.in.Read[p]
		switch {
		case !r.Began:
			return NotKnown, r.Needs
		case !r.Whole:
			worst = AtLeast
		case p == Now && worst == Final && slices.ContainsFunc(b.in.Sessions, api.Session.Open):
			worst = Moving
		}
	}
	return worst, ""
}

// containments compares how sessions end: since the onset, or in the window,
// with the same hours of earlier days, else with what came before the onset.
func (b *builder) containments() {
	state, needs := b.state(Now)
	for _, c := range []api.Containment{api.DropOff, api.Agent, api.SelfService} {
		now, ids := count(b.in.Sessions, c, func(at time.Time) bool { return !at.Before(b.since) })
		usual := b.usual(c)
		f := Fact{
			Section: containment, Name: string(c), Unit: "%", Of: api.Known(now.Of), Now: percent(now), Usual: percent(usual),
			Share: percent(now), Sessions: ids, State: state, Needs: needs,
		}
		if now.Of == 0 {
			f.Now, f.Share = api.Maybe[float64]{}, api.Maybe[float64]{}
		}
		if Rose(now, usual) || Fell(now, usual) {
			f.Change = minus(f.Now, f.Usual)
		}
		if b.found && c == api.DropOff {
			f.Since = b.incident.At
		}
		b.facts = append(b.facts, f)
	}
	if state != NotKnown && !b.found && !slices.ContainsFunc(b.facts, func(f Fact) bool { return f.Change.Known }) {
		b.facts = append(b.facts, Fact{Section: containment, Name: Quiet, Of: api.Known(len(b.cases)), State: state})
	}
}

// leastUsual is the smallest base that earlier days are compared by.
const leastUsual = 20

func (b *builder) usual(c api.Containment) Share {
	var all Share
	for days, list := range map[int][]api.Session{1: b.in.Day, 7: b.in.Week} {
		from := b.since
		s, _ := count(list, c, func(at time.Time) bool {
			return from.IsZero() || !at.Before(from.AddDate(0, 0, -days))
		})
		all.Have, all.Of = all.Have+s.Have, all.Of+s.Of
	}
	if all.Of >= leastUsual || b.since.IsZero() {
		return all
	}
	s, _ := count(b.in.Sessions, c, func(at time.Time) bool { return at.Before(b.since) })
	return s
}

// count is how many of the closed sessions in a time ended so.
func count(list []api.Session, c api.Containment, in func(time.Time) bool) (Share, []api.SessionID) {
	var s Share
	var ids []api.SessionID
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b api.Session) int { return b.Start.Compare(a.Start) })
	for _, one := range list {
		if one.Open() || one.Start.IsZero() || !in(one.Start) {
			continue
		}
		s.Of++
		if one.Containment == c {
			s.Have++
			ids = append(ids, one.ID)
		}
	}
	return s, ids
}

func percent(s Share) api.Maybe[float64] {
	if s.Of == 0 {
		return api.Maybe[float64]{}
	}
	return api.Known(tenth(100 * s.Plain()))
}

func tenth(f float64) float64 { return math.Round(f*10) / 10 }

func minus(a, b api.Maybe[float64]) api.Maybe[float64] {
	if !a.Known || !b.Known {
		return api.Maybe[float64]{}
	}
	return api.Known(tenth(a.Value - b.Value))
}

// sharing tells what the failed ones since the onset share.
func (b *builder) sharing() {
	if !b.found {
		return
	}
	state, needs := b.state(Now)
	for _, p := range []Part{Nodes, Calls, Messages} {
		if state == Final || state == Moving {
			if s, _ := b.state(p); s == AtLeast || s == NotKnown {
				state = AtLeast // further conversations may have it
			}
		}
	}
	list := slices.Clone(b.incident.Shared)
	// The same conversations told by several features: what went wrong first.
	slices.SortStableFunc(list, func(x, y Shared) int { return cmp.Compare(rank(x), rank(y)) })
	for _, s := range list[:min(len(list), mostShared)] {
		f := Fact{
			Section: shared, Name: s.String(), Unit: "%", Of: api.Known(s.Failed.Of),
			Now: percent(s.Failed), Usual: percent(s.Others), Share: percent(s.Failed), First: s.First, Last: s.Last,
			Sessions: b.having(s.Feature), State: state, Needs: needs,
		}
		f.Change = minus(f.Now, f.Usual)
		if s.New {
			f.Since = s.First
		}
		b.facts = append(b.facts, f)
	}
}

// rank puts causes in front of what only goes with them.
func rank(s Shared) int {
	switch s.Kind {
	case Cause, Task, Guard:
		return 0
	}
	return 1
}

func (b *builder) having(f Feature) []api.SessionID {
	var out []api.SessionID
	for i := len(b.cases) - 1; i >= 0; i-- {
		if c := b.cases[i]; c.Failed && !c.At.Before(b.since) && slices.Contains(c.Features, f) {
			out = append(out, api.SessionID(c.ID))
		}
	}
	return out
}

// changes tells what changed before the onset, the nearest first; without an
// onset what changed last.
func (b *builder) changes() {
	state, needs := b.state(Changes)
	marks := b.in.marks()
	if b.found {
		marks = Nearest(marks, b.incident.Onset)
		// What somebody did comes before what is seen of it in the data.
		slices.SortStableFunc(marks, func(x, y Mark) int { return b.sort(x) - b.sort(y) })
	} else {
		slices.SortStableFunc(marks, func(x, y Mark) int { return y.At.Compare(x.At) })
	}
	if state == NotKnown {
		b.facts = append(b.facts, Fact{Section: change, Name: "change log", State: state, Needs: needs})
	}
	for _, m := range marks[:min(len(marks), mostChanges)] {
		f := Fact{Section: change, Name: m.Words, First: m.At, Last: m.At, State: Final}
		if b.found {
			f.Since, f.Unit = b.incident.At, "s"
			f.Now = api.Known(math.Round(b.incident.At.Sub(m.At).Seconds()))
		}
		b.facts = append(b.facts, f)
	}
}

// shortly is how long before an onset a change is its likely cause.
const shortly = time.Hour

func (b *builder) sort(m Mark) int {
	if m.ID != "" && b.incident.At.Sub(m.At) < shortly {
		return 0
	}
	return 1
}

// halves is one kind of event before and since.
type halves struct {
	name            string
	now, usual      Share
	took, tookUsual []float64
	first, last     time.Time
	sessions        []api.SessionID
}

type tally struct {
	by    map[string]*halves
	names []string
}

func (t *tally) of(name string) *halves {
	if t.by == nil {
		t.by = map[string]*halves{}
	}
	h, ok := t.by[name]
	if !ok {
		h = &halves{name: name}
		t.by[name] = h
		t.names = append(t.names, name)
	}
	return h
}

func (h *halves) see(at, since time.Time, bad bool, took api.Maybe[float64], session api.SessionID) {
	half, times := &h.now, &h.took
	if at.Before(since) {
		half, times = &h.usual, &h.tookUsual
	}
	half.Of++
	if took.Known {
		*times = append(*times, took.Value)
	}
	if !bad {
		return
	}
	half.Have++
	if h.first.IsZero() || at.Before(h.first) {
		h.first = at
	}
	if at.After(h.last) {
		h.last = at
	}
	if session != "" && !at.Before(since) && !slices.Contains(h.sessions, session) {
		h.sessions = append(h.sessions, session)
	}
}

func (b *builder) nodes() {
	state, needs := b.state(Nodes)
	if state == NotKnown {
		b.facts = append(b.facts, Fact{Section: node, Name: "node runs", State: state, Needs: needs})
		return
	}
	var t tally
	for _, m := range b.in.Nodes {
		took := api.Maybe[float64]{Value: float64(m.Took.Value.Milliseconds()), Known: m.Took.Known}
		t.of(strings.TrimSpace(m.Node+" of "+m.Task)).see(m.At, b.since, m.Failed(), took, m.Session)
	}
	b.rows(node, "failed", state, t)
}

func (b *builder) prompts() {
	state, needs := b.state(Calls)
	if state == NotKnown {
		b.facts = append(b.facts, Fact{Section: llm, Name: "LLM calls", State: state, Needs: needs})
		return
	}
	var t tally
	for _, c := range b.in.Calls {
		took := api.Maybe[float64]{Value: float64(c.TimeTaken.Value), Known: c.TimeTaken.Known}
		t.of(strings.TrimSpace(c.Prompt+" "+c.Model)).see(c.Start, b.since, c.Failed() || c.Problem != "", took, c.Session)
	}
	b.rows(llm, "problems", state, t)
}

// rows tells the worst of a section: what failed, then what became slower.
func (b *builder) rows(section, what string, state State, t tally) {
	var out []Fact
	for _, name := range t.names {
		h := t.by[name]
		if h.now.Have > 0 {
			f := Fact{
				Section: section, Name: name + " " + what, Unit: "%", Of: api.Known(h.now.Of), Now: percent(h.now), Usual: percent(h.usual),
				Share: percent(h.now), First: h.first, Last: h.last, Sessions: h.sessions, State: state,
			}
			if !b.since.IsZero() && Rose(h.now, h.usual) {
				f.Change = minus(f.Now, f.Usual)
			}
			out = append(out, f)
		}
		if !b.since.IsZero() && Slower(h.took, h.tookUsual) {
			now, usual := api.Known(Quantile(h.took, 0.5)), api.Known(Quantile(h.tookUsual, 0.5))
			out = append(out, Fact{Section: section, Name: name + " median", Unit: "ms", Of: api.Known(len(h.took)), Now: now, Usual: usual,
				Change: minus(now, usual), State: state})
		}
	}
	slices.SortStableFunc(out, func(x, y Fact) int { return cmp.Or(called(x)-called(y), cmp.Compare(y.Now.Value, x.Now.Value)) })
	b.facts = append(b.facts, out[:min(len(out), mostRows)]...)
}

func called(f Fact) int {
	if f.Change.Known || f.Section == change && !f.Since.IsZero() || f.Name == Quiet {
		return 0
	}
	return 1
}

// sorted puts what stands out in front, in the order of the sections.
func (b *builder) sorted() []Fact {
	slices.SortStableFunc(b.facts, func(x, y Fact) int { return called(x) - called(y) })
	return b.facts
}
