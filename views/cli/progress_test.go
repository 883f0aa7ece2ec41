package cli

import (
	"testing"
	"time"

	"korescope/api"
	"korescope/api/kore"
	"korescope/ui/text"
)

func TestHowFarALongListIsRead(t *testing.T) {
	t.Parallel()
	back := time.Date(2026, 11, 14, 3, 22, 0, 0, time.UTC)
	p := pace{kore.SessionPage, api.Limits{PerMinute: 60, PerHour: 1800}}
	for _, c := range []struct {
		rows  int
		total api.Maybe[int]
		back  time.Time
		want  string
	}{
		{200, api.Maybe[int]{}, time.Time{}, "200 sessions read"},
		{200, api.Known(200), time.Time{}, "200 sessions read"},
		{200, api.Known(250), time.Time{}, "200 of 250 sessions read, requests to go: est 1"},
		{0, api.Known(6_000), time.Time{}, "0 of 6,000 sessions read, requests to go: est 6"},
		{12_300, api.Known(100_000), back, "12,300 of 100,000 sessions read, requests to go: est 88, 1 min, back to Nov 14 03:22"},
		{0, api.Known(200_000), time.Time{}, "0 of 200,000 sessions read, requests to go: est 200, 3 min"},
	} {
		if got := readSoFar(c.rows, c.total, c.back, text.Lit("sessions"), time.UTC, p).String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
