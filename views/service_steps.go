package views

import (
	"strings"
	"time"

	"korescope/api"
)

// stretch is a span of time in which something ran.
type stretch struct{ from, to time.Time }

// serviceStretches reads from debug lines, given in order, when services ran: from
// the line that calls one to the line of the same node that says how it ended,
// or by the length of time that a line about a service names. A call that no
// line ends is left out.
func serviceStretches(lines []*api.DebugLine) []stretch {
	open := map[string]time.Time{}
	var out []stretch
	for _, l := range lines {
		words := strings.ToLower(l.Message)
		from, going := open[l.Title]
		switch {
		case l.Time.IsZero():
		case startsService(words):
			open[l.Title] = l.Time
		case going && (l.Bad() || endsStep(l, words)):
			out = append(out, stretch{from, l.Time})
			delete(open, l.Title)
		case strings.Contains(words, "service") || l.TimedOut():
			if length := l.StatedLength(); length > 0 {
				out = append(out, stretch{l.Time.Add(-length), l.Time})
			}
		}
	}
	return out
}

func startsService(words string) bool {
	return strings.Contains(words, "service") && hasOne(words, "called", "initiated", "invoked", "has started", "is started", "begins")
}

func endsStep(l *api.DebugLine, words string) bool {
	return l.TimedOut() || hasOne(words, "processed", "completed", "finished", "answered", "ended", "received", "succeeded", "failed")
}

func hasOne(words string, any ...string) bool {
	for _, one := range any {
		if strings.Contains(words, one) {
			return true
		}
	}
	return false
}
