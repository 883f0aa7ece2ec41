package views

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// DefaultWindow is what is asked for when nothing is said.
const DefaultWindow = 24 * time.Hour

const longestSince = 10 * 366 * 24 * time.Hour

// ParseSince reads a length of time: 90m, 24h, 7d, 2w, or several parts, 1d12h.
// Failures are UsageErrors.
func ParseSince(s string) (time.Duration, error) {
	bad := func(why string) (time.Duration, error) {
		return 0, Usage(fmt.Sprintf("%q is no length of time%s; write 90m, 24h, 7d or 2w", text.Clean(s).String(), why))
	}
	rest := strings.ToLower(strings.TrimSpace(s))
	if rest == "" {
		return bad("")
	}
	var total time.Duration
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if digits == 0 || digits == len(rest) {
			return bad("")
		}
		n, err := strconv.ParseInt(rest[:digits], 10, 64)
		unit := lengthUnit(rest[digits])
		switch {
		case unit == 0:
			return bad("")
		case err != nil || n > int64(longestSince/unit):
			return bad(" that can be asked for: it is longer than ten years")
		}
		total += time.Duration(n) * unit
		rest = rest[digits+1:]
		if total > longestSince {
			return bad(" that can be asked for: it is longer than ten years")
		}
	}
	if total == 0 {
		return bad(": it is zero")
	}
	return total, nil
}

func lengthUnit(c byte) time.Duration {
	switch c {
	case 's':
		return time.Second
	case 'm':
		return time.Minute
	case 'h':
		return time.Hour
	case 'd':
		return 24 * time.Hour
	case 'w':
		return 7 * 24 * time.Hour
	}
	return 0
}

// ParseTime reads RFC 3339, a date, or a date with a time of day; a zone may stand
// behind it by name ("2025-10-17 14:30 Europe/Berlin"), and whatever names none is
// in zone (nil is UTC). dateOnly says that there was no time of day. Of a time
// that the clocks of the zone show twice it is the first, see parseTimes.
// Failures are UsageErrors.
func ParseTime(s string, zone *time.Location) (t time.Time, dateOnly bool, err error) {
	first, _, dateOnly, err := parseTimes(s, zone)
	return first, dateOnly, err
}

// parseTimes is ParseTime with both moments that a time of day may mean: when
// clocks go back an hour is shown twice, and when they go forward the skipped one
// may mean either side. A window takes what makes it longer.
func parseTimes(s string, zone *time.Location) (first, last time.Time, dateOnly bool, err error) {
	if zone == nil {
		zone = time.UTC
	}
	trimmed := strings.TrimSpace(s)
	if at := strings.LastIndexByte(trimmed, ' '); at > 0 && strings.ContainsAny(trimmed[at:], "/ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		if named, err := time.LoadLocation(trimmed[at+1:]); err == nil {
			trimmed, zone = strings.TrimSpace(trimmed[:at]), named
		}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02 15:04Z07:00", "2006-01-02 15:04 Z07:00"} {
		if t, err := time.Parse(layout, trimmed); err == nil {
			return t, t, false, nil
		}
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if wall, err := time.Parse(layout, trimmed); err == nil {
			first, last := bothOf(wall, zone)
			return first, last, false, nil
		}
	}
	if t, err := time.ParseInLocation("2006-01-02", trimmed, zone); err == nil {
		return t, t, true, nil
	}
	return time.Time{}, time.Time{}, false, Usage(fmt.Sprintf(
		"%q is no time; write 2025-10-17, \"2025-10-17 14:30\" or 2025-10-17T14:30:00Z", text.Clean(s).String()))
}

// bothOf are the two moments at which the clocks of a zone may show a wall time,
// given as if it were UTC; they are equal but for a change of clocks.
func bothOf(wall time.Time, zone *time.Location) (first, last time.Time) {
	with := func(near time.Time) time.Time {
		_, offset := near.In(zone).Zone()
		return wall.Add(-time.Duration(offset) * time.Second).In(zone)
	}
	a, b := with(wall.Add(-26*time.Hour)), with(wall.Add(26*time.Hour))
	if shows := func(t time.Time) bool { return t.Format(time.DateTime) == wall.Format(time.DateTime) }; shows(a) != shows(b) {
		if shows(a) {
			return a, a
		}
		return b, b
	}
	if b.Before(a) {
		a, b = b, a
	}
	return a, b
}

// Repeats reports a moment of an hour that the clocks of the zone show twice.
func Repeats(t time.Time, zone *time.Location) bool {
	at := t.In(zone)
	_, before := at.Add(-26 * time.Hour).Zone()
	if _, after := at.Add(26 * time.Hour).Zone(); before == after {
		return false // nearly always, and a list asks for each of its rows
	}
	_, offset := at.Zone()
	wall := at.Add(time.Duration(offset) * time.Second).UTC()
	first, last := bothOf(wall, zone)
	return !first.Equal(last)
}

// ParseWindow makes the window of --since, or of --from and --to. Nothing given
// is the last 24 hours; from alone reaches to now, to alone begins 24 hours
// before. A date as the end includes that day; an end after now is now. Of an hour
// that clocks show twice the beginning is the first and the end the last. Failures
// are UsageErrors.
func ParseWindow(since, from, to string, now time.Time, zone *time.Location) (api.Window, error) {
	if since != "" && (from != "" || to != "") {
		return api.Window{}, Usage("--since and --from or --to exclude each other; give the length or the two ends")
	}
	if since != "" {
		d, err := ParseSince(since)
		if err != nil {
			return api.Window{}, err
		}
		return api.Last(d, now), nil
	}
	end, err := windowEnd(to, now, zone)
	if err != nil {
		return api.Window{}, err
	}
	start := end.Add(-DefaultWindow)
	if from != "" {
		if start, _, err = ParseTime(from, zone); err != nil {
			return api.Window{}, err
		}
	}
	switch {
	case !start.Before(now):
		return api.Window{}, Usage(fmt.Sprintf("the window begins at %s, which is not in the past", Stamp(start)))
	case start.After(end):
		return api.Window{}, Usage(fmt.Sprintf("--from (%s) lies after --to (%s)", Stamp(start), Stamp(end)))
	case start.Equal(end):
		return api.Window{}, Usage(fmt.Sprintf("--from and --to are the same moment (%s); the window is empty", Stamp(start)))
	}
	if end.After(now) {
		end = now
	}
	return api.Between(start, end), nil
}

func windowEnd(to string, now time.Time, zone *time.Location) (time.Time, error) {
	if to == "" {
		return now, nil
	}
	_, end, dateOnly, err := parseTimes(to, zone)
	if dateOnly {
		end = end.AddDate(0, 0, 1) // a day may have 23 or 25 hours
	}
	return end, err
}
