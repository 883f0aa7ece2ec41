package cache

import (
	"testing"
	"time"

	"korescope/api"
)

// The platform's clock may be before ours: a window that ends now has its newest
// lines, one that is over does not.
func TestLinesNewerThanOurClock(t *testing.T) {
	c := newClock()
	for name, w := range map[string]struct {
		window api.Window
		lines  int
	}{
		"until now":            {api.Last(time.Hour, c.Now()), 2},
		"cut to the minute":    {api.Last(time.Hour, c.Now().Truncate(time.Minute)), 2},
		"over for ten minutes": {api.Last(time.Hour, c.Now().Add(-10*time.Minute)), 1},
	} {
		s := mustOpen(t, options(t, c))
		src := lineList{{lineAt(1, c.Now().Add(-30*time.Minute), "old"), lineAt(2, c.Now().Add(3*time.Minute), "of a faster clock")}}
		q := api.LogQuery{Identity: "u-1", Window: w.window}
		live := last(t, DebugLogs(s, src, Normal).Refresh(t.Context(), q, api.Person))
		disk, err := DebugLogs(s, nil, Offline).Cached(t.Context(), q)
		if err != nil || len(live.Value) != w.lines || len(disk.Value) != w.lines {
			t.Errorf("%s: %d lines, %d from disk, %v; want %d", name, len(live.Value), len(disk.Value), err, w.lines)
		}
	}
}
