package cache

import (
	"fmt"
	"testing"

	"korescope/api"
)

// A file from before model calls were named by their whole content opens, keeps
// its calls with their payloads, and has the window read again: rows that were
// taken for one may be missing.
func TestCallsOfAnOlderFileGetTheirNames(t *testing.T) {
	c := newClock()
	o := options(t, c)
	steps, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	o.steps = steps[:callStep-1]
	s := mustOpen(t, o)
	raws := map[string]string{
		"0123456789abcdef01234567": `{"start Date":"2025-10-17T02:03:04.900Z","User ID":"u","Payload Details":{"Request Payload":{"a":1}}}`,
		"89abcdef0123456701234567": `{"User ID":"u","start Date":"2025-10-17T02:03:04.900Z"}`,
		"row-abcdef":               `"not an object"`,
		"kept":                     "",
	}
	rid := 0
	err = s.write(t.Context(), "old", func(c *conn) error {
		for id, raw := range raws {
			rid++
			if err := c.exec(`INSERT INTO call (rid, id, session, joined, bot, user, at, start, status, feature, prompt, integration,
				model, channel, task, description, finish, problem, unreadable, fetched)
				VALUES (?, ?, '', '', '', 'u', ?, ?, '', '', '', '', '', '', '', '', '', '', '', ?)`,
				rid, id, noon().UnixMilli(), noon().UnixMilli(), noon().UnixMilli()); err != nil {
				return err
			}
			if raw == "" {
				continue
			}
			if err := c.exec("INSERT INTO call_raw (rid, raw) VALUES (?, ?)", rid, []byte(raw)); err != nil {
				return err
			}
		}
		return c.exec(`INSERT INTO covered (what, "from", "to", settled, at) VALUES ('calls', 0, 9, 9, ?), ('sessions', 0, 9, 9, ?)`, noon().UnixMilli(), noon().UnixMilli())
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	o.steps = nil
	s = mustOpen(t, o)
	for id, raw := range raws {
		want := api.CallID(id)
		if raw != "" {
			want = api.IdentifyCall([]byte(raw), 0)
		}
		a, err := Calls(s).Cached(t.Context(), want)
		if err != nil || string(a.Value.Raw) != raw {
			t.Errorf("%s: %v, %s", id, err, a.Value.Raw)
		}
	}
	var calls, sessions int64
	if err := s.read(t.Context(), "look", func(c *conn) (err error) {
		if calls, err = c.number("SELECT count(*) FROM covered WHERE what = 'calls'"); err != nil {
			return err
		}
		sessions, err = c.number("SELECT count(*) FROM covered WHERE what = 'sessions'")
		return err
	}); err != nil || calls != 0 || sessions != 1 {
		t.Errorf("%d spans of calls, %d of sessions, %v", calls, sessions, err)
	}
	// The row comes again: still one call.
	row := api.LLMCall{ID: api.IdentifyCall([]byte(raws["0123456789abcdef01234567"]), 0), User: "u", Start: noon(), Raw: []byte(raws["0123456789abcdef01234567"])}
	err = s.write(t.Context(), "again", func(c *conn) error { return putCalls(c, []api.LLMCall{row}, api.Last(1e9, noon()), false, noon()) })
	if err != nil {
		t.Fatal(err)
	}
	a, err := LLM(s, nil, Offline).Cached(t.Context(), api.LLMQuery{Window: api.Between(noon().Add(-1e9), noon().Add(1e9))})
	if err != nil || len(a.Value) != len(raws) {
		t.Errorf("%d calls, %v", len(a.Value), err)
	}
}

// What a question finds by itself, what it takes from others, what it leaves.
func TestQuestionsForCalls(t *testing.T) {
	dev := api.LLMQuery{Developer: true}
	user := api.LLMQuery{User: "u-1"}
	for name, c := range map[string]struct {
		q    api.LLMQuery
		want []string
	}{
		"all":              {api.LLMQuery{}, []string{"calls"}},
		"with developers":  {dev, []string{"calls\x1fdev"}},
		"of a user":        {user, []string{"calls\x1fuser=u-1", "calls"}},
		"of a channel":     {api.LLMQuery{Channel: "rtm", Developer: true}, []string{"calls\x1fdev\x1fchannel=rtm", "calls\x1fdev"}},
		"by a shown name":  {api.LLMQuery{Feature: "Agent Node"}, []string{"calls"}},
		"by a hidden name": {api.LLMQuery{Feature: "dynamicEntity"}, nil},
		"at the channel":   {api.LLMQuery{User: "pat@example.test"}, nil},
	} {
		var got []string
		for _, q := range callsQuestion(c.q).sources() {
			got = append(got, q.name())
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Calls that only a question for developers' calls found stay out of the others.
func TestDevelopersCallsStayApart(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	one, two := callAt(1, noon(), "a", "b"), callAt(2, noon(), "c", "d")
	put := func(dev bool, rows ...api.LLMCall) {
		if err := s.write(t.Context(), "put", func(c *conn) error { return putCalls(c, rows, api.Window{}, dev, noon()) }); err != nil {
			t.Fatal(err)
		}
	}
	list := func(dev bool) int {
		n := 0
		if err := s.read(t.Context(), "list", func(c *conn) error {
			rows, err := listCalls(c, api.LLMQuery{Window: api.Between(noon().Add(-1e9), noon().Add(1e9)), Developer: dev}, 0)
			n = len(rows)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	put(false, one)
	put(true, one, two)
	if list(false) != 1 || list(true) != 2 {
		t.Errorf("%d without, %d with", list(false), list(true))
	}
	put(false, two)
	if list(false) != 2 {
		t.Error("what a plain question finds is no developer's only")
	}
}
