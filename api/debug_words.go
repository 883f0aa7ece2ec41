package api

import (
	"strconv"
	"strings"
	"time"
)

// What a debug line says in words: the engine has no fields for it.

// TimedOut reports a line that tells of a service which did not answer in time.
func (d DebugLine) TimedOut() bool { return SaysTimeout(d.Message) }

// SaysTimeout reports words that tell of an answer which did not come in time.
func SaysTimeout(words string) bool {
	words = strings.ToLower(words)
	for _, one := range []string{"timed out", "timeout", "time-out", "etimedout", "no answer within"} {
		if strings.Contains(words, one) {
			return true
		}
	}
	return false
}

// shortDetail is how long a detail may be, in bytes, to be searched for a length of
// time; a longer one is a dump in which any number may stand.
const shortDetail = 200

// StatedLength is a length of time that the line or its short detail names: "no
// answer within 10000 ms", "answered in 0.2 s". Zero when there is none.
func (d DebugLine) StatedLength() time.Duration {
	if n := lengthIn(strings.ToLower(d.Message)); n > 0 {
		return n
	}
	if len(d.Detail) < shortDetail {
		return lengthIn(strings.ToLower(string(d.Detail)))
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
