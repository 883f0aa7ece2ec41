package pulse

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWhenAShareRose(t *testing.T) {
	tests := map[string]struct {
		now, usual Share
		want       bool
	}{
		"one of two is nothing":        {Share{1, 2}, Share{10, 200}, false},
		"three of seven is not enough": {Share{3, 7}, Share{20, 200}, false},
		"half of twenty":               {Share{10, 20}, Share{16, 160}, true},
		"many, by four points":         {Share{1400, 10000}, Share{1000, 10000}, false},
		"many, by six points":          {Share{1600, 10000}, Share{1000, 10000}, true},
		"nothing read":                 {Share{}, Share{}, false},
		"it fell":                      {Share{2, 100}, Share{40, 100}, false},
	}
	for name, test := range tests {
		if got := Rose(test.now, test.usual); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
		if Fell(test.usual, test.now) && !test.want && name == "one of two is nothing" {
			t.Errorf("%s: fell the other way round", name)
		}
	}
	if !Fell(Share{2, 100}, Share{40, 100}) {
		t.Error("2 of 100 after 40 of 100 is no fall")
	}
}

func TestSlower(t *testing.T) {
	many := func(n int, base float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = base + float64(i%17)*base/20
		}
		return out
	}
	if Slower(many(3, 9000), many(500, 1000)) {
		t.Error("three slow ones are called a change")
	}
	if !Slower(many(30, 3000), many(500, 1000)) {
		t.Error("thirty at three times the length are no change")
	}
	if Slower(many(400, 1000), many(500, 1000)) {
		t.Error("the same lengths are a change")
	}
}

// Whatever is asked, an onset lies inside its bounds and inside the series.
func TestAnOnsetLiesInItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 120).Draw(t, "n")
		turn := rapid.IntRange(0, 120).Draw(t, "turn")
		events := make([]Event, n)
		for i := range events {
			share := 0.05
			if i >= turn {
				share = 0.8
			}
			events[i] = Event{At: midnight.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "gap")+i*3) * time.Minute), Bad: rapid.Float64Range(0, 1).Draw(t, "throw") < share}
		}
		o, ok := FindOnset(events)
		if !ok {
			return
		}
		if o.At.Before(o.Early) || o.At.After(o.Late) || o.EitherWay() < 0 {
			t.Fatalf("%+v", o)
		}
		if o.Before.Of+o.During.Of != n || o.During.Plain() <= o.Before.Plain() {
			t.Fatalf("%+v of %d", o, n)
		}
	})
}

func BenchmarkIncident(b *testing.B) {
	d := makeDay(1001, true)
	b.ReportMetric(float64(len(d.cases)), "cases")
	for b.Loop() {
		FindIncident(d.cases)
	}
}
