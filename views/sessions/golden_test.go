package sessions_test

import (
	"fmt"
	"testing"
	"time"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/views"
	"korescope/views/viewtest"
)

type state struct {
	name string
	set  func(t *testing.T) *stand
	do   func(s *stand)
}

func keys(k ...string) func(*stand) { return func(s *stand) { s.Keys(k...) } }

// moved lets the cursor rest after the keys, so that the detail follows it.
func moved(k ...string) func(*stand) {
	return func(s *stand) {
		s.Keys(k...)
		s.rested()
	}
}

func nothing(*stand) {}

// states are every way the list of sessions can look.
func states() []state {
	out := append(readStates(), filterStates()...)
	for i, tab := range []string{"drop-off", "agent", "self-service", "open"} {
		out = append(out, state{"tab-" + tab, day, keys(fmt.Sprint(i + 1))})
	}
	return append(out,
		state{"marks-by-duration", day, moved("j", "space", "space", ">", ">", ">", "O", "j")},
		state{"columns", day, moved("ctrl+w", "j")},
		state{"no-preview", day, keys("p")},
		state{"bottom", day, moved("G")},
		state{"hostile", rowsOf(viewtest.HostileSessions()), nothing},
		state{"longest", rowsOf(viewtest.LongSessions()), nothing},
		state{"user", ofUser, nothing},
		state{"week", week, nothing},
	)
}

func rowsOf(rows []api.Session) func(*testing.T) *stand {
	return func(t *testing.T) *stand {
		t.Helper()
		s := set(t)
		s.tails = map[api.SessionID]api.Tail{}
		words := viewtest.Hostile()
		for i, r := range rows {
			w := words[i%len(words)]
			s.tails[r.ID] = api.Tail{Read: true, User: w, Bot: []string{w, ""}[i%2], Why: w + " timed out", Fault: i%2 == 0}
		}
		s.sessions.Says(rows, viewtest.Noon())
		s.messages.Says(viewtest.HostileMessages(), viewtest.Noon())
		return s
	}
}

func ofUser(t *testing.T) *stand {
	t.Helper()
	s := day(t)
	s.route = views.SessionsRoute{
		Title: "user u-3c..00a",
		Query: api.SessionQuery{User: viewtest.UserRoom(3), Window: api.Last(7*24*time.Hour-time.Minute, viewtest.Noon())},
	}
	s.sessions.Says(viewtest.Sessions()[3:5], viewtest.Noon())
	return s
}

func week(t *testing.T) *stand {
	t.Helper()
	s := day(t)
	s.route.Query.Window = api.Last(7*24*time.Hour, viewtest.Noon())
	return s
}

func readStates() []state {
	return []state{
		{"loading", set, func(s *stand) { s.Clock.Move(3 * time.Second) }},
		{"loaded", day, func(s *stand) { s.rested() }},
		{"refreshing", func(t *testing.T) *stand {
			s := day(t)
			s.sessions.Has(viewtest.Sessions(), viewtest.Noon().Add(-26*time.Minute), false)
			s.sessions.Net = nil
			return s
		}, nothing},
		{"stale-failed", func(t *testing.T) *stand {
			s := day(t)
			s.sessions.Has(viewtest.Sessions(), viewtest.Noon().Add(-3*time.Hour), false).Fails(viewtest.Offline())
			return s
		}, nothing},
		{"failed", func(t *testing.T) *stand {
			s := set(t)
			s.sessions.Fails(&api.Error{Kind: api.ScopeMissing, Endpoint: "sessions", Scope: "Session"})
			return s
		}, nothing},
		{"limited", func(t *testing.T) *stand {
			s := day(t)
			s.sessions.Has(viewtest.Sessions(), viewtest.Noon().Add(-3*time.Minute), false)
			s.sessions.Fails(&api.Error{Kind: api.Limited, Until: viewtest.Noon().Add(38 * time.Second)})
			s.Meter.ShutUntil = viewtest.Noon().Add(38 * time.Second)
			return s
		}, nothing},
		{"gaps", func(t *testing.T) *stand { return answered(t, gaps) }, nothing},
		{"partial", func(t *testing.T) *stand { return answered(t, func(a *api.Answer[[]api.Session]) { a.Partial = true }) }, nothing},
		{"reading", reading, nothing},
		{"stopped", reading, keys("ctrl+c")},
		{"empty", func(t *testing.T) *stand { s := set(t); s.sessions.Says(nil, viewtest.Noon()); return s }, nothing},
		{"unreadable", func(t *testing.T) *stand {
			s := day(t)
			s.sessions.Says(append([]api.Session{viewtest.Unreadable()}, viewtest.Sessions()[:4]...), viewtest.Noon())
			return s
		}, nothing},
	}
}

func answered(t *testing.T, change func(*api.Answer[[]api.Session])) *stand {
	t.Helper()
	s := day(t)
	s.sessions.Net = func(api.SessionQuery) []viewtest.Step[[]api.Session] {
		step := viewtest.Whole(viewtest.Sessions(), viewtest.Noon())
		change(&step.Answer)
		return []viewtest.Step[[]api.Session]{step}
	}
	return s
}

func gaps(a *api.Answer[[]api.Session]) {
	a.Partial = true
	for i := range 2 {
		a.Gaps = append(a.Gaps, api.Gap{Window: api.Last(time.Duration(i+1)*time.Hour, viewtest.Noon()), Why: viewtest.Offline()})
	}
}

// reading is a list of which the first page is here and the second is awaited.
func reading(t *testing.T) *stand {
	t.Helper()
	s := day(t)
	s.sessions.Net = func(api.SessionQuery) []viewtest.Step[[]api.Session] {
		first := viewtest.Whole(viewtest.Sessions()[:20], viewtest.Noon())
		first.Answer.Done, first.Answer.Total = false, api.Known(812)
		return []viewtest.Step[[]api.Session]{first, {Never: true}}
	}
	return s
}

func filterStates() []state {
	return []state{
		{"filtered", day, keys("/", "channel:ivr dur:>1m", "enter")},
		{"filter-none", day, keys("/", "user:nobody", "enter")},
		{"tab-none", func(t *testing.T) *stand {
			s := day(t)
			s.sessions.Says(viewtest.Sessions()[1:3], viewtest.Noon())
			return s
		}, keys("3")},
		{"problems", day, keys("!")},
		{"prompt", day, keys("/", "type:")},
		{"prompt-bad", day, keys("/", "colour:blue")},
		{"window-prompt", day, keys("f")},
		{"window-bad", day, keys("f", "yesterdayish")},
		{"copy", day, keys("y")},
		{"help", day, keys("?")},
		{"help-narrowed", day, keys("?", "sort")},
		{"note", day, keys("/", "colour:blue", "enter")},
		{"command", func(t *testing.T) *stand {
			s := day(t)
			s.options.Complete = completions
			return s
		}, keys(":", "s", "tab")},
		{"shut", func(t *testing.T) *stand {
			s := day(t)
			s.Meter.ShutUntil = viewtest.Noon().Add(95 * time.Second)
			return s
		}, nothing},
		{"write", func(t *testing.T) *stand { s := day(t); s.options.Writes = true; return s }, nothing},
	}
}

func completions(typed string) []ui.Completion {
	var out []ui.Completion
	met := map[string]bool{}
	for _, b := range keymap.Defaults() {
		if !met[b.Command] && b.Command != "" && len(b.Command) >= len(typed) && b.Command[:len(typed)] == typed {
			met[b.Command] = true
			out = append(out, ui.Completion{Line: b.Command, What: viewtest.Clean(b.Long)})
		}
	}
	return out
}

// pictures are the states at both sizes, one of them at odd sizes.
func pictures() []viewtest.Picture {
	var out []viewtest.Picture
	for _, st := range states() {
		out = append(out, viewtest.Both(st.name, func(t *testing.T, w, h int) *viewtest.Stage {
			t.Helper()
			s := st.set(t).open(w, h)
			st.do(s)
			return s.Stage
		})...)
	}
	for _, size := range [][2]int{{40, 10}, {39, 10}, {60, 16}, {119, 30}, {200, 60}} {
		out = append(out, viewtest.Picture{Name: "loaded", W: size[0], H: size[1], Draw: func(t *testing.T, w, h int) *viewtest.Stage {
			return day(t).open(w, h).Stage
		}})
	}
	return out
}

func TestGoldens(t *testing.T) { viewtest.Gallery(t, "sessions", pictures()) }
