package cache

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/verdict"
)

// talk is a closed session with n messages in the world and the cache.
func talk(t *testing.T, s *Store, w *world, n int, open bool) api.Session {
	t.Helper()
	row := sessionAt(at(-90), 1, open)
	row.Messages = api.Known(n)
	w.sessions = []api.Session{row}
	last(t, Sessions(s, w, Normal).Refresh(t.Context(), api.SessionQuery{Window: api.Between(at(-900), at(-30))}, api.Person))
	for i := range n {
		from := api.FromUser
		if i%2 == 1 {
			from = api.FromBot
		}
		w.messages = append(w.messages, messageAt(row.ID, i, row.Start.Add(time.Duration(i)*time.Second), from, "line "+string(rune('a'+i))))
	}
	return row
}

func TestClosedTranscriptIsReadOnce(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{page: 3}
	row := talk(t, s, w, 8, false)
	r := Messages(s, w, Normal)
	q := api.MessageQuery{Sessions: api.ListIDs(row.ID)}
	if _, err := r.Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Fatalf("empty: %v", err)
	}
	out := all(t, r.Refresh(t.Context(), q, api.Person))
	if len(out) != 4 || len(out[0].answer.Value) != 3 || !out[0].answer.Partial {
		t.Fatalf("%d answers, first %d rows, partial %v", len(out), len(out[0].answer.Value), out[0].answer.Partial)
	}
	end := out[3].answer
	if !end.Done || end.Partial || !end.Fresh || !reflect.DeepEqual(end.Value, w.messages) {
		t.Errorf("end: done %v partial %v fresh %v, %d rows", end.Done, end.Partial, end.Fresh, len(end.Value))
	}
	if want := api.Between(row.Start, row.End); w.askedMsg[0].Window != want {
		t.Errorf("window %v, want the session's %v", w.askedMsg[0].Window, want)
	}
	c.move(50 * time.Hour)
	w.askedMsg = nil
	a := last(t, r.Refresh(t.Context(), q, api.Person))
	if len(w.askedMsg) != 0 || !a.Fresh || a.Partial || a.Origin != api.FromDisk {
		t.Errorf("%d requests, fresh %v, partial %v, origin %v", len(w.askedMsg), a.Fresh, a.Partial, a.Origin)
	}
	cached, err := r.Cached(t.Context(), q)
	if err != nil || !reflect.DeepEqual(cached.Value, w.messages) || !cached.Fresh || !cached.At.Equal(noon()) {
		t.Errorf("cached: %v, fresh %v, at %v", err, cached.Fresh, cached.At)
	}
}

func TestOpenTranscriptIsReadAgain(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{}
	row := talk(t, s, w, 2, true)
	r := Messages(s, w, Normal)
	q := api.MessageQuery{Sessions: api.ListIDs(row.ID)}
	last(t, r.Refresh(t.Context(), q, api.Person))
	if a, err := r.Cached(t.Context(), q); err != nil || !a.Fresh {
		t.Errorf("just read: fresh %v, %v", a.Fresh, err)
	}
	c.move(21 * time.Second)
	if a, err := r.Cached(t.Context(), q); err != nil || a.Fresh || a.Partial {
		t.Errorf("21 s later: fresh %v, partial %v, %v", a.Fresh, a.Partial, err)
	}
	w.messages = append(w.messages, messageAt(row.ID, 9, c.Now(), api.FromBot, "more"))
	if a := last(t, r.Refresh(t.Context(), q, api.Person)); len(a.Value) != 3 || len(w.askedMsg) != 2 {
		t.Errorf("%d rows, %d requests", len(a.Value), len(w.askedMsg))
	}
	if !w.askedMsg[1].Window.To.Equal(c.Now()) {
		t.Errorf("an open session is asked until now, not %v", w.askedMsg[1].Window)
	}
}

func TestOnlyLooseTranscriptsAreAsked(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{}
	row := talk(t, s, w, 2, false)
	r := Messages(s, w, Normal)
	last(t, r.Refresh(t.Context(), api.MessageQuery{Sessions: api.ListIDs(row.ID)}, api.Person))
	other := api.SessionID("68f1a3d04c7e2b9a5d10e3f7")
	w.messages = append(w.messages, messageAt(other, 1, at(-5), api.FromUser, "hello"))
	both := api.MessageQuery{Sessions: api.ListIDs(row.ID, other)}
	if a, err := r.Cached(t.Context(), both); err != nil || !a.Partial || a.Fresh || len(a.Value) != 2 {
		t.Errorf("cached: %d rows, partial %v, %v", len(a.Value), a.Partial, err)
	}
	a := last(t, r.Refresh(t.Context(), both, api.Person))
	if w.askedMsg[1].Sessions != api.ListIDs(other) || len(a.Value) != 3 || a.Partial {
		t.Errorf("asked %q, %d rows, partial %v", w.askedMsg[1].Sessions, len(a.Value), a.Partial)
	}
}

func TestBrokenOffTranscriptStaysPartial(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{page: 2, failAfter: 1, failure: &api.Error{Kind: api.Limited}}
	row := talk(t, s, &world{}, 0, false)
	for i := range 5 {
		w.messages = append(w.messages, messageAt(row.ID, i, row.Start.Add(time.Duration(i)*time.Second), api.FromUser, "x"))
	}
	r := Messages(s, w, Normal)
	q := api.MessageQuery{Sessions: api.ListIDs(row.ID)}
	out := all(t, r.Refresh(t.Context(), q, api.Person))
	end := out[len(out)-1]
	if api.KindOf(end.err) != api.Limited || len(end.answer.Value) != 2 || !end.answer.Partial {
		t.Errorf("end: %v, %d rows, partial %v", end.err, len(end.answer.Value), end.answer.Partial)
	}
	a, err := r.Cached(t.Context(), q)
	if err != nil || len(a.Value) != 2 || !a.Partial || a.Fresh || a.Note == "" {
		t.Errorf("cached: %d rows, partial %v, note %q, %v", len(a.Value), a.Partial, a.Note, err)
	}
}

func TestTails(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{}
	row := talk(t, s, w, 4, false)
	of := []api.Session{row, {ID: "68f1a3d04c7e2b9a5d10e3f7", Start: row.Start}}
	tails, err := s.Tails(t.Context(), of, nil)
	if err != nil || len(tails) != 0 {
		t.Fatalf("nothing read: %v, %v", tails, err)
	}
	last(t, Messages(s, w, Normal).Refresh(t.Context(), api.MessageQuery{Sessions: api.ListIDs(row.ID)}, api.Person))
	tails, err = s.Tails(t.Context(), of, nil)
	got := tails[row.ID]
	if err != nil || len(tails) != 1 || got.User != "line c" || got.Bot != "line d" || !got.At.Equal(row.Start.Add(3*time.Second)) || !got.Complete {
		t.Errorf("%+v, %v", tails, err)
	}
	if got.Why.Fault() || got.Why.Read != verdict.Messages {
		t.Errorf("the messages alone tell %+v", got.Why)
	}
}

// A verdict rests on everything that is on disk, and says what that is.
func TestTailsTellWhy(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{}
	row := talk(t, s, w, 4, false)
	names := func(v api.Session, _ []api.Message) []api.LogQuery {
		return []api.LogQuery{{Identity: "u-9", Channel: "rtm", Window: api.Between(v.Start.Add(-time.Minute), v.End.Add(time.Minute))}}
	}
	why := func() verdict.Verdict {
		t.Helper()
		tails, err := s.Tails(t.Context(), []api.Session{row}, names)
		if err != nil {
			t.Fatal(err)
		}
		return tails[row.ID].Why
	}
	cut := callAt(1, row.Start.Add(2*time.Second), "x", "y")
	cut.Session, cut.Problem = row.ID, "cut at 9 tokens"
	told := callAt(2, row.Start.Add(3*time.Second), "x", "y")
	told.User = row.User
	told.Request = json.RawMessage(`{"messages":[{"role":"tool","name":"Find","content":"{\"error\":\"ETIMEDOUT\"}"}]}`)
	told.Raw, _ = json.Marshal(map[string]json.RawMessage{"Request Payload": told.Request})
	stranger := callAt(3, row.Start.Add(2*time.Second), "x", "y")
	stranger.User, stranger.Problem = "somebody else", "refused"
	w.calls = []api.LLMCall{cut, told, stranger}
	last(t, LLM(s, w, Normal).Refresh(t.Context(), api.LLMQuery{Window: api.Between(at(-900), at(-30))}, api.Person))
	if got := why(); got.Text() != "answer cut at 9 tokens > Find timed out" || got.Read != verdict.Calls {
		t.Errorf("the calls alone tell %q of %v", got.Text(), got.Read)
	}
	last(t, Messages(s, w, Normal).Refresh(t.Context(), api.MessageQuery{Sessions: api.ListIDs(row.ID)}, api.Person))
	err := s.write(t.Context(), "put lines", func(cn *conn) error {
		line := api.DebugLine{ID: "l", Time: row.Start.Add(time.Second), Level: "error", Title: "Pay", Message: "service failed with 502", Identity: "u-9"}
		ask := question{line: lineQuestion{identity: "u-9", channel: "rtm"}}
		if err := putLines(cn, ask.line, []api.DebugLine{line}, 1, c.Now()); err != nil {
			return err
		}
		return recordSpan(cn, ask, api.Between(at(-900), at(-30)), c.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := why(); got.Text() != "Pay failed (502) > answer cut at 9 tokens > Find timed out" || got.Read != verdict.Messages|verdict.Calls|verdict.Lines {
		t.Errorf("all tells %q of %v", got.Text(), got.Read)
	}
}

func TestModelCalls(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{page: 2}
	for i := range 5 {
		w.calls = append(w.calls, callAt(i, at(-60-i), "prompt", "answer"))
	}
	nested := callAt(7, at(-200), "other", "x")
	nested.Request = json.RawMessage(`{"not":"inside raw"}`)
	nested.Response = nil
	w.calls = append(w.calls, nested)
	r := LLM(s, w, Normal)
	q := api.LLMQuery{Window: api.Between(at(-300), at(-10))}
	out := all(t, r.Refresh(t.Context(), q, api.Person))
	end := out[len(out)-1].answer
	if len(out) != 4 || len(end.Value) != 6 || !end.Done || !end.Fresh || end.Partial {
		t.Fatalf("%d answers, %d rows, fresh %v, partial %v", len(out), len(end.Value), end.Fresh, end.Partial)
	}
	c.move(time.Hour)
	again := last(t, r.Refresh(t.Context(), q, api.Person))
	if len(w.askedLLM) != 1 || len(again.Value) != 6 {
		t.Errorf("%d requests for a settled window", len(w.askedLLM))
	}
	for i, l := range again.Value {
		if l.Raw != nil || l.Request != nil || l.Response != nil {
			t.Errorf("row %d carries payloads", i)
		}
	}
	for _, want := range w.calls {
		a, err := Calls(s).Cached(t.Context(), want.ID)
		if err != nil || !reflect.DeepEqual(a.Value, want) {
			t.Errorf("call %s: %v\n%+v\nwant\n%+v", want.ID, err, a.Value, want)
		}
	}
	if _, err := Calls(s).Cached(t.Context(), "nobody"); api.KindOf(err) != api.NotCached {
		t.Errorf("unknown call: %v", err)
	}
	got := last(t, Calls(s).Refresh(t.Context(), nested.ID, api.Person))
	if string(got.Value.Request) != string(nested.Request) {
		t.Errorf("request %s", got.Value.Request)
	}
}

func TestCallsSettleAfterThreeMinutes(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	w := &world{calls: []api.LLMCall{callAt(1, at(-60), "p", "a")}}
	r := LLM(s, w, Normal)
	q := api.LLMQuery{Window: api.Between(at(-120), at(0))}
	last(t, r.Refresh(t.Context(), q, api.Person))
	c.move(2 * time.Minute)
	w.calls = append(w.calls, callAt(2, at(-1), "late", "row"))
	a := last(t, r.Refresh(t.Context(), q, api.Person))
	if len(a.Value) != 2 || len(w.askedLLM) != 2 {
		t.Errorf("%d rows, %d requests", len(a.Value), len(w.askedLLM))
	}
	c.move(2 * time.Minute)
	last(t, r.Refresh(t.Context(), q, api.Person))
	if len(w.askedLLM) != 3 {
		t.Errorf("%d requests", len(w.askedLLM))
	}
	last(t, r.Refresh(t.Context(), q, api.Person))
	if len(w.askedLLM) != 3 {
		t.Errorf("settled now, but %d requests", len(w.askedLLM))
	}
}

// What the list of sessions announced is compared with what came; a session that
// has messages and gave none is asked for once more by its id alone.
func TestMessagesThatWereAnnounced(t *testing.T) {
	for _, c := range []struct {
		name           string
		announced, has int
		bare           bool // they come without dates only
		requests, rows int
		note           string
	}{
		{"all", 3, 3, false, 1, 3, ""},
		{"more than announced", 2, 3, false, 1, 3, ""},
		{"some", 40, 12, false, 1, 12, "12 of about 40 messages"},
		{"none by dates", 3, 3, true, 2, 3, ""},
		{"none at all", 5, 0, false, 2, 0, "0 of about 5 messages"},
		{"none announced", 0, 0, false, 1, 0, ""},
	} {
		s := mustOpen(t, options(t, newClock()))
		w := &world{}
		row := talk(t, s, w, c.announced, false)
		w.messages, w.bareOnly = nil, c.bare
		for i := range c.has {
			w.messages = append(w.messages, messageAt(row.ID, i, row.Start.Add(time.Duration(i)*time.Second), api.FromBot, "x"))
		}
		r := Messages(s, w, Normal)
		q := api.MessageQuery{Sessions: api.ListIDs(row.ID)}
		a := last(t, r.Refresh(t.Context(), q, api.Person))
		if len(w.askedMsg) != c.requests || len(a.Value) != c.rows || a.Note != c.note || a.Partial != (c.note != "") {
			t.Errorf("%s: %d requests, %d rows, partial %v, %q", c.name, len(w.askedMsg), len(a.Value), a.Partial, a.Note)
		}
		if last := w.askedMsg[len(w.askedMsg)-1]; last.Bare != (c.requests == 2) || last.Bare && !last.Window.Zero() {
			t.Errorf("%s: asked last %+v", c.name, last)
		}
		if cached, err := r.Cached(t.Context(), q); err != nil || cached.Note != c.note || cached.Partial != a.Partial || !cached.Fresh {
			t.Errorf("%s: cached partial %v, %q, %v", c.name, cached.Partial, cached.Note, err)
		}
	}
}
