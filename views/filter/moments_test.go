package filter_test

import (
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
	"korescope/views/filter"
)

// Every part of a day or a time of day, as it is shown, finds its row: also that
// of the hour which clocks show twice, and of a row without a time.
func TestEveryPartOfAMomentIsFound(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{
		time.Date(2031, 3, 12, 13, 47, 8, 0, time.UTC), time.Date(2031, 10, 26, 0, 25, 0, 0, time.UTC), {},
	} {
		for _, shown := range []string{views.Day(at, zone).String(), views.Clock(at, zone).String()} {
			for from := range shown {
				for to := from + 1; to <= len(shown); to++ {
					word := shown[from:to]
					if strings.HasPrefix(word, "-") {
						word = `"` + word + `"`
					}
					_, keep, err := filter.Sessions(zone).Compile(word)
					if err != nil || !keep(api.Session{Start: at}) {
						t.Errorf("%s does not find %s, %v", word, shown, err)
					}
				}
			}
		}
	}
}
