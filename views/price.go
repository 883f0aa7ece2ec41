package views

import (
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// AskFirst is how many requests may be made for a key without a question.
const AskFirst = 3

// Price is what about so many requests of a long reading cost, in words: "80
// requests, 1 min 36 s". The time is that of a reading which leaves room for keys.
func Price(n api.Maybe[int], limits api.Limits) text.Safe {
	switch {
	case !n.Known:
		return text.Lit("the platform does not say how many requests")
	case n.Value == 1:
		return text.Lit("1 request")
	}
	l := limits.For(api.Follow)
	hours := (n.Value - 1) / l.PerHour
	took := time.Duration(hours)*time.Hour + time.Duration(n.Value-hours*l.PerHour)*time.Minute/time.Duration(l.PerMinute)
	return text.Format("%s requests, %s", text.Count(n.Value), lasting(took))
}

// lasting is a length of time with its two largest units: "1 min 36 s".
func lasting(d time.Duration) text.Safe {
	d = max(d.Round(time.Second), time.Second)
	h, m, s := int(d/time.Hour), int(d/time.Minute)%60, int(d/time.Second)%60
	switch {
	case h > 0 && m > 0:
		return text.Format("%d h %d min", h, m)
	case h > 0:
		return text.Format("%d h", h)
	case m > 0 && s > 0:
		return text.Format("%d min %d s", m, s)
	case m > 0:
		return text.Format("%d min", m)
	}
	return text.Format("%d s", s)
}
