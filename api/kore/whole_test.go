package kore

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// That there are no rows needs a positive answer, and what was announced is
// compared with what came: the same for every list.
func TestNoRowsWithoutAPositiveAnswer(t *testing.T) {
	one := `{"sessionId":"68f1a3d04c7e2b9a5d10e3f7","start_time":"2026-03-10T02:00:00.000Z","end_time":"2026-03-10T02:01:00.000Z"}`
	bot, user := `{"_id":"st-1","name":"a"}`, `{"userId":"u-1","username":"a"}`
	line := `{"timestamp":"2026-03-10T02:00:00.000Z","debugMessage":"m"}`
	for _, c := range []struct {
		list, body string
		rows       int
		err        api.Kind // of the reading
		gap        string   // said about what is missing; "" for a whole list
	}{
		{"sessions", `{"total":0,"moreAvailable":false,"sessions":[]}`, 0, 0, ""},
		{"sessions", `{"sessions":[]}`, 0, 0, ""},
		{"sessions", `{"total":0}`, 0, 0, ""},
		{"sessions", `{"total":60,"moreAvailable":true,"sessions":[]}`, 0, 0, "0 of 60 came"},
		{"sessions", `{"moreAvailable":true,"sessions":[]}`, 0, 0, "0 came, and more was said to follow"},
		{"sessions", `{"total":2,"sessions":[` + one + `]}`, 1, 0, "1 of 2 came"},
		{"sessions", `{"total":1,"moreAvailable":true,"sessions":[` + one + `]}`, 1, 0, ""},
		{"sessions", `{"total":1}`, 0, api.Unreadable, ""},
		{"sessions", `{"total":60,"moreAvailable":false}`, 0, api.Unreadable, ""},
		{"sessions", `{"total":0,"moreAvailable":true}`, 0, api.Unreadable, ""},
		{"sessions", `{"sessions":null}`, 0, api.Unreadable, ""},
		{"sessions", `{"total":0,"sessions":{}}`, 0, api.Unreadable, ""},
		{"sessions", `{"sessions":"none"}`, 0, api.Unreadable, ""},
		{"sessions", `{"sessions":[null,1,"x",[],{}]}`, 5, 0, "5 of 5 could not be read"},
		{"sessions", `{"sessions":[null,` + one + `]}`, 2, 0, ""},
		{"bots", `{"total":0,"availableMore":false,"bots":[]}`, 0, 0, ""},
		{"bots", `{"total":1}`, 0, api.Unreadable, ""},
		{"bots", `{"bots":{}}`, 0, api.Unreadable, ""},
		{"bots", `{"total":3,"availableMore":false,"bots":[` + bot + `]}`, 1, 0, "1 of 3 came"},
		{"bots", `{"bots":[` + bot + `,null,{}]}`, 1, 0, "2 of 3 could not be read"},
		{"roles", `{"users":{}}`, 0, api.Unreadable, ""},
		{"roles", `{"total":9,"availableMore":true,"users":[]}`, 0, 0, "0 of 9 came"},
		{"roles", `{"users":[` + user + `,7]}`, 1, 0, "1 of 2 could not be read"},
		{"logs", `[]`, 0, 0, ""},
		{"logs", `{"logs":null}`, 0, api.Encrypted, ""},
		{"logs", `[` + line + `]`, 1, 0, ""},
		{"billed", `{"total":4,"moreAvailable":false,"sessions":[]}`, 0, 0, "0 of 4 came"},
		{"billed", `{"total":4}`, 0, api.Unreadable, ""},
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
			body := c.body
			if skip := a.body["skip"]; skip != nil && skip != float64(0) || strings.Contains(a.query, "offset=1") {
				body = strings.NewReplacer(one, "", line, "", bot, "", user, "", `"moreAvailable":true`, `"moreAvailable":false`).Replace(body)
			}
			_, _ = io.WriteString(w, body)
		})
		rows, gaps, err := readList(s.client(t), c.list, day(s))
		if api.KindOf(err) != c.err || rows != c.rows {
			t.Errorf("%s %s: %d rows, %v", c.list, c.body, rows, err)
		}
		said := ""
		for _, g := range gaps {
			var e *api.Error
			if api.KindOf(g.Why) != api.Incomplete || !errors.As(g.Why, &e) {
				t.Errorf("%s %s: %v", c.list, c.body, g.Why)
				continue
			}
			said = e.Err.Error()
		}
		if said != c.gap {
			t.Errorf("%s %s: said %q, want %q", c.list, c.body, said, c.gap)
		}
	}
}

func readList(c *Client, list string, w api.Window) (rows int, gaps []api.Gap, err error) {
	switch ctx := (&http.Request{}).Context(); list {
	case "sessions":
		g := sessionsOf(c, w)
		return len(g.items), g.gaps, g.err
	case "bots":
		g := gather(c.Bots(ctx, api.Person))
		return len(g.items), g.gaps, g.err
	case "roles":
		g := gather(c.Roles(ctx, api.Person))
		return len(g.items), g.gaps, g.err
	case "logs":
		g := gather(c.DebugLogs(ctx, api.LogQuery{Identity: "u", Window: w}, api.Person))
		return len(g.items), g.gaps, g.err
	default:
		g := gather(c.Billed(ctx, api.BilledQuery{Window: w}, api.Person))
		return len(g.items), g.gaps, g.err
	}
}

// A list that moves is measured by its last page alone: one that ends before its
// own total is short, however much came, and one that reached it is whole,
// whatever was announced at first.
func TestAMovedListIsMeasuredByItsLastPage(t *testing.T) {
	end := newClock().Now()
	for name, test := range map[string]struct {
		last  func(rows int) int // the total that the second page gives
		whole bool
	}{
		"it ends where it says":   {func(reached int) int { return reached }, true},
		"one is missing":          {func(reached int) int { return reached + 1 }, false},
		"a third is missing":      {func(reached int) int { return reached * 3 / 2 }, false},
		"less than was announced": {func(reached int) int { return reached - 3 }, true},
	} {
		t.Run(name, func(t *testing.T) {
			sh := newShelf(60, end, time.Minute)
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
				if rows, more, _ := sh.page(a); more {
					write(w, rows, true, 90)
					sh.rows = sh.rows[1:] // what stood first goes
					return
				}
				rows, _, _ := sh.page(a)
				write(w, rows, false, test.last(int(a.body["skip"].(float64))+len(rows)))
			})
			got := sessionsOf(s.client(t, func(o *Options) { o.PageSize = 40 }), api.Last(24*time.Hour, end))
			if got.err != nil || len(got.items) != 60 || (len(got.gaps) == 0) != test.whole || got.done.Zero() == test.whole {
				t.Errorf("%d rows, gaps %v, done %v, %v", len(got.items), got.gaps, got.done, got.err)
			}
		})
	}
}

// Rows that are removed all the while are looked for again and again; a seam
// that cannot be found at all is said, and nothing counts as read.
func TestASeamGivenUpIsSaid(t *testing.T) {
	end := newClock().Now()
	sh := newShelf(4000, end, 20*time.Second)
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
		rows, more, _ := sh.page(a)
		write(w, rows, more, len(sh.rows))
		sh.rows = sh.rows[min(20, len(sh.rows)):] // what was read goes
	})
	got := sessionsOf(s.client(t), api.Last(24*time.Hour, end))
	if len(got.gaps) > 0 || len(got.items) < 4000-20*s.count() || got.done.Zero() {
		t.Errorf("%d rows after %d requests, gaps %v", len(got.items), s.count(), got.gaps)
	}

	turn := 0
	s = serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		turn++
		var rows []shelved
		for i := range 100 {
			at := end.Add(-time.Hour - time.Duration(i)*time.Second)
			rows = append(rows, shelved{objectID(at, 1000*turn+i), at})
		}
		write(w, rows, turn < 60, 10_000)
	})
	if got := sessionsOf(s.client(t), api.Last(24*time.Hour, end)); len(got.gaps) != 1 || !got.done.Zero() || len(got.items) == 0 {
		t.Errorf("%d rows, gaps %v, done %v", len(got.items), got.gaps, got.done)
	}
}

// The size of a page follows what the platform takes: 100,000 rows cost little
// more than a hundred requests, and a platform that takes less is not asked for
// more again and again.
func TestPagesAdapt(t *testing.T) {
	end := newClock().Now()
	for name, c := range map[string]struct {
		rows, most int
		answer     func(sh *shelf, w http.ResponseWriter, a asked)
	}{
		"as asked":          {20_000, 22, func(*shelf, http.ResponseWriter, asked) {}},
		"cut down to 300":   {3000, 13, func(sh *shelf, _ http.ResponseWriter, _ asked) { sh.cap = 300 }},
		"refused over 400":  {3000, 20, refusing(400, http.StatusPreconditionFailed)},
		"broken over 250":   {3000, 24, refusing(250, http.StatusInternalServerError)},
		"too large over 60": {1000, 24, oversized(60)},
	} {
		sh := newShelf(c.rows, end, time.Second)
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, a asked) {
			c.answer(sh, w, a)
			if w.Header().Get("X-Done") == "" {
				rows, more, n := sh.page(a)
				write(w, rows, more, n)
			}
		})
		got := sessionsOf(s.client(t, func(o *Options) { o.PageSize = 0 }), api.Last(24*time.Hour, end))
		if got.err != nil || len(got.gaps) > 0 || len(got.items) != c.rows || s.count() > c.most {
			t.Errorf("%s: %d rows, gaps %v, %v after %d requests", name, len(got.items), got.gaps, got.err, s.count())
		}
	}
}

func refusing(over, status int) func(*shelf, http.ResponseWriter, asked) {
	return func(_ *shelf, w http.ResponseWriter, a asked) {
		if a.body["limit"].(float64) > float64(over) {
			w.Header().Set("X-Done", "1")
			answerJSON(w, status, `{"errors":[{"msg":"limit","code":412}]}`)
		}
	}
}

func oversized(over int) func(*shelf, http.ResponseWriter, asked) {
	return func(_ *shelf, w http.ResponseWriter, a asked) {
		if a.body["limit"].(float64) > float64(over) {
			w.Header().Set("X-Done", "1")
			_, _ = io.WriteString(w, `{"total":1,"sessions":["`+strings.Repeat("x", maxBulk)+`"]}`)
		}
	}
}

// An outage costs few requests more than with a small page.
func TestAnOutageIsNotAskedThroughEverySize(t *testing.T) {
	for status, most := range map[int]int{500: 6, 503: 6, 400: 2, 412: 2, 401: 2} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
			answerJSON(w, status, `{"errors":[{"msg":"no"}]}`)
		})
		if got := sessionsOf(s.client(t, func(o *Options) { o.PageSize = 0 }), day(s)); got.err == nil || s.count() > most {
			t.Errorf("%d: %v after %d requests", status, got.err, s.count())
		}
	}
}
