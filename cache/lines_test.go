package cache

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"testing"
	"time"

	"korescope/api"
)

// logbook is a platform with debug lines and billed sessions.
type logbook struct {
	world
	lines []api.DebugLine
	bills []api.BilledSession

	hidden     bool // only details name the session
	askedLines []api.LogQuery
	askedBills []api.BilledQuery
}

func (b *logbook) DebugLogs(_ context.Context, q api.LogQuery, _ api.Lane) iter.Seq2[api.Page[api.DebugLine], error] {
	b.askedLines = append(b.askedLines, q)
	var rows []api.DebugLine
	for _, l := range b.lines {
		if l.Identity == q.Identity && (q.Window.Zero() || q.Window.Holds(l.Time)) {
			if !q.Detail {
				if l = brief(l); b.hidden {
					l.Session = ""
				}
			}
			rows = append(rows, l)
		}
	}
	if q.Limit > 0 {
		rows = rows[max(0, len(rows)-q.Limit):]
	}
	size := b.page
	if size == 0 {
		size = 50
	}
	return func(yield func(api.Page[api.DebugLine], error) bool) {
		n := 0
		for chunk := range slices.Chunk(rows, size) {
			if n++; b.failure != nil && n > b.failAfter {
				break
			}
			if !yield(api.Page[api.DebugLine]{Items: chunk, More: n*size < len(rows)}, nil) {
				return
			}
		}
		if b.failure != nil {
			yield(api.Page[api.DebugLine]{}, b.failure)
		}
	}
}

func (b *logbook) Billed(_ context.Context, q api.BilledQuery, _ api.Lane) iter.Seq2[api.Page[api.BilledSession], error] {
	b.askedBills = append(b.askedBills, q)
	var rows []api.BilledSession
	for _, r := range b.bills {
		if r.Start.IsZero() || q.Window.Holds(r.Start) {
			rows = append(rows, r)
		}
	}
	if q.Limit > 0 && len(rows) > q.Limit {
		rows = rows[:q.Limit]
	}
	return pages(&b.world, rows, q.Window, func(r api.BilledSession) time.Time { return r.Start })
}

func lineAt(n int, at time.Time, message string) api.DebugLine {
	id := fmt.Sprintf("line-%d", n)
	return api.DebugLine{
		ID: id, Time: at, Level: "info", Title: "AskOrder", Message: message,
		Detail:  json.RawMessage(`"{\"title\":\"hidden\",\"number\":\"` + fmt.Sprint("deep", n) + `\"}"`),
		Channel: "rtm", Identity: "u-1", Session: "68f1a3d04c7e2b9a5d10e3f7",
		Raw: json.RawMessage(`{"id":"` + id + `","debugDetail":"..."}`),
	}
}

// brief is a line as it comes when no detail is asked for.
func brief(l api.DebugLine) api.DebugLine {
	l.Detail, l.Raw = nil, json.RawMessage(`{"id":"`+l.ID+`"}`)
	return l
}

func TestOverWindowOfLinesIsReadOnce(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	b := &logbook{}
	b.page = 3
	var want []api.DebugLine
	for i := range 8 {
		b.lines = append(b.lines, lineAt(i, at(-60).Add(time.Duration(i/3)*time.Millisecond), "step"))
		want = append(want, brief(b.lines[i]))
	}
	r := DebugLogs(s, b, Normal)
	q := api.LogQuery{Identity: "u-1", Window: api.Between(at(-90), at(-30))}
	if _, err := r.Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Fatalf("empty: %v", err)
	}
	out := all(t, r.Refresh(t.Context(), q, api.Person))
	if len(out) != 4 || len(out[0].answer.Value) != 3 || !out[0].answer.Partial || out[0].answer.Done {
		t.Fatalf("%d answers, first %d rows, partial %v", len(out), len(out[0].answer.Value), out[0].answer.Partial)
	}
	end := out[3].answer
	if !end.Done || end.Partial || !end.Fresh || end.Origin != api.FromNetwork || !reflect.DeepEqual(end.Value, want) {
		t.Errorf("end: %+v", end)
	}
	c.move(50 * time.Hour)
	a := last(t, r.Refresh(t.Context(), q, api.Person))
	if len(b.askedLines) != 1 || !reflect.DeepEqual(a.Value, want) {
		t.Errorf("%d requests, %d rows", len(b.askedLines), len(a.Value))
	}
	cached, err := r.Cached(t.Context(), q)
	if err != nil || !reflect.DeepEqual(cached.Value, want) || !cached.Fresh || cached.Partial || !cached.At.Equal(noon()) || cached.Origin != api.FromDisk {
		t.Errorf("cached: %+v, %v", cached, err)
	}
	if a := last(t, DebugLogs(s, nil, Offline).Refresh(t.Context(), q, api.Person)); !reflect.DeepEqual(a.Value, want) {
		t.Errorf("offline: %d rows", len(a.Value))
	}
	if _, err := DebugLogs(s, b, Fresh).Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
		t.Errorf("fresh: %v", err)
	}
	if last(t, DebugLogs(s, b, Fresh).Refresh(t.Context(), q, api.Person)); len(b.askedLines) != 2 {
		t.Errorf("%d requests", len(b.askedLines))
	}
}

func TestLinesThatThePlatformForgotStay(t *testing.T) {
	c := newClock()
	o := options(t, c)
	o.Retention = 20 * 24 * time.Hour
	s := mustOpen(t, o)
	b := &logbook{lines: []api.DebugLine{lineAt(1, at(-60), "first"), lineAt(2, at(-10), "second")}}
	r := DebugLogs(s, b, Normal)
	everything := api.LogQuery{Identity: "u-1"}
	last(t, r.Refresh(t.Context(), everything, api.Person))
	if !b.askedLines[0].Window.Zero() {
		t.Errorf("asked %v, not for all that is kept", b.askedLines[0].Window)
	}
	c.move(8 * 24 * time.Hour)
	b.lines = []api.DebugLine{lineAt(3, c.Now().Add(-time.Hour), "third")}
	a := last(t, r.Refresh(t.Context(), everything, api.Person))
	if len(a.Value) != 3 || a.Value[0].Message != "first" || a.Value[2].Message != "third" || a.Partial {
		t.Errorf("%+v", a)
	}
	old := api.LogQuery{Identity: "u-1", Window: api.Between(at(-120), at(-30))}
	cached, err := r.Cached(t.Context(), old)
	if err != nil || len(cached.Value) != 1 || cached.Partial || cached.Note == "" {
		t.Errorf("a window of 8 days ago: %+v, %v", cached, err)
	}
}

func TestOnlyNewLinesAreAskedFor(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	b := &logbook{lines: []api.DebugLine{lineAt(1, at(-60), "first"), lineAt(2, at(-1), "second")}}
	r := DebugLogs(s, b, Normal)
	q := api.LogQuery{Identity: "u-1", Window: api.Between(at(-90), at(90))}
	if a := last(t, r.Refresh(t.Context(), q, api.Person)); !a.Fresh || a.Partial {
		t.Errorf("just read: fresh %v, partial %v", a.Fresh, a.Partial)
	}
	c.move(30 * time.Minute)
	if a, err := r.Cached(t.Context(), q); err != nil || a.Fresh || !a.Partial || !a.Covered.To.Equal(noon()) {
		t.Errorf("later: %+v, %v", a, err)
	}
	b.lines = append(b.lines, lineAt(3, at(20), "third"))
	a := last(t, r.Refresh(t.Context(), q, api.Person))
	if from := b.askedLines[1].Window.From; len(a.Value) != 3 || !from.Equal(at(-3)) {
		t.Errorf("%d rows, asked from %s", len(a.Value), from)
	}
	if len(b.askedLines) != 2 {
		t.Errorf("%d requests", len(b.askedLines))
	}
}

func TestIdentitiesAndChannelsAreApart(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	b := &logbook{lines: []api.DebugLine{lineAt(1, at(-60), "mine")}}
	r := DebugLogs(s, b, Normal)
	w := api.Between(at(-90), at(-30))
	last(t, r.Refresh(t.Context(), api.LogQuery{Identity: "u-1", Window: w}, api.Person))
	for _, q := range []api.LogQuery{{Identity: "u-2", Window: w}, {Identity: "u-1", Channel: "sms", Window: w}, {Window: w}} {
		if a, err := r.Cached(t.Context(), q); api.KindOf(err) != api.NotCached {
			t.Errorf("%+v: %d rows, %v", q, len(a.Value), err)
		}
	}
	if a, err := r.Cached(t.Context(), api.LogQuery{Identity: "u-1", Channel: "rtm", Window: w}); err != nil || len(a.Value) != 1 || a.Partial {
		t.Errorf("the channel taken when none is named: %d rows, %v", len(a.Value), err)
	}
}

func TestDetailsAreReadOnceAndKept(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	b := &logbook{lines: []api.DebugLine{lineAt(1, at(-60), "one"), lineAt(2, at(-1), "two")}}
	b.hidden = true
	r := DebugLogs(s, b, Normal)
	plain := api.LogQuery{Identity: "u-1", Window: api.Between(at(-90), at(90))}
	detailed := plain
	detailed.Detail = true
	last(t, r.Refresh(t.Context(), plain, api.Person))
	if a, err := r.Cached(t.Context(), detailed); err != nil || !a.Partial || a.Fresh || len(a.Value) != 2 || a.Value[0].Detail != nil {
		t.Errorf("not asked for yet: %+v, %v", a, err)
	}
	a := last(t, r.Refresh(t.Context(), detailed, api.Person))
	if !reflect.DeepEqual(a.Value, b.lines) || a.Partial {
		t.Errorf("detailed: %+v", a)
	}
	c.move(time.Minute)
	// Without details, over the same lines.
	a = last(t, r.Refresh(t.Context(), plain, api.Person))
	if !reflect.DeepEqual(a.Value, b.lines) {
		t.Errorf("lost a detail: %+v", a.Value)
	}
	if cached, err := r.Cached(t.Context(), plain); err != nil || !reflect.DeepEqual(cached.Value, b.lines) {
		t.Errorf("lost a detail on disk: %+v, %v", cached.Value, err)
	}
	early := api.LogQuery{Identity: "u-1", Window: api.Between(at(-300), at(-200)), Detail: true}
	last(t, r.Refresh(t.Context(), early, api.Person))
	early.Detail = false
	if a, err := r.Cached(t.Context(), early); err != nil || a.Partial || !a.Fresh {
		t.Errorf("read with details, asked without: %+v, %v", a, err)
	}
	hits, err := s.Find(t.Context(), FindQuery{Text: "deep2"})
	if err != nil || len(hits) != 1 || hits[0].ID != "line-2" {
		t.Errorf("find in a detail: %+v, %v", hits, err)
	}
}

func TestLinesComeBackAsTheyWere(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	full := lineAt(1, at(-60), "full")
	bare := api.DebugLine{ID: "line-2", Identity: "u-1", Time: at(-50)}
	broken := api.DebugLine{Identity: "u-1", Unreadable: "timestamp is a list", Raw: json.RawMessage(`{"timestamp":[]}`)}
	src := lineList{{broken, full, bare}}
	r := DebugLogs(s, src, Normal)
	q := api.LogQuery{Identity: "u-1", Window: api.Between(at(-90), at(-30)), Detail: true}
	live := last(t, r.Refresh(t.Context(), q, api.Person))
	a, err := r.Cached(t.Context(), q)
	want := []api.DebugLine{broken, full, bare}
	if err != nil || !reflect.DeepEqual(a.Value, want) || !reflect.DeepEqual(live.Value, want) {
		t.Errorf("cached %+v\nlive %+v\nwant %+v, %v", a.Value, live.Value, want, err)
	}
}

// lineList gives its pages whatever is asked.
type lineList [][]api.DebugLine

func (p lineList) DebugLogs(context.Context, api.LogQuery, api.Lane) iter.Seq2[api.Page[api.DebugLine], error] {
	return func(yield func(api.Page[api.DebugLine], error) bool) {
		for i, rows := range p {
			if !yield(api.Page[api.DebugLine]{Items: rows, More: i < len(p)-1}, nil) {
				return
			}
		}
	}
}

func (lineList) Billed(context.Context, api.BilledQuery, api.Lane) iter.Seq2[api.Page[api.BilledSession], error] {
	return func(func(api.Page[api.BilledSession], error) bool) {}
}

func TestLinesOfOneMillisecondKeepTheirOrder(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	var rows, backwards []api.DebugLine
	for i := range 60 {
		rows = append(rows, brief(lineAt(i, at(-60).Add(time.Duration(i/20)*time.Millisecond), fmt.Sprint("step ", i))))
	}
	backwards = slices.Clone(rows)
	slices.Reverse(backwards)
	for name, src := range map[string]lineList{
		"in one page":   {rows},
		"in three":      {rows[:25], rows[25:45], rows[45:]},
		"newest first":  {backwards},
		"twice a piece": {rows[:30], rows[20:]},
		"disordered":    {slices.Concat(rows[20:40], rows[:20], rows[40:])},
	} {
		q := api.LogQuery{Identity: name, Window: api.Between(at(-90), at(-30))}
		a := last(t, DebugLogs(s, src, Normal).Refresh(t.Context(), q, api.Person))
		if !reflect.DeepEqual(a.Value, rows) {
			t.Errorf("%s: %+v", name, a.Value)
		}
		cached, err := DebugLogs(s, nil, Offline).Cached(t.Context(), q)
		if err != nil || !reflect.DeepEqual(cached.Value, rows) {
			t.Errorf("%s, from disk: %+v, %v", name, cached.Value, err)
		}
	}
}

func TestTheNewestLines(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	b := &logbook{}
	for i := range 20 {
		b.lines = append(b.lines, lineAt(i, at(-80+i), "step"))
	}
	r := DebugLogs(s, b, Normal)
	q := api.LogQuery{Identity: "u-1", Window: api.Between(at(-90), at(-30)), Limit: 5}
	a := last(t, r.Refresh(t.Context(), q, api.Person))
	if len(a.Value) != 5 || a.Value[0].ID != "line-15" || a.Value[4].ID != "line-19" || a.Partial || !a.Fresh {
		t.Errorf("%+v", a)
	}
	if cached, err := r.Cached(t.Context(), q); err != nil || !reflect.DeepEqual(cached.Value, a.Value) || cached.Partial {
		t.Errorf("cached: %+v, %v", cached, err)
	}
	if last(t, r.Refresh(t.Context(), q, api.Person)); len(b.askedLines) != 1 {
		t.Errorf("%d requests", len(b.askedLines))
	}
	q.Limit = 0
	if cached, err := r.Cached(t.Context(), q); err != nil || len(cached.Value) != 20 || cached.Partial {
		t.Errorf("all of them: %d rows, partial %v, %v", len(cached.Value), cached.Partial, err)
	}
}

func TestBrokenOffLinesAreKept(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	b := &logbook{lines: []api.DebugLine{lineAt(1, at(-60), "one"), lineAt(2, at(-50), "two"), lineAt(3, at(-40), "three")}}
	b.page, b.failAfter, b.failure = 2, 1, &api.Error{Kind: api.Limited}
	r := DebugLogs(s, b, Normal)
	q := api.LogQuery{Identity: "u-1", Window: api.Between(at(-90), at(-30))}
	out := all(t, r.Refresh(t.Context(), q, api.Person))
	end := out[len(out)-1]
	if api.KindOf(end.err) != api.Limited || len(end.answer.Value) != 2 || !end.answer.Partial || !end.answer.Done || end.answer.Fresh {
		t.Errorf("%+v", end)
	}
	if a, err := r.Cached(t.Context(), q); err != nil || len(a.Value) != 2 || !a.Partial {
		t.Errorf("cached: %+v, %v", a, err)
	}
	b.failure = nil
	if a := last(t, r.Refresh(t.Context(), q, api.Person)); len(a.Value) != 3 || a.Partial {
		t.Errorf("again: %+v", a)
	}
}

func TestFindInLines(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	b := &logbook{}
	for i := range 10 {
		b.lines = append(b.lines, lineAt(i, at(-60+2*i), "velvet line"))
	}
	last(t, DebugLogs(s, b, Normal).Refresh(t.Context(), api.LogQuery{Identity: "u-1", Window: api.Between(at(-90), at(-10))}, api.Person))
	for i := range 10 {
		keepMessages(t, s, messageAt("s1", i, at(-59+2*i), api.FromBot, "velvet message"))
	}
	keepCalls(t, s, callAt(1, at(-70), "velvet", "call"))
	whole, err := s.Find(t.Context(), FindQuery{Text: "velvet"})
	if err != nil || len(whole) != 21 || whole[0].Kind != HitMessage || whole[1].Kind != HitDebug {
		t.Fatalf("%d hits, %v", len(whole), err)
	}
	if h := whole[1]; h.ID != "line-9" || h.Session != "68f1a3d04c7e2b9a5d10e3f7" || !h.Time.Equal(at(-42)) || marked(h) != "AskOrder [velvet] line" {
		t.Errorf("%+v", h)
	}
	for i := range whole[1:] {
		if whole[i+1].Time.After(whole[i].Time) {
			t.Errorf("hit %d is newer than the one before", i+1)
		}
	}
	for size := 1; size <= 21; size++ {
		var paged []Hit
		var before Place
		for {
			page, err := s.Find(t.Context(), FindQuery{Text: "velvet", Limit: size, Before: before})
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			paged, before = append(paged, page...), page[len(page)-1].Place
		}
		if !reflect.DeepEqual(paged, whole) {
			t.Errorf("in pages of %d: %d hits of %d", size, len(paged), len(whole))
		}
	}
	for kind, want := range map[HitKind]int{HitDebug: 10, HitMessage: 10, HitCall: 1} {
		if hits, err := s.Find(t.Context(), FindQuery{Text: "velvet", Kind: kind}); err != nil || len(hits) != want || hits[0].Kind != kind {
			t.Errorf("%s: %d hits, %v", kind, len(hits), err)
		}
	}
}

func TestPlacesOfBothIndexes(t *testing.T) {
	for _, i := range indexes() {
		for rid := int64(1); rid < 6; rid++ {
			for _, j := range indexes() {
				for other := int64(1); other < 6; other++ {
					earlier := j.place(other) < i.place(rid)
					if got := other < j.before(i.place(rid)); got != earlier {
						t.Errorf("%s %d before %s %d: %v", j.table, other, i.table, rid, got)
					}
				}
			}
		}
	}
}
