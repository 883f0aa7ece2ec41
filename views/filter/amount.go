package filter

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"korescope/ui/text"
)

// reader reads the amounts of one field.
type reader struct {
	name   string
	length bool
	bare   int64 // milliseconds of a length without a unit
}

// bounds turns a comparison into the least and the largest amount that match.
// Comparisons are exact; only a plain length matches to the unit it was given in:
// dur:90s is 90.0 s to 90.999 s.
func bounds(r reader, t Term) (low, high int64, err error) {
	n, last, err := r.amount(t.Value)
	if err != nil {
		return 0, 0, err
	}
	switch t.Op {
	case Over:
		return n + 1, math.MaxInt64, nil
	case Under:
		return math.MinInt64, n - 1, nil
	case AtLeast:
		return n, math.MaxInt64, nil
	case AtMost:
		return math.MinInt64, n, nil
	case Has, Exactly:
	}
	return n, last, nil
}

// amount reads a number, or a length of time in milliseconds. last is the
// largest amount that still prints as what was typed.
func (r reader) amount(s string) (n, last int64, err error) {
	if r.length {
		if n, unit, ok := length(s, r.bare); ok {
			return n, n + unit - 1, nil
		}
		return 0, 0, fmt.Errorf("%s: %q is no length of time; write 90s, 2m, 1h30m or 800ms",
			r.name, text.Clean(s).String())
	}
	n, err = strconv.ParseInt(strings.ReplaceAll(s, ",", ""), 10, 64)
	if err != nil || n == math.MaxInt64 || n == math.MinInt64 {
		return 0, 0, fmt.Errorf("%s: %q is no number", r.name, text.Clean(s).String())
	}
	return n, n, nil
}

const mostLength = int64(1) << 52 // milliseconds; far beyond any session

// length reads 800ms, 90s, 2m, 1h30m, 3d, 1.5s, 3:48 and plain numbers of
// bare milliseconds. unit is how fine it was given.
func length(s string, bare int64) (ms, unit int64, ok bool) {
	rest := strings.ToLower(s)
	if strings.Contains(rest, ":") {
		return clockLength(rest)
	}
	var total float64
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		value, err := strconv.ParseFloat(rest[:digits], 64)
		if err != nil {
			return 0, 0, false
		}
		name := rest[digits : digits+len(rest[digits:])-len(strings.TrimLeft(rest[digits:], "abcdefghijklmnopqrstuvwxyz"))]
		size := unitSize(name, bare)
		if size == 0 {
			return 0, 0, false
		}
		total += value * float64(size)
		unit = min(size, 1000)
		if strings.Contains(rest[:digits], ".") {
			unit = 1
		}
		rest = rest[digits+len(name):]
	}
	if unit == 0 || total > float64(mostLength) {
		return 0, 0, false
	}
	return int64(math.Round(total)), unit, true
}

func unitSize(name string, bare int64) int64 {
	switch name {
	case "ms":
		return 1
	case "":
		return bare
	case "s":
		return 1000
	case "m", "min":
		return 60_000
	case "h":
		return 3_600_000
	case "d":
		return 86_400_000
	}
	return 0
}

func clockLength(s string) (ms, unit int64, ok bool) {
	var total int64
	parts := strings.Split(s, ":")
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 31)
		if err != nil || i > 0 && (n > 59 || len(p) != 2) || len(parts) > 3 {
			return 0, 0, false
		}
		total = total*60 + int64(n)
	}
	return total * 1000, 1000, true
}
