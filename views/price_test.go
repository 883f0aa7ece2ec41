package views_test

import (
	"testing"

	"korescope/api"
	"korescope/views"
)

func TestThePriceOfALongReading(t *testing.T) {
	for _, c := range []struct {
		n      api.Maybe[int]
		limits api.Limits
		want   string
	}{
		{api.Maybe[int]{}, api.Limits{}, "the platform does not say how many requests"},
		{api.Known(1), api.Limits{}, "1 request"},
		{api.Known(8), api.Limits{}, "8 requests, 10 s"},
		{api.Known(80), api.Limits{}, "80 requests, 1 min 36 s"},
		{api.Known(50), api.Limits{}, "50 requests, 1 min"},
		{api.Known(80), api.Limits{PerMinute: 20, PerHour: 600}, "80 requests, 5 min 43 s"},
		{api.Known(2000), api.Limits{}, "2,000 requests, 1 h 6 min"},
	} {
		if got := views.Price(c.n, c.limits).String(); got != c.want {
			t.Errorf("%v at %+v: %q, want %q", c.n, c.limits, got, c.want)
		}
	}
}
