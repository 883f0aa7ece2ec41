package views

import (
	"testing"
	"time"

	"korescope/api"
)

// When clocks go back an hour is shown twice: a window takes both, and two moments
// an hour apart never look the same.
func TestTheHourThatComesTwice(t *testing.T) {
	now := at("2031-01-01T00:00:00Z")
	tests := map[string]struct{ zone, from, to, want string }{
		"both hours":              {"Europe/Berlin", "2026-10-25T02:00", "2026-10-25T02:50", "2026-10-25T00:00:00Z 2026-10-25T01:50:00Z"},
		"an hour before":          {"Europe/Berlin", "2026-10-25T01:00", "2026-10-25T01:50", "2026-10-24T23:00:00Z 2026-10-24T23:50:00Z"},
		"an hour after":           {"Europe/Berlin", "2026-10-25T03:00", "2026-10-25T03:50", "2026-10-25T02:00:00Z 2026-10-25T02:50:00Z"},
		"the skipped hour":        {"Europe/Berlin", "2026-03-29T02:00", "2026-03-29T02:50", "2026-03-29T00:00:00Z 2026-03-29T01:50:00Z"},
		"New York":                {"America/New_York", "2026-11-01 01:10", "2026-11-01 01:20", "2026-11-01T05:10:00Z 2026-11-01T06:20:00Z"},
		"half an hour, Lord Howe": {"Australia/Lord_Howe", "2026-04-05 01:40", "2026-04-05 01:50", "2026-04-04T14:40:00Z 2026-04-04T15:20:00Z"},
		"a zone by name":          {"UTC", "2026-06-01 14:30 Europe/Berlin", "2026-06-01 15:30 Europe/Berlin", "2026-06-01T12:30:00Z 2026-06-01T13:30:00Z"},
		"twice, by name":          {"UTC", "2026-10-25 02:00 Europe/Berlin", "2026-10-25 02:50 Europe/Berlin", "2026-10-25T00:00:00Z 2026-10-25T01:50:00Z"},
		"an offset":               {"Europe/Berlin", "2026-10-25T02:00+01:00", "2026-10-25T02:50+01:00", "2026-10-25T01:00:00Z 2026-10-25T01:50:00Z"},
		"UTC has no such hour":    {"UTC", "2026-10-25T02:00", "2026-10-25T02:50", "2026-10-25T02:00:00Z 2026-10-25T02:50:00Z"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			zone, err := time.LoadLocation(test.zone)
			if err != nil {
				t.Fatal(err)
			}
			w, err := ParseWindow("", test.from, test.to, now, zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := w.From.UTC().Format(time.RFC3339) + " " + w.To.UTC().Format(time.RFC3339); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestTwoMomentsOfOneWallTimeLookDifferent(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		e := Env{Zone: zone, Now: at("2026-11-27T08:00:00Z")}
		for _, w := range []api.Window{api.Between(at("2026-10-24T12:00:00Z"), at("2026-11-02T12:00:00Z")), api.Between(at("2026-04-04T00:00:00Z"), at("2026-04-06T00:00:00Z"))} {
			before := map[string]time.Time{}
			for m := w.From; m.Before(w.To); m = m.Add(10 * time.Minute) {
				words := Moment(m, e).String()
				if other, is := before[words]; is {
					t.Fatalf("%s: %s and %s both look like %q", name, other, m, words)
				}
				before[words] = m
				for _, shown := range []string{words, Clock(m, zone).String(), Start(m, e).String()} {
					if len(shown) > 12 {
						t.Errorf("%q has %d cells", shown, len(shown))
					}
				}
			}
		}
	}
}
