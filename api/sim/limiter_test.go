package sim

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"korescope/api"
)

// TestRollingWindows: whatever the demand, no rolling minute or hour lets more
// through than the limits say, and nothing is refused while there is room.
func TestRollingWindows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limits := api.Limits{PerMinute: rapid.IntRange(1, 8).Draw(t, "minute"), PerHour: rapid.IntRange(1, 40).Draw(t, "hour")}
		l := newLimiter(limits, noon())
		now := noon()
		var let []time.Time
		in := func(d time.Duration) (n int) {
			for _, at := range let {
				if at.After(now.Add(-d)) {
					n++
				}
			}
			return n
		}
		for _, ms := range rapid.SliceOfN(rapid.IntRange(0, 90_000), 1, 120).Draw(t, "gaps") {
			now = now.Add(time.Duration(ms) * time.Millisecond)
			room := in(limitMinute) < limits.PerMinute && in(limitHour) < limits.PerHour
			v := l.take("bot:x", now)
			if v.refused == room {
				t.Fatalf("room %v, refused %v", room, v.refused)
			}
			if !v.refused {
				let = append(let, now)
				continue
			}
			if v.wait <= 0 || v.wait > time.Hour || v.hour != (in(limitHour) >= limits.PerHour) {
				t.Fatalf("verdict %+v", v)
			}
		}
	})
}

func TestWaitIsExact(t *testing.T) {
	l := newLimiter(api.Limits{PerMinute: 2, PerHour: 100}, noon())
	l.take("k", noon())
	l.take("k", noon().Add(10*time.Second))
	v := l.take("k", noon().Add(20*time.Second))
	if !v.refused || v.wait != 40*time.Second {
		t.Fatalf("verdict %+v", v)
	}
	if l.take("k", noon().Add(20*time.Second+v.wait-time.Millisecond)).refused != true || l.take("k", noon().Add(20*time.Second+v.wait)).refused {
		t.Error("the wait is too short or too long")
	}
}

func TestRefusalsAndTheirTexts(t *testing.T) {
	for _, test := range []struct {
		fault, text, retry string
		status             int
	}{
		{"limit(1,100)", "You've exceeded the per-minute rate limit. Please wait for sometime before retrying.", "", 429},
		{"limit(5,1)", "You've exceeded the hourly rate limit. Please wait for sometime before retrying.", "", 429},
		{"limit(1,1),limit-text(old)", "Rate limit for this API has been reached. Please try again after some time.", "", 429},
		{"limit(1,9),limit-text(hour)", "You've exceeded the hourly rate limit. Please wait for sometime before retrying.", "", 429},
		{"limit(1,1),limit-text(minute)", "You've exceeded the per-minute rate limit. Please wait for sometime before retrying.", "", 429},
		{"limit(1,9),limit-status(403)", "You've exceeded the per-minute rate limit. Please wait for sometime before retrying.", "", 403},
		{"limit(1,9),retry-after(seconds)", "You've exceeded the per-minute rate limit. Please wait for sometime before retrying.", "60", 429},
		{"limit(1,9),retry-after(date)", "You've exceeded the per-minute rate limit. Please wait for sometime before retrying.", "Fri, 17 Oct 2025 12:01:00 GMT", 429},
		{"limit(1,9),retry-after(-5)", "You've exceeded the per-minute rate limit. Please wait for sometime before retrying.", "-5", 429},
	} {
		faults, err := ParseFaults(test.fault)
		if err != nil {
			t.Fatal(err)
		}
		w, _ := newWorld(t, Options{Faults: faults})
		post(t, w, pathSessions, "{}")
		rec := post(t, w, pathSessions, "{}")
		want := text(ob("errors", []any{ob("msg", test.text, "code", test.status)}))
		if rec.Code != test.status || rec.Body.String() != want || rec.Header().Get("Retry-After") != test.retry {
			t.Errorf("%s: HTTP %d, Retry-After %q, %s", test.fault, rec.Code, rec.Header().Get("Retry-After"), rec.Body)
		}
		if got := w.Truth(); got.Refused != 1 || got.Keys["bot:"+api.LimitKey(retailBot)].WorstMinute != 2 {
			t.Errorf("%s: truth %+v", test.fault, got.Keys)
		}
	}
}

func TestColleagues(t *testing.T) {
	w, c := newWorld(t, Options{Faults: mustFaults(t, "foreign-traffic(57)")})
	status := func() int { return post(t, w, pathSessions, "{}").Code }
	for i := range 3 {
		if got := status(); got != http.StatusOK {
			t.Fatalf("request %d: HTTP %d", i+1, got)
		}
	}
	if got := status(); got != http.StatusTooManyRequests {
		t.Errorf("HTTP %d with 57 foreign requests and three of ours", got)
	}
	c.move(time.Hour)
	if got := status(); got != http.StatusTooManyRequests {
		t.Errorf("HTTP %s after an hour of 57 foreign requests a minute", strconv.Itoa(got))
	}
}

func TestSpentHour(t *testing.T) {
	w, c := newWorld(t, Options{Faults: mustFaults(t, "hour-exhausted(1)")})
	status := func() int { return post(t, w, pathSessions, "{}").Code }
	if a, b := status(), status(); a != http.StatusOK || b != http.StatusTooManyRequests {
		t.Errorf("HTTP %d, then %d", a, b)
	}
	if c.move(time.Hour); status() != http.StatusOK {
		t.Error("still shut an hour later")
	}
}

func mustFaults(t *testing.T, list string) []Fault {
	t.Helper()
	f, err := ParseFaults(list)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
