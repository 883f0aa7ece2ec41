package follow

import (
	"fmt"
	"time"

	"korescope/api"
)

const (
	// Most is how many requests a minute following may cost, however much room
	// there is.
	Most = 30
	// slowest is the longest wait between two reads that the pace alone asks for.
	slowest = 2 * time.Minute
	// ahead is for how many minutes others are taken to go on as in the last one.
	ahead = 40
	// remembered is how long others who were found out by a refusal count.
	remembered = 15 * time.Minute
)

// Pace is how fast following may go, and why.
type Pace struct {
	Asked     time.Duration // the wait that was asked for
	Every     time.Duration // the wait that it is
	PerMinute float64       // requests a minute that may be spent
	Others    int           // requests a minute of everybody else
	Hour      float64       // requests a minute that the hour leaves
}

// Room works out the pace. u is everybody's use, minute and hour the part of it
// that is our own, unseen what others use a minute beside it, as a refusal told.
//
// The minute leaves what the lane may use less what others use. The hour is a
// sliding one: what it leaves beside others, spread over sixty minutes, can be
// gone on with for ever, if they go on as in the last minute; while less of it is
// used than that, what is free now may be spread as well. Half of the result goes
// into looking for new sessions at most, the rest into open ones.
func Room(u api.Usage, minute, hour, unseen int, asked time.Duration) Pace {
	limits := u.Limits.For(api.Follow)
	others := max(0, u.Minute-minute) + unseen
	p := Pace{Asked: asked, Others: others}
	used := max(60*others, u.Hour-hour+60*unseen)
	free := limits.PerHour - u.Hour - 60*unseen - ahead*(others-unseen)
	p.Hour = float64(max(0, limits.PerHour-used, free)) / 60
	p.PerMinute = min(float64(Most), float64(max(0, limits.PerMinute-others)), p.Hour)
	least := 2 / slowest.Minutes()
	p.PerMinute = max(p.PerMinute, least)
	p.Every = min(slowest, max(asked, time.Duration(2/p.PerMinute*float64(time.Minute)))).Round(time.Second)
	return p
}

// String says it in words: "pace 20 s: asked for 10 s, others use 19 a minute,
// the hour leaves 9".
func (p Pace) String() string {
	if p.Every <= p.Asked {
		return fmt.Sprintf("pace %d s", int(p.Every.Seconds()))
	}
	return fmt.Sprintf("pace %d s: asked for %d s, others use %d a minute, the hour leaves %d",
		int(p.Every.Seconds()), int(p.Asked.Seconds()), p.Others, int(p.Hour))
}

// spent counts our own requests of the last hour.
type spent struct{ at []time.Time }

func (s *spent) add(now time.Time, n int) {
	for range n {
		s.at = append(s.at, now)
	}
	old := 0
	for old < len(s.at) && now.Sub(s.at[old]) >= api.KeepSent {
		old++
	}
	s.at = s.at[old:]
}

func (s *spent) within(d time.Duration, now time.Time) int {
	n := 0
	for i := len(s.at) - 1; i >= 0 && now.Sub(s.at[i]) < d+api.LimitMargin; i-- {
		n++
	}
	return n
}
