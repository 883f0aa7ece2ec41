package containment

import (
	"testing"

	"korescope/ui/theme"
)

// A share of few, a change of few and a change that chance makes are no alarm,
// nor is a zero.
func TestFewAreNoAlarm(t *testing.T) {
	of := func(drop, all int64) tally { return tally{drop: drop, self: all - drop} }
	for _, tt := range []struct {
		name                 string
		now, was             tally
		share, change        string
		sharesBad, changeBad bool
	}{
		{"few", of(3, 7), of(0, 7), "43%", "+43 pts", false, false},
		{"none", of(0, 50), of(0, 50), "0%", "+0 pts", false, false},
		{"chance", of(20, 60), of(13, 60), "33%", "+11 pts", true, false},
		{"real", of(120, 200), of(20, 200), "60%", "+50 pts", true, true},
		{"few before", of(120, 200), of(1, 9), "60%", "+49 pts", true, false},
		{"better", of(20, 200), of(120, 200), "10%", "-50 pts", false, false},
	} {
		tt.now.before = &tt.was
		share, change := share(tt.now), against(tt.now)
		if share.Text.String() != tt.share || change.Text.String() != tt.change {
			t.Errorf("%s: %s, %s", tt.name, share.Text, change.Text)
		}
		if (share.Token == theme.Bad) != tt.sharesBad || (change.Token == theme.Bad) != tt.changeBad {
			t.Errorf("%s: alarms %v, %v", tt.name, share.Token, change.Token)
		}
	}
}
