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

func TestNamedSessionsAreAskedForInFifties(t *testing.T) {
	now := newClock().Now()
	var ids []api.SessionID
	for i := range 120 {
		ids = append(ids, api.SessionID(objectID(now.Add(-time.Duration(i)*time.Minute), i)))
	}
	absent := ids[7]
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		var rows, invalid []string
		for _, id := range a.body["sessionId"].([]any) {
			if id == string(absent) {
				invalid = append(invalid, fmt.Sprintf("%q", id))
				continue
			}
			rows = append(rows, fmt.Sprintf(`{"sessionId":%q}`, id))
		}
		answerJSON(w, 200, fmt.Sprintf(`{"total":1,"moreAvailable":true,"sessions":[%s],"invalidSessions":[%s]}`, strings.Join(rows, ","), strings.Join(invalid, ",")))
	})
	got := gather(s.client(t).Sessions(t.Context(), api.SessionQuery{IDs: api.ListIDs(ids...), Containment: api.Agent, User: "u", Limit: 1}, api.Person))
	if got.err != nil || len(got.items) != 119 || !slices.Equal(got.unknown, []api.SessionID{absent}) || s.count() != 3 {
		t.Errorf("%d rows in %d requests, unknown %v, %v", len(got.items), s.count(), got.unknown, got.err)
	}
	for _, a := range s.all() {
		if len(a.body["sessionId"].([]any)) > 50 || a.body["dateFrom"] == nil || a.query != "" || a.body["userId"] != nil {
			t.Errorf("asked for %v with %q", a.body, a.query)
		}
	}
}

func TestNamedSessionsOfAllTimes(t *testing.T) {
	now := newClock().Now()
	ids := []api.SessionID{"an-id-of-another-shape"}
	for i := range 10 {
		ids = append(ids, api.SessionID(objectID(now.Add(-time.Duration(i)*30*24*time.Hour), i)))
	}
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		if from, ok := a.body["dateFrom"].(string); ok {
			f, _ := time.Parse(time.RFC3339, from)
			to, _ := time.Parse(time.RFC3339, a.body["dateTo"].(string))
			if to.Sub(f) >= 7*24*time.Hour {
				t.Errorf("asked from %v to %v", f, to)
			}
		}
		answerJSON(w, 200, emptySessions)
	})
	got := gather(s.client(t).Sessions(t.Context(), api.SessionQuery{IDs: api.ListIDs(ids...)}, api.Person))
	if got.err != nil || len(got.unknown) != 11 || s.count() != 11 {
		t.Errorf("%d requests, unknown %v, %v", s.count(), got.unknown, got.err)
	}
}

func TestAFailedPartOfNamedSessionsIsAGap(t *testing.T) {
	now := newClock().Now()
	ids := api.ListIDs(api.SessionID(objectID(now, 1)), api.SessionID(objectID(now.Add(-30*24*time.Hour), 2)))
	fail := 2
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		first := a.body["sessionId"].([]any)[0]
		if fail > 1 && first == string(ids.All()[1]) || fail > 2 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		answerJSON(w, 200, fmt.Sprintf(`{"sessions":[{"sessionId":%q}]}`, first))
	})
	got := gather(s.client(t).Sessions(t.Context(), api.SessionQuery{IDs: ids}, api.Person))
	if got.err != nil || len(got.items) != 1 || len(got.gaps) != 1 || len(got.unknown) != 0 {
		t.Errorf("%+v", got)
	}
	fail = 3
	if got := gather(s.client(t).Sessions(t.Context(), api.SessionQuery{IDs: ids}, api.Person)); api.KindOf(got.err) != api.Unavailable {
		t.Errorf("%+v", got)
	}
}

func TestAnAdminSeesOnlyTheChosenBot(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		answerJSON(w, 200, fmt.Sprintf(`{"sessions":[{"sessionId":"a","botId":%q},{"sessionId":"b","botId":"st-other"},{"sessionId":"c"}]}`, stubBot))
	})
	for _, c := range []struct {
		bot  api.BotID
		want int
	}{{stubBot, 2}, {"", 3}} {
		got := sessionsOf(s.client(t, func(o *Options) { o.Admin, o.Bot = true, c.bot }), day(s))
		if got.err != nil || len(got.items) != c.want {
			t.Errorf("bot %q: %d rows, %v", c.bot, len(got.items), got.err)
		}
	}
	for i, path := range []string{"/api/public/bot/" + string(stubBot) + "/getSessions", "/api/public/getSessions"} {
		if a := s.all()[i]; a.path != path {
			t.Errorf("asked %s", a.path)
		}
	}
	c := s.client(t, func(o *Options) { o.Admin, o.Bot = true, "" })
	got := gather(c.Messages(t.Context(), api.MessageQuery{Sessions: api.ListIDs("a")}, api.Person))
	if api.KindOf(got.err) != api.Misuse {
		t.Errorf("messages of no bot: %v", got.err)
	}
}

// An admin credential with a bot asks the bot's path; where that is refused or
// not known it asks the account's, and remembers. Rows asked for by id come
// whatever bot they are of.
func TestAnAdminAsksTheBotFirst(t *testing.T) {
	for _, status := range []int{401, 405} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
			if a.path != "/api/public/getSessions" {
				answerJSON(w, status, `{"errors":[{"msg":"no","code":4002}]}`)
				return
			}
			answerJSON(w, 200, fmt.Sprintf(`{"sessions":[{"sessionId":"a","botId":%q},{"sessionId":"b","botId":"st-other"}]}`, stubBot))
		})
		c := s.client(t, func(o *Options) { o.Admin = true })
		for i, want := range []int{2, 1, 1} {
			before := s.count()
			if got := sessionsOf(c, day(s)); got.err != nil || len(got.items) != 1 || s.count()-before != want {
				t.Errorf("%d, reading %d: %d rows, %v after %d requests", status, i, len(got.items), got.err, s.count()-before)
			}
		}
		named := gather(c.Sessions(t.Context(), api.SessionQuery{IDs: api.ListIDs("a", "b")}, api.Person))
		if len(named.items) != 2 || named.items[1].Bot != "st-other" {
			t.Errorf("%d: by id %+v", status, named.items)
		}
	}
}

func TestFiltersOfTheQuery(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		answerJSON(w, 200, `{"sessions":[{"sessionId":"a","containmentType":"dropoff"},{"sessionId":"b","containmentType":"agent"},{"sessionId":"c","sessionStatus":"active"}]}`)
	})
	q := api.SessionQuery{Window: day(s), Containment: api.DropOff, User: "pat@example.test", CallID: "call 1/2"}
	got := gather(s.client(t).Sessions(t.Context(), q, api.Person))
	if got.err != nil || len(got.items) != 2 {
		t.Errorf("%+v", got)
	}
	a := s.all()[0]
	if a.query != "callId=call+1%2F2&containmentType=dropOff" || a.body["userId"] != "pat@example.test" {
		t.Errorf("asked %q %v", a.query, a.body)
	}
	if _, sent := a.body["sessionId"]; sent {
		t.Error("an empty list of ids was sent")
	}
}
