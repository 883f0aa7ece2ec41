package kore

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// meanings of an offset.
const (
	countsRows  = "rows"
	countsPages = "pages"
	countsNone  = "nothing" // it is ignored
)

// lines is a platform with n debug lines.
func lines(t *testing.T, n int, meaning string) *stub {
	t.Helper()
	start := time.Date(2025, 10, 17, 8, 0, 0, 0, time.UTC)
	return serve(t, func(w http.ResponseWriter, r *http.Request, _ asked) {
		q := r.URL.Query()
		limit, _ := strconv.Atoi(q.Get("limit"))
		offset, _ := strconv.Atoi(q.Get("offset"))
		switch meaning {
		case countsPages:
			offset *= limit
		case countsNone:
			offset = 0
		}
		rows := []string{}
		for i := min(offset, n); i < min(offset+limit, n); i++ {
			rows = append(rows, fmt.Sprintf(`{"timestamp":%q,"debugMessage":"line %d"}`, stamp(start.Add(time.Duration(i)*time.Second)), i))
		}
		answerJSON(w, 200, "["+strings.Join(rows, ",")+"]")
	})
}

func TestEveryLineOnceWhateverAnOffsetCounts(t *testing.T) {
	for _, meaning := range []string{countsRows, countsPages} {
		for n, most := range map[int]int{0: 1, 1: 1, 49: 1, 50: 3, 51: 3, 73: 3, 99: 3, 100: 4, 101: 4, 340: 8, 2600: 54, 2640: 54} {
			s := lines(t, n, meaning)
			c := s.client(t)
			for reading := range 2 {
				before := s.count()
				g := gather(c.DebugLogs(t.Context(), api.LogQuery{Identity: "call-1"}, api.Person))
				seen := map[string]int{}
				for _, l := range g.items {
					seen[l.Message]++
				}
				if g.err != nil || len(seen) != n || len(g.items) != n || len(g.notes) > 0 || g.more {
					t.Errorf("%d lines, offset counts %s: %d given, %d different, notes %v, %v", n, meaning, len(g.items), len(seen), g.notes, g.err)
				}
				asked := s.count() - before
				if reading == 1 && n > 50 {
					most = (n + 49) / 50 // what was found out is kept
					if n%50 == 0 {
						most++
					}
				}
				if asked > most {
					t.Errorf("%d lines, offset counts %s: %d requests, want %d", n, meaning, asked, most)
				}
			}
		}
	}
}

func TestLimitsOfAList(t *testing.T) {
	for _, meaning := range []string{countsRows, countsPages} {
		for limit, want := range map[int]int{1: 1, 20: 20, 50: 50, 60: 60, 73: 73, 500: 73} {
			s := lines(t, 73, meaning)
			g := gather(s.client(t).DebugLogs(t.Context(), api.LogQuery{Identity: "call-1", Limit: limit}, api.Person))
			if g.err != nil || len(g.items) != want || g.items[0].Message != "line 0" || g.more != (limit < 73) {
				t.Errorf("limit %d: %d lines, more %v, %v", limit, len(g.items), g.more, g.err)
			}
			if limit <= 50 && s.count() != 1 {
				t.Errorf("limit %d: %d requests", limit, s.count())
			}
		}
	}
}

// A platform that ignores the offset is found out, and said to be.
func TestAnIgnoredOffsetEndsWithANote(t *testing.T) {
	s := lines(t, 73, countsNone)
	g := gather(s.client(t).DebugLogs(t.Context(), api.LogQuery{Identity: "call-1", Window: october()}, api.Person))
	if g.err != nil || len(g.items) != 50 || len(g.notes) != 1 || g.more || s.count() != 3 || !g.done.Zero() {
		t.Errorf("%d lines after %d requests, notes %v, done %v, %v", len(g.items), s.count(), g.notes, g.done, g.err)
	}
}

func TestWhatIsAskedOfTheLog(t *testing.T) {
	s := lines(t, 3, countsRows)
	c := s.client(t)
	identity := "64c0ffee0123456789abcdef/smartassist/68f1a3d04c7e2b9a5d10e3f7"
	g := gather(c.DebugLogs(t.Context(), api.LogQuery{Identity: identity, Channel: "smartassist"}, api.Person))
	if g.err != nil || !g.done.Zero() {
		t.Fatalf("%+v", g)
	}
	g = gather(c.DebugLogs(t.Context(), api.LogQuery{Identity: "+4930 1234", Window: october(), Detail: true}, api.Person))
	if g.err != nil || g.done != october() || len(g.items) != 3 {
		t.Fatalf("%+v", g)
	}
	a, b := s.all()[0], s.all()[1]
	if a.path != "/api/1.1/"+string(stubBot)+"/debuglogs" || a.method != "GET" ||
		a.query != "channelType=smartassist&identity=64c0ffee0123456789abcdef%2Fsmartassist%2F68f1a3d04c7e2b9a5d10e3f7&limit=50&minimumInfo=true&offset=0" {
		t.Errorf("asked %s %s?%s", a.method, a.path, a.query)
	}
	if b.query != "channelType=rtm&fromDate=2025-10-16T23%3A59%3A59.000Z&identity=%2B4930+1234&limit=50&offset=0&toDate=2025-10-18T00%3A00%3A01.000Z" {
		t.Errorf("asked ?%s", b.query)
	}
	for name, q := range map[string]api.LogQuery{
		"no identity": {}, "inverted": {Identity: "x", Window: api.Window{From: october().To, To: october().From}},
	} {
		if g := gather(c.DebugLogs(t.Context(), q, api.Person)); api.KindOf(g.err) != api.Misuse {
			t.Errorf("%s: %v", name, g.err)
		}
	}
}

// The window is applied here as well: only one of the two pages knows of it.
func TestLinesOutsideTheWindowAreLeftOut(t *testing.T) {
	s := lines(t, 73, countsRows)
	w := api.Between(time.Date(2025, 10, 17, 8, 0, 10, 0, time.UTC), time.Date(2025, 10, 17, 8, 1, 0, 0, time.UTC))
	g := gather(s.client(t).DebugLogs(t.Context(), api.LogQuery{Identity: "x", Window: w}, api.Person))
	if g.err != nil || len(g.items) != 50 || g.items[0].Message != "line 10" || g.done != w {
		t.Errorf("%d lines, done %v, %v", len(g.items), g.done, g.err)
	}
}

// Bots come with a flag and a total; both may say anything.
func TestBotsAreReadOnce(t *testing.T) {
	const n = 120
	for _, meaning := range []string{countsRows, countsPages, countsNone} {
		for _, flag := range []string{`"availableMore":%v,`, `"moreAvailable":%v,`, ""} {
			s := serve(t, func(w http.ResponseWriter, r *http.Request, _ asked) {
				offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
				switch meaning {
				case countsPages:
					offset *= 50
				case countsNone:
					offset = 0
				}
				rows := []string{}
				for i := min(offset, n); i < min(offset+50, n); i++ {
					rows = append(rows, fmt.Sprintf(`{"_id":"st-%d","name":"Bot %d"}`, i, i))
				}
				more := flag
				if flag != "" {
					more = fmt.Sprintf(flag, offset+50 < n)
				}
				answerJSON(w, 200, fmt.Sprintf(`{"total":7,%s"bots":[%s]}`, more, strings.Join(rows, ",")))
			})
			g := gather(s.client(t, func(o *Options) { o.Admin = true }).Bots(t.Context(), api.Person))
			want := n
			if meaning == countsNone {
				want = 50
			}
			if g.err != nil || len(g.items) != want || (len(g.notes) > 0) != (meaning == countsNone) || s.count() > 4 {
				t.Errorf("offset counts %s, flag %q: %d bots after %d requests, notes %v, %v", meaning, flag, len(g.items), s.count(), g.notes, g.err)
			}
		}
	}
}

// A list that never ends is ended.
func TestAListWithoutEndIsEnded(t *testing.T) {
	n := 0
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		n++
		answerJSON(w, 200, fmt.Sprintf(`{"availableMore":true,"users":[{"userId":"u-%d"}]}`, n))
	})
	c := s.client(t, func(o *Options) { o.Admin, o.Limits = true, api.Limits{PerMinute: 1 << 20, PerHour: 1 << 20} })
	g := gather(c.Roles(t.Context(), api.Person))
	if g.err != nil || len(g.notes) != 1 || s.count() != turnMax+1 {
		t.Errorf("%d requests, notes %v, %v", s.count(), g.notes, g.err)
	}
}
