package kore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"korescope/api"
)

// shelf is a platform's list of sessions that a test can move under a reader.
type shelf struct {
	rows   []shelved // newest first
	cap    int       // rows it sends at most, 0 for as many as asked
	rising bool
	asked  int
}

type shelved struct {
	id    string
	start time.Time
}

func objectID(at time.Time, n int) string { return fmt.Sprintf("%08x%016x", at.Unix(), n) }

func newShelf(n int, end time.Time, step time.Duration) *shelf {
	s := &shelf{}
	for i := range n {
		at := end.Add(-time.Duration(i+1) * step)
		s.rows = append(s.rows, shelved{objectID(at, i), at})
	}
	return s
}

func (s *shelf) page(a asked) (rows []shelved, more bool, total int) {
	s.asked++
	from, _ := time.Parse(time.RFC3339, a.body["dateFrom"].(string))
	to, _ := time.Parse(time.RFC3339, a.body["dateTo"].(string))
	var in []shelved
	for _, r := range s.rows {
		if !r.start.Before(from) && !r.start.After(to) {
			in = append(in, r)
		}
	}
	if s.rising {
		slices.Reverse(in)
	}
	limit := int(a.body["limit"].(float64))
	if s.cap > 0 {
		limit = min(limit, s.cap)
	}
	skip := min(int(a.body["skip"].(float64)), len(in))
	end := min(skip+limit, len(in))
	return in[skip:end], end < len(in), len(in)
}

func write(w http.ResponseWriter, rows []shelved, more any, total int) {
	list := []map[string]any{}
	for _, r := range rows {
		list = append(list, map[string]any{"sessionId": r.id, "start_time": stamp(r.start)})
	}
	body := map[string]any{"total": total, "sessions": list}
	if more != nil {
		body["moreAvailable"] = more
	}
	b, _ := json.Marshal(body)
	answerJSON(w, 200, string(b))
}

func (s *shelf) serve(t *testing.T) *stub {
	return serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		rows, more, total := s.page(a)
		write(w, rows, more, total)
	})
}

func checkAll(t interface{ Errorf(string, ...any) }, got []api.Session, want []shelved) {
	seen := map[string]int{}
	for _, s := range got {
		seen[string(s.ID)]++
	}
	missing, doubled := 0, 0
	for _, w := range want {
		if seen[w.id] == 0 {
			missing++
		}
	}
	for _, n := range seen {
		if n > 1 {
			doubled++
		}
	}
	if missing+doubled > 0 {
		t.Errorf("of %d rows %d are missing and %d doubled", len(want), missing, doubled)
	}
}

func TestLongRangesAreReadInSlicesBelowSevenDays(t *testing.T) {
	end := newClock().Now()
	sh := newShelf(700, end, time.Hour) // 29 days
	s := sh.serve(t)
	w := api.Last(30*24*time.Hour, end)
	got := sessionsOf(s.client(t), w)
	if got.err != nil || got.done != w || len(got.gaps) > 0 {
		t.Fatalf("%v, done %v", got.err, got.done)
	}
	checkAll(t, got.items, sh.rows)
	newest := time.Time{}
	for i, a := range s.all() {
		from, err1 := time.Parse("2006-01-02T15:04:05.000Z", a.body["dateFrom"].(string))
		to, err2 := time.Parse("2006-01-02T15:04:05.000Z", a.body["dateTo"].(string))
		if err1 != nil || err2 != nil || to.Sub(from) >= 7*24*time.Hour || to.Sub(from) <= 0 {
			t.Errorf("request %d asks from %v to %v", i, a.body["dateFrom"], a.body["dateTo"])
		}
		if newest.IsZero() {
			newest = to
		}
		if to.After(newest) || newest.After(end) {
			t.Errorf("request %d reaches past the upper bound", i)
		}
	}
	if !slices.IsSortedFunc(got.items, newestSession) {
		t.Error("not newest first")
	}
}

func TestPagingLies(t *testing.T) {
	end := newClock().Now()
	for _, c := range []struct {
		name    string
		rows    int
		answer  func(sh *shelf, w http.ResponseWriter, a asked)
		extra   int // requests beyond the honest ones
		gap     bool
		partial bool
	}{
		{"honest", 250, func(sh *shelf, w http.ResponseWriter, a asked) {
			rows, more, n := sh.page(a)
			write(w, rows, more, n)
		}, 0, false, false},
		{"no flag at all", 250, func(sh *shelf, w http.ResponseWriter, a asked) {
			rows, _, n := sh.page(a)
			write(w, rows, nil, n)
		}, 0, false, false},
		{"more for ever, then empty pages", 250, func(sh *shelf, w http.ResponseWriter, a asked) {
			rows, _, n := sh.page(a)
			write(w, rows, true, n)
		}, 1, false, false},
		{"more on an exactly full last page", 100, func(sh *shelf, w http.ResponseWriter, a asked) {
			rows, _, n := sh.page(a)
			write(w, rows, true, n)
		}, 1, false, false},
		{"more with a single row", 1, func(sh *shelf, w http.ResponseWriter, a asked) {
			rows, _, n := sh.page(a)
			write(w, rows, true, n)
		}, 1, false, false},
		{"more with nothing", 0, func(_ *shelf, w http.ResponseWriter, _ asked) {
			write(w, nil, true, 5)
		}, 0, true, true},
		{"wrong total, too small", 250, func(sh *shelf, w http.ResponseWriter, a asked) {
			rows, more, _ := sh.page(a)
			write(w, rows, more, 1)
		}, 0, false, false},
		{"wrong total, too large", 250, func(sh *shelf, w http.ResponseWriter, a asked) {
			rows, more, _ := sh.page(a)
			write(w, rows, more, 9999)
		}, 0, true, false},
		{"the first page for every page", 250, func(sh *shelf, w http.ResponseWriter, a asked) {
			a.body["skip"] = float64(0)
			rows, more, n := sh.page(a)
			write(w, rows, more, n)
		}, 0, true, true},
		{"an empty page in the middle", 250, func(sh *shelf, w http.ResponseWriter, a asked) {
			rows, more, n := sh.page(a)
			if sh.asked == 2 {
				rows, more = nil, true
			}
			write(w, rows, more, n)
		}, 2, false, false},
		{"limit ignored, fewer", 250, func(sh *shelf, w http.ResponseWriter, a asked) {
			sh.cap = 40
			rows, more, n := sh.page(a)
			write(w, rows, more, n)
		}, 4, false, false},
		{"limit ignored, all at once", 250, func(sh *shelf, w http.ResponseWriter, a asked) {
			a.body["limit"] = float64(1000)
			rows, more, n := sh.page(a)
			write(w, rows, more, n)
		}, 0, false, false},
		{"oldest first", 250, func(sh *shelf, w http.ResponseWriter, a asked) {
			sh.rising = true
			rows, more, n := sh.page(a)
			write(w, rows, more, n)
		}, 0, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			sh := newShelf(c.rows, end, time.Minute)
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) { c.answer(sh, w, a) })
			got := sessionsOf(s.client(t), api.Last(24*time.Hour, end))
			if got.err != nil || (len(got.gaps) > 0) != c.gap {
				t.Fatalf("%v, gaps %v", got.err, got.gaps)
			}
			if !c.partial {
				checkAll(t, got.items, sh.rows)
			}
			if !c.gap && got.done.Zero() {
				t.Error("nothing is said to be read completely")
			}
			if most := 3 + c.extra; s.count() > most {
				t.Errorf("%d requests, want at most %d", s.count(), most)
			}
		})
	}
}

// Rows come and go while the pages are read. Whatever existed all the while is
// given exactly once.
func TestMovedRowsAreNeitherMissedNorDoubled(t *testing.T) {
	runs, requests := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		end := newClock().Now()
		size := rapid.IntRange(8, 30).Draw(rt, "page size")
		sh := newShelf(rapid.IntRange(0, 200).Draw(rt, "rows"), end, time.Minute)
		sh.rising = rapid.Bool().Draw(rt, "rising")
		throughout := map[string]shelved{}
		for _, r := range sh.rows {
			throughout[r.id] = r
		}
		next := 10_000
		seed := rapid.Uint64().Draw(rt, "schedule")
		dice := rand.New(rand.NewPCG(seed, 1))
		move := func() {
			for range dice.IntN(size/4 + 1) {
				at := end.Add(-time.Duration(dice.IntN(20_000)+1) * time.Second)
				next++
				sh.rows = append(sh.rows, shelved{objectID(at, next), at})
			}
			for range min(len(sh.rows), dice.IntN(size+1)) {
				i := dice.IntN(len(sh.rows))
				delete(throughout, sh.rows[i].id)
				sh.rows = slices.Delete(sh.rows, i, i+1)
			}
			slices.SortFunc(sh.rows, func(a, b shelved) int {
				if c := b.start.Compare(a.start); c != 0 {
					return c
				}
				return -slices.Compare([]byte(a.id), []byte(b.id))
			})
		}
		s := &stub{clock: newClock()}
		c := inMemory(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			var a asked
			_ = json.NewDecoder(r.Body).Decode(&a.body)
			rows, more, total := sh.page(a)
			rec := newRecorder(r)
			write(rec, rows, more, total)
			if sh.asked < 60 {
				move()
			}
			return rec.response(), nil
		}), func(o *Options) {
			o.PageSize, o.Now, o.Wait = size, s.clock.Now, s.clock.Wait
			o.Limits = api.Limits{PerMinute: 1 << 30, PerHour: 1 << 30}
		})
		got := gather(c.Sessions(context.Background(), api.SessionQuery{Window: api.Last(24*time.Hour, end)}, api.Person))
		if got.err != nil || len(got.gaps) > 0 {
			rt.Fatalf("%v, gaps %v after %d requests", got.err, got.gaps, sh.asked)
		}
		var want []shelved
		for _, r := range throughout {
			want = append(want, r)
		}
		checkAll(rt, got.items, want)
		runs++
		requests += sh.asked
	})
	t.Logf("%d schedules, %d requests", runs, requests)
}

func TestAFailedSliceIsAGapAndTheRestIsRead(t *testing.T) {
	end := newClock().Now()
	w := api.Last(20*24*time.Hour, end)
	for _, c := range []struct {
		name string
		fail func(http.ResponseWriter)
		kind api.Kind
		gap  bool
	}{
		{"unavailable", func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) }, api.Unavailable, true},
		{"unreachable", func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, api.Unreachable, true},
		{"portal", func(w http.ResponseWriter) { _, _ = w.Write([]byte("<html>")) }, api.NotPlatform, true},
		{"unreadable", func(w http.ResponseWriter) { answerJSON(w, 200, `[]`) }, api.Unreadable, true},
		{"refused sign-in", func(w http.ResponseWriter) { answerJSON(w, 401, `{"errors":[{"msg":"scope","code":4002}]}`) }, api.ScopeMissing, false},
		{"limited", func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) }, api.Limited, false},
		{"refused", func(w http.ResponseWriter) { answerJSON(w, 400, `{"errors":[{"msg":"no"}]}`) }, api.Refused, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			sh := newShelf(400, end, time.Hour)
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
				// The second slice cannot be read past its first page.
				from, _ := time.Parse(time.RFC3339, a.body["dateFrom"].(string))
				to, _ := time.Parse(time.RFC3339, a.body["dateTo"].(string))
				mid := end.Add(-10 * 24 * time.Hour)
				if from.Before(mid) && to.After(mid) && a.body["skip"] != float64(0) {
					c.fail(w)
					return
				}
				rows, more, total := sh.page(a)
				write(w, rows, more, total)
			})
			got := sessionsOf(s.client(t), w)
			if !c.gap {
				if api.KindOf(got.err) != c.kind || len(got.items) < 200 {
					t.Errorf("%v after %d rows", got.err, len(got.items))
				}
				return
			}
			if got.err != nil || len(got.gaps) != 1 || api.KindOf(got.gaps[0].Why) != c.kind {
				t.Fatalf("%v, gaps %v", got.err, got.gaps)
			}
			gap := got.gaps[0].Window
			var outside []shelved
			for _, r := range sh.rows {
				if !gap.Holds(r.start) {
					outside = append(outside, r)
				}
			}
			checkAll(t, got.items, outside)
			if gap.Length() <= 0 || gap.Length() > 7*24*time.Hour || got.done.To.Sub(gap.From) > sliceOverlap {
				t.Errorf("gap %v beside done %v", gap, got.done)
			}
		})
	}
}

func TestWhenEverythingFailsItIsAFailure(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { w.WriteHeader(http.StatusServiceUnavailable) })
	got := sessionsOf(s.client(t), api.Last(20*24*time.Hour, s.clock.Now()))
	if api.KindOf(got.err) != api.Unavailable || len(got.gaps) != 0 {
		t.Errorf("%v, %d gaps", got.err, len(got.gaps))
	}
}

func TestALimitTakesTheNewestAndStops(t *testing.T) {
	end := newClock().Now()
	for _, rising := range []bool{false, true} {
		for _, limit := range []int{1, 2, 5, 99, 100, 101, 240, 250, 300} {
			sh := newShelf(250, end, time.Minute)
			sh.rising = rising
			s := sh.serve(t)
			q := api.SessionQuery{Window: api.Last(30*24*time.Hour, end), Limit: limit}
			got := gather(s.client(t).Sessions(t.Context(), q, api.Person))
			want := sh.rows[:min(limit, 250)]
			if got.err != nil || len(got.items) != len(want) {
				t.Fatalf("rising %v, limit %d: %d rows, %v", rising, limit, len(got.items), got.err)
			}
			if rising && limit < 2 {
				continue // one row shows no order
			}
			checkAll(t, got.items, want)
			for _, r := range sh.rows[len(want):] {
				if got.done.Holds(r.start) {
					t.Fatalf("rising %v, limit %d: %v is said to be read, %v was not given", rising, limit, got.done, r.start)
				}
			}
			if limit < 250 && !rising && s.count() > limit/97+1 {
				t.Errorf("limit %d took %d requests", limit, s.count())
			}
		}
	}
}

func TestTheReaderMayLeave(t *testing.T) {
	end := newClock().Now()
	sh := newShelf(1000, end, time.Minute)
	s := sh.serve(t)
	pages := 0
	for _, err := range s.client(t).Sessions(t.Context(), api.SessionQuery{Window: api.Last(30*24*time.Hour, end)}, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		if pages++; pages == 2 {
			break
		}
	}
	if s.count() != 2 {
		t.Errorf("%d requests for 2 pages", s.count())
	}
}

func TestWindowsThatAreNoneAreMisuse(t *testing.T) {
	s := newShelf(1, newClock().Now(), time.Minute).serve(t)
	c, now := s.client(t), s.clock.Now()
	for name, w := range map[string]api.Window{
		"none": {}, "no end": {From: now}, "no beginning": {To: now}, "inverted": api.Between(now, now.Add(-time.Hour)), "empty": api.Between(now, now),
	} {
		for what, err := range map[string]error{
			"sessions": sessionsOf(c, w).err,
			"calls":    gather(c.LLMCalls(t.Context(), api.LLMQuery{Window: w}, api.Person)).err,
			"user":     gather(c.UserMessages(t.Context(), api.UserQuery{User: "u-1", Window: w}, api.Person)).err,
			"messages": gather(c.Messages(t.Context(), api.MessageQuery{Window: w}, api.Person)).err,
			"nobody":   gather(c.UserMessages(t.Context(), api.UserQuery{Window: api.Last(time.Hour, now)}, api.Person)).err,
		} {
			var e *api.Error
			if !errors.As(err, &e) || e.Kind != api.Misuse {
				t.Errorf("%s of %s: %v", what, name, err)
			}
		}
	}
	if s.count() != 0 {
		t.Errorf("%d requests", s.count())
	}
}
