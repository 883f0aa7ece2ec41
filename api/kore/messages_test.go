package kore

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// library is a platform's store of messages.
type library struct {
	messages map[string][]string // ids by session
	limit    int                 // most rows of one page
	noV2     bool
	inUnits  bool // skip counts sessions
}

func (l *library) serve(t *testing.T) *stub {
	return serve(t, func(w http.ResponseWriter, r *http.Request, a asked) {
		if l.noV2 && strings.HasSuffix(r.URL.Path, "V2") {
			answerJSON(w, 405, `{"errors":[{"msg":"Method Not Allowed","code":405}]}`)
			return
		}
		limit := int(a.body["limit"].(float64))
		if l.limit > 0 {
			limit = min(limit, l.limit)
		}
		skip := int(a.body["skip"].(float64))
		var rows []string
		for i, id := range a.body["sessionId"].([]any) {
			if l.inUnits && i < skip {
				continue
			}
			for _, m := range l.messages[id.(string)] {
				rows = append(rows, fmt.Sprintf(`{"_id":%q,"sessionId":%q,"type":"incoming","createdOn":"2026-03-10T10:00:00.000Z"}`, m, id))
			}
		}
		if !l.inUnits {
			rows = rows[min(skip, len(rows)):]
		}
		more := len(rows) > limit
		rows = rows[:min(limit, len(rows))]
		answerJSON(w, 200, fmt.Sprintf(`{"total":1,"moreAvailable":%v,"messages":[%s]}`, more, strings.Join(rows, ",")))
	})
}

func fill(sessions, each int, end time.Time) (*library, api.IDList) {
	l := &library{messages: map[string][]string{}}
	var ids []api.SessionID
	for i := range sessions {
		id := objectID(end.Add(-time.Duration(i)*time.Minute), i)
		ids = append(ids, api.SessionID(id))
		for n := range each {
			l.messages[id] = append(l.messages[id], fmt.Sprintf("ms-%03d-%05d", i, n))
		}
	}
	return l, api.ListIDs(ids...)
}

func (l *library) check(t *testing.T, got gathered[api.Message]) {
	t.Helper()
	var want, have []string
	for _, m := range l.messages {
		want = append(want, m...)
	}
	for _, m := range got.items {
		have = append(have, string(m.ID))
	}
	slices.Sort(want)
	slices.Sort(have)
	if got.err != nil || !slices.Equal(want, have) {
		t.Errorf("%d messages, want %d: %v", len(have), len(want), got.err)
	}
}

func TestTranscriptsAreReadInFifties(t *testing.T) {
	l, ids := fill(120, 3, newClock().Now())
	s := l.serve(t)
	got := gather(s.client(t).Messages(t.Context(), api.MessageQuery{Sessions: ids, Window: day(s)}, api.Person))
	l.check(t, got)
	if s.count() != 3 || got.done != day(s) {
		t.Errorf("%d requests, done %v", s.count(), got.done)
	}
	for _, a := range s.all() {
		if n := len(a.body["sessionId"].([]any)); n > 50 {
			t.Errorf("%d ids in a request", n)
		}
		if a.body["dateFrom"] != stamp(day(s).From.Add(-time.Hour)) || a.body["dateTo"] != stamp(day(s).To.Add(24*time.Hour)) {
			t.Errorf("asked from %v to %v", a.body["dateFrom"], a.body["dateTo"])
		}
	}
}

func TestAFullPageSplitsTheIDs(t *testing.T) {
	l, ids := fill(20, 30, newClock().Now())
	l.limit = 100
	s := l.serve(t)
	got := gather(s.client(t).Messages(t.Context(), api.MessageQuery{Sessions: ids, Window: day(s)}, api.Person))
	l.check(t, got)
	if s.count() > 15 {
		t.Errorf("%d requests", s.count())
	}
}

func TestOneVeryLongConversationIsPaged(t *testing.T) {
	l, ids := fill(1, 250, newClock().Now())
	l.limit = 100
	s := l.serve(t)
	l.check(t, gather(s.client(t).Messages(t.Context(), api.MessageQuery{Sessions: ids}, api.Person)))
	if s.count() != 3 {
		t.Errorf("%d requests", s.count())
	}
}

func TestTheOlderCallIsUsedWhereTheNewerIsUnknown(t *testing.T) {
	l, ids := fill(3, 150, newClock().Now())
	l.noV2 = true
	s := l.serve(t)
	c := s.client(t)
	got := gather(c.Messages(t.Context(), api.MessageQuery{Sessions: ids}, api.Person))
	l.check(t, got)
	if len(got.notes) != 1 || !strings.Contains(got.notes[0], "older") {
		t.Errorf("notes %q", got.notes)
	}
	l.check(t, gather(c.Messages(t.Context(), api.MessageQuery{Sessions: ids, Window: day(s)}, api.Person)))
	newer := 0
	for _, a := range s.all() {
		if strings.HasSuffix(a.path, "V2") {
			newer++
		} else if a.body["limit"] != float64(100) {
			t.Errorf("asked for %v rows", a.body["limit"])
		}
	}
	if newer != 1 {
		t.Errorf("the missing path was asked for %d times", newer)
	}
}

func TestTranscriptWindowsStayBelowSevenDays(t *testing.T) {
	now := newClock().Now()
	var ids []api.SessionID
	for i := range 60 { // two months
		ids = append(ids, api.SessionID(objectID(now.Add(-time.Duration(i)*24*time.Hour), i)))
	}
	odd := []api.SessionID{"a-session-of-another-shape"}
	for _, c := range []struct {
		name string
		q    api.MessageQuery
	}{
		{"a day", api.MessageQuery{Sessions: api.ListIDs(ids[:3]...), Window: api.Last(24*time.Hour, now)}},
		{"almost seven days", api.MessageQuery{Sessions: api.ListIDs(ids[:3]...), Window: api.Last(7*24*time.Hour-2*time.Minute, now)}},
		{"six days and a bit", api.MessageQuery{Sessions: api.ListIDs(ids[:3]...), Window: api.Last(6*24*time.Hour+23*time.Hour, now)}},
		{"a month", api.MessageQuery{Sessions: api.ListIDs(append(odd, ids[:25]...)...), Window: api.Last(30*24*time.Hour, now)}},
		{"from the ids", api.MessageQuery{Sessions: api.ListIDs(ids...)}},
		{"from ids that tell nothing", api.MessageQuery{Sessions: api.ListIDs(odd...)}},
	} {
		for _, g := range transcriptGroups(c.q) {
			if g.window.Zero() {
				if c.q.Sessions != api.ListIDs(odd...) {
					t.Errorf("%s: no window for %v", c.name, g.ids)
				}
				continue
			}
			if g.window.Length() >= 7*24*time.Hour || g.window.Length() <= 0 || len(g.ids) > 50 {
				t.Errorf("%s: %d ids, %v", c.name, len(g.ids), g.window.Length())
			}
			for _, id := range g.ids {
				born, ok := id.Born()
				if !c.q.Window.Zero() && !c.q.Window.Holds(born) {
					continue // named with a window that is not its own
				}
				if ok && (!g.window.Holds(born.Add(-30*time.Minute)) || c.q.Window.Zero() && !g.window.Holds(born.Add(48*time.Hour))) {
					t.Errorf("%s: %s of %v asked for in %v", c.name, id, born, g.window)
				}
			}
		}
	}
}

func TestForeignMessagesAreDropped(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		answerJSON(w, 200, `{"messages":[{"_id":"a","sessionId":"x"},{"_id":"b","sessionId":"y"},{"_id":"a","sessionId":"x"}]}`)
	})
	got := gather(s.client(t).Messages(t.Context(), api.MessageQuery{Sessions: api.ListIDs("x")}, api.Person))
	if got.err != nil || len(got.items) != 1 || got.items[0].ID != "a" {
		t.Errorf("%v %+v", got.err, got.items)
	}
}

func TestUserMessages(t *testing.T) {
	s := from(t, "messages-lite.json")
	q := api.UserQuery{User: "u-5d2e7c10-90ab-5f34-8c61-3e7d9b0a2f45", Window: october()}
	got := gather(s.client(t).UserMessages(t.Context(), q, api.Person))
	if got.err != nil || len(got.items) != 1 || got.items[0].ChannelID != "pat@example.test" || got.items[0].Channel != "rtm" {
		t.Errorf("%v %+v", got.err, got.items)
	}
	if b := s.all()[0].body; b["userId"] != string(q.User) || b["limit"] != float64(1000) {
		t.Errorf("asked for %v", b)
	}
}
