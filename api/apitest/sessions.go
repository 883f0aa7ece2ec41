package apitest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

func allSessions(t *testing.T, s Subject) {
	got, last := gather(t, s.Source.Sessions(t.Context(), api.SessionQuery{Window: s.Window}, api.Person))
	same(t, "sessions", got, sessionID, s.Sessions, sessionID)
	if last.Done != s.Window {
		t.Errorf("read completely: %v, want %v", last.Done, s.Window)
	}
	have := map[api.SessionID]api.Session{}
	for _, g := range got {
		have[g.ID] = g
	}
	for _, w := range s.Sessions {
		g, ok := have[w.ID]
		if !ok {
			continue
		}
		of := string(w.ID)
		equal(t, "bot", of, g.Bot, w.Bot)
		equal(t, "user", of, g.User, w.User)
		equal(t, "channel", of, g.Channel, w.Channel)
		equal(t, "containment", of, g.Containment, w.Containment)
		equal(t, "status", of, g.Status, w.Status)
		equal(t, "kind", of, g.Kind, w.Kind)
		equal(t, "message count", of, g.Messages, w.Messages)
		sameTime(t, "start", of, g.Start, w.Start)
		sameTime(t, "end", of, g.End, w.End)
	}
}

func partsOfTheWindow(t *testing.T, s Subject) {
	third := s.Window.Length() / 3
	var all []api.Session
	for _, w := range []api.Window{
		api.Between(s.Window.From, s.Window.From.Add(third)),
		api.Between(s.Window.From.Add(third), s.Window.From.Add(2*third)),
		api.Between(s.Window.From.Add(2*third), s.Window.To),
	} {
		got, _ := gather(t, s.Source.Sessions(t.Context(), api.SessionQuery{Window: w}, api.Follow))
		for _, g := range got {
			if !w.Holds(g.Start) {
				t.Errorf("%s starts at %v, outside of %v", g.ID, g.Start, w)
			}
		}
		all = append(all, got...)
	}
	same(t, "sessions of three parts", all, sessionID, s.Sessions, sessionID)
}

func halfOpen(t *testing.T, s Subject) {
	if len(s.Sessions) < 2 {
		t.Fatal("the truth needs two sessions")
	}
	sorted := newest(s.Sessions)
	from, to := sorted[len(sorted)-1].Start, sorted[0].Start
	if !from.Before(to) {
		t.Fatal("the truth needs two times")
	}
	got, _ := gather(t, s.Source.Sessions(t.Context(), api.SessionQuery{Window: api.Between(from, to)}, api.Person))
	var want []api.Session
	for _, w := range s.Sessions {
		if w.Start.Before(to) {
			want = append(want, w)
		}
	}
	same(t, "sessions between two starts", got, sessionID, want, sessionID)
}

func newestFirst(t *testing.T, s Subject) {
	sorted := newest(s.Sessions)
	for _, limit := range []int{1, 3, len(sorted), len(sorted) + 10} {
		var got []api.Session
		for p, err := range s.Source.Sessions(t.Context(), api.SessionQuery{Window: s.Window, Limit: limit}, api.Person) {
			if err != nil {
				t.Fatal(err)
			}
			if !slices.IsSortedFunc(p.Items, func(a, b api.Session) int { return b.Start.Compare(a.Start) }) {
				t.Error("a page is not newest first")
			}
			got = append(got, p.Items...)
		}
		want := min(limit, len(sorted))
		if len(got) != want {
			t.Fatalf("limit %d gives %d rows, want %d", limit, len(got), want)
		}
		oldest := sorted[want-1].Start
		for _, g := range got {
			if g.Start.Before(oldest) {
				t.Errorf("limit %d gives one of %v, older than %v", limit, g.Start, oldest)
			}
		}
	}
}

func byContainment(t *testing.T, s Subject) {
	for _, c := range []api.Containment{api.DropOff, api.SelfService, api.Agent} {
		got, _ := gather(t, s.Source.Sessions(t.Context(), api.SessionQuery{Window: s.Window, Containment: c}, api.Person))
		have := map[api.SessionID]bool{}
		for _, g := range got {
			have[g.ID] = true
			if g.Containment != api.Undetermined && !strings.EqualFold(string(g.Containment), string(c)) {
				t.Errorf("%s is %s, asked for %s", g.ID, g.Containment, c)
			}
		}
		for _, w := range s.Sessions {
			if w.Containment == c && !have[w.ID] {
				t.Errorf("%s of type %s is missing", w.ID, c)
			}
		}
	}
}

func ofAUser(t *testing.T, s Subject) {
	if !s.Filters || len(s.Sessions) == 0 {
		return
	}
	user := s.Sessions[0].User
	var want []api.Session
	for _, w := range s.Sessions {
		if w.User == user {
			want = append(want, w)
		}
	}
	got, _ := gather(t, s.Source.Sessions(t.Context(), api.SessionQuery{Window: s.Window, User: user}, api.Person))
	same(t, "sessions of "+string(user), got, sessionID, want, sessionID)
}

func byID(t *testing.T, s Subject) {
	ids := make([]api.SessionID, len(s.Sessions))
	for i, w := range s.Sessions {
		ids[i] = w.ID
	}
	// Everything else in the query loses against the ids.
	q := api.SessionQuery{IDs: api.ListIDs(ids...), Containment: api.Agent, Window: api.Last(time.Hour, s.Window.From)}
	got, _ := gather(t, s.Source.Sessions(t.Context(), q, api.Person))
	same(t, "sessions by id", got, sessionID, s.Sessions, sessionID)
}

func unknownIDs(t *testing.T, s Subject) {
	if s.Absent == "" || len(s.Sessions) == 0 {
		return
	}
	one := s.Sessions[0].ID
	var unknown []api.SessionID
	var items []api.Session
	for p, err := range s.Source.Sessions(t.Context(), api.SessionQuery{IDs: api.ListIDs(one, s.Absent)}, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		unknown = append(unknown, p.Unknown...)
		items = append(items, p.Items...)
	}
	if !slices.Equal(unknown, []api.SessionID{s.Absent}) || len(items) != 1 || items[0].ID != one {
		t.Errorf("unknown %v, found %d", unknown, len(items))
	}
}

func newest(in []api.Session) []api.Session {
	out := slices.Clone(in)
	slices.SortFunc(out, func(a, b api.Session) int { return b.Start.Compare(a.Start) })
	return out
}
