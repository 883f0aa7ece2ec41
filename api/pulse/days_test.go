package pulse

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// day is an invented day of a bot: a volume that follows the clock, a share that
// is left anyway, and on a bad day an incident.
type day struct {
	cases []Case
	onset time.Time // zero on a quiet day
	marks []Mark
}

var midnight = time.Date(2031, 3, 12, 0, 0, 0, 0, time.UTC)

// makeDay makes a day of 150 to 6,000 conversations. An incident begins so long
// before the end that at least twenty conversations fell into it.
func makeDay(seed uint64, incident bool) day {
	r := rand.New(rand.NewPCG(seed, 11))
	n := int(150 * math.Pow(40, r.Float64()))
	base, worse := 0.05+0.15*r.Float64(), 0.45+0.25*r.Float64()
	at := make([]time.Time, 0, n)
	for len(at) < n {
		hour := 24 * r.Float64()
		if r.Float64() < 0.25+0.75*math.Pow(math.Sin(math.Pi*hour/24), 2) {
			at = append(at, midnight.Add(time.Duration(hour*float64(time.Hour))))
		}
	}
	d := day{}
	begins := midnight.Add(48 * time.Hour)
	if incident {
		back := time.Duration((0.5 + 5.5*r.Float64()) * float64(time.Hour))
		for inside := 0; inside < 20; back += 10 * time.Minute {
			inside = 0
			for _, t := range at {
				if t.After(midnight.Add(24*time.Hour - back)) {
					inside++
				}
			}
			begins = midnight.Add(24*time.Hour - back)
		}
		d.onset = begins
		d.marks = []Mark{{At: begins.Add(-20 * time.Hour), ID: "old"}, {At: begins.Add(-25 * time.Second), ID: "cause"}, {At: begins.Add(40 * time.Minute), ID: "later"}}
	}
	for i, t := range at {
		c := Case{ID: fmt.Sprint(i), At: t}
		for k := range 4 {
			c.Features = append(c.Features, Feature{fmt.Sprint("tag", k), fmt.Sprint(r.IntN(3 + 4*k))})
		}
		share := base
		if !t.Before(begins) {
			share = worse
			c.Features = append(c.Features, Feature{"build", "2"})
		} else {
			c.Features = append(c.Features, Feature{"build", "1"})
		}
		c.Failed = r.Float64() < share
		if c.Failed {
			why := fmt.Sprint("usual", r.IntN(4))
			if !t.Before(begins) && r.Float64() < 0.75 {
				why = "planted"
			}
			c.Features = append(c.Features, Feature{Cause, why})
		}
		d.cases = append(d.cases, c)
	}
	return d
}

func TestQuietDays(t *testing.T) {
	days := 200
	if testing.Short() {
		days = 50
	}
	var cries int
	for seed := range days {
		d := makeDay(uint64(seed), false)
		if o, ok := FindIncident(d.cases); ok {
			cries++
			t.Logf("quiet day %d: since %s, %+v against %+v", seed, o.At, o.During, o.Before)
		}
	}
	t.Logf("%d of %d quiet days cry wolf", cries, days)
	if 50*cries > days {
		t.Errorf("%d of %d quiet days cry wolf, at most 2 %% may", cries, days)
	}
}

func TestIncidents(t *testing.T) {
	days := 200
	if testing.Short() {
		days = 50
	}
	var onset, cause, change int
	for seed := range days {
		d := makeDay(uint64(1000+seed), true)
		o, ok := FindIncident(d.cases)
		if !ok {
			t.Logf("incident %d is not seen", seed)
			continue
		}
		if off := o.At.Sub(d.onset).Abs(); off <= 3*time.Minute || off <= o.EitherWay() {
			onset++
		} else {
			t.Logf("incident %d: onset off by %s, said %s either way, by %v", seed, off, o.EitherWay(), o.By)
		}
		if len(o.Shared) > 0 && o.Shared[0].Feature == (Feature{Cause, "planted"}) {
			cause++
		} else {
			t.Logf("incident %d: first is %v", seed, o.Shared[:min(len(o.Shared), 1)])
		}
		if marks := Nearest(d.marks, o.Onset); len(marks) > 0 && marks[0].ID == "cause" {
			change++
		}
	}
	t.Logf("of %d incidents: onset %d, cause first %d, change first %d", days, onset, cause, change)
	for what, n := range map[string]int{"onset": onset, "cause": cause, "change": change} {
		if n < days*95/100 {
			t.Errorf("the %s of %d of %d incidents is named, at least 95 %% must be", what, n, days)
		}
	}
}
