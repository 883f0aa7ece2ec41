package views

import (
	"strconv"
	"strings"
	"time"

	"korescope/api"
)

// spell is a span of time in which something ran.
type spell struct{ from, to time.Time }

// serviceSpells reads from debug lines, given in order, when services ran: from
// the line that calls one to the line of the same node that says how it ended,
// or by the length of time that a line about a service names. A call that no
// line ends is left out.
func serviceSpells(lines []*api.DebugLine) []spell {
	open := map[string]time.Time{}
	var out []spell
	for _, l := range lines {
		words := strings.ToLower(l.Message)
		from, going := open[l.Title]
		switch {
		case l.Time.IsZero():
		case startsService(words):
			open[l.Title] = l.Time
		case going && (l.Bad() || endsStep(words)):
			out = append(out, spell{from, l.Time})
			delete(open, l.Title)
		case strings.Contains(words, "service") || timedOut(words):
			if length := statedLength(l, words); length > 0 {
				out = append(out, spell{l.Time.Add(-length), l.Time})
			}
		}
	}
	return out
}

func startsService(words string) bool {
	return strings.Contains(words, "service") && hasOne(words, "called", "initiated", "invoked", "has started", "is started", "begins")
}

func endsStep(words string) bool {
	return timedOut(words) || hasOne(words, "processed", "completed", "finished", "answered", "ended", "received", "succeeded", "failed")
}

func timedOut(words string) bool {
	return hasOne(words, "timed out", "timeout", "time-out", "etimedout", "no answer within")
}

func hasOne(words string, any ...string) bool {
	for _, one := range any {
		if strings.Contains(words, one) {
			return true
		}
	}
	return false
}

// statedLength is a length of time that the line or its short detail names: "no
// answer within 10000 ms", "answered in 0.2 s". Zero when there is none.
func statedLength(l *api.DebugLine, words string) time.Duration {
	if d := lengthIn(words); d > 0 {
		return d
	}
	if len(l.Detail) < shortDetail {
		return lengthIn(strings.ToLower(string(l.Detail)))
	}
	return 0
}

// longestStated keeps a number that is no waiting time from being one.
const longestStated = 10 * time.Minute

func lengthIn(words string) time.Duration {
	fields := strings.FieldsFunc(words, func(r rune) bool { return r == ' ' || r == '(' || r == ')' || r == '"' || r == ';' })
	for i, f := range fields {
		digits := strings.TrimRight(f, "abcdefghijklmnopqrstuvwxyz.,:")
		n, err := strconv.ParseFloat(strings.ReplaceAll(digits, ",", ""), 64)
		if err != nil || n <= 0 {
			continue
		}
		unit := strings.TrimRight(f[len(digits):], ".,:")
		if unit == "" && i+1 < len(fields) {
			unit = strings.TrimRight(fields[i+1], ".,:")
		}
		if d := n * float64(unitOf(unit)); d > 0 && d <= float64(longestStated) {
			return time.Duration(d)
		}
	}
	return 0
}

func unitOf(word string) time.Duration {
	switch word {
	case "ms", "msec", "millis", "milliseconds":
		return time.Millisecond
	case "s", "sec", "secs", "second", "seconds":
		return time.Second
	}
	return 0
}
