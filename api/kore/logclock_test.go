package kore

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"korescope/api"
)

// Lines dated after our clock belong to a window that ends now as far as the
// platform's clock is before ours, and to no window that is over.
func TestLinesOfAFasterClock(t *testing.T) {
	now := time.Date(2025, 10, 17, 9, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		to     time.Time
		ahead  time.Duration
		lines  int
		toDate string
	}{
		"until now":              {now, 5 * time.Minute, 2, "2025-10-17T11:00:01.000Z"},
		"cut to the minute":      {now.Add(-40 * time.Second), 5 * time.Minute, 2, "2025-10-17T10:59:21.000Z"},
		"clocks agree":           {now, 0, 1, "2025-10-17T11:00:01.000Z"},
		"the other clock behind": {now, -5 * time.Minute, 1, "2025-10-17T11:00:01.000Z"},
		"over for ten minutes":   {now.Add(-10 * time.Minute), 20 * time.Minute, 1, "2025-10-17T08:50:01.000Z"},
	} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request, _ asked) {
			w.Header().Set("Date", now.Add(tt.ahead).UTC().Format(http.TimeFormat))
			if got := r.URL.Query().Get("toDate"); got != tt.toDate {
				t.Errorf("%s: toDate %s, want %s", name, got, tt.toDate)
			}
			answerJSON(w, 200, fmt.Sprintf(`[{"timestamp":%q,"debugMessage":"old"},{"timestamp":%q,"debugMessage":"new"}]`,
				stamp(now.Add(-30*time.Minute)), stamp(now.Add(4*time.Minute))))
		})
		c := s.client(t, func(o *Options) { o.Now = func() time.Time { return now } })
		g := gather(c.DebugLogs(t.Context(), api.LogQuery{Identity: "u", Window: api.Between(now.Add(-time.Hour), tt.to)}, api.Person))
		if g.err != nil || len(g.items) != tt.lines {
			t.Errorf("%s: %d lines, %v; want %d", name, len(g.items), g.err, tt.lines)
		}
	}
}
