package views

import (
	"fmt"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// Clock is the time of day in the zone: 15:04:05. A zero time is "-". In the hour
// that the clocks of the zone show twice it is 02:25+01, so that two moments do
// not look like one.
func Clock(t time.Time, zone *time.Location) text.Safe { return stamp(t, zone, "15:04:05", "15:04-07") }

// Day is the day in the zone: 2025-10-17. A zero time is "-".
func Day(t time.Time, zone *time.Location) text.Safe { return stamp(t, zone, "2006-01-02", "") }

// Moment is Clock for today and day with minutes for any other day, 12 cells
// at most.
func Moment(t time.Time, e Env) text.Safe {
	switch zone := e.zone(); {
	case t.IsZero():
		return text.Lit("-")
	case e.Plain:
		return text.Clean(Stamp(t))
	case sameDay(t.In(zone), e.Now.In(zone)):
		return Clock(t, zone)
	case t.In(zone).Year() == e.Now.In(zone).Year():
		return stamp(t, zone, "Jan 02 15:04", "02 15:04 -07")
	default:
		return stamp(t, zone, "2006-01-02", "")
	}
}

// Start is a moment in eight cells: the time of day for today, weekday and
// minute for the days before, so that a list that crosses midnight does not look
// unsorted.
func Start(t time.Time, e Env) text.Safe {
	switch zone := e.zone(); {
	case t.IsZero():
		return text.Lit("-")
	case sameDay(t.In(zone), e.Now.In(zone)):
		return Clock(t, zone)
	default:
		if at := t.In(zone); !Repeats(t, zone) {
			return text.Clean(at.Format("Mon")[:2] + at.Format(" 15:04"))
		}
		return Clock(t, zone)
	}
}

// stamp writes a time; repeated is the layout for an hour that the clocks of the
// zone show twice, of the same width, "" for the same layout.
func stamp(t time.Time, zone *time.Location, layout, repeated string) text.Safe {
	if t.IsZero() {
		return text.Lit("-")
	}
	if zone == nil {
		zone = time.UTC
	}
	if repeated != "" && Repeats(t, zone) {
		layout = repeated
	}
	return text.Clean(t.In(zone).Format(layout))
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// Age is how old something is, in its largest unit: 12s, 41m, 2h, 3d. Less
// than nothing is 0s.
func Age(d time.Duration) text.Safe {
	switch {
	case d < 0:
		return text.Lit("0s")
	case d < time.Minute:
		return text.Format("%ds", int(d/time.Second))
	case d < time.Hour:
		return text.Format("%dm", int(d/time.Minute))
	case d < 24*time.Hour:
		return text.Format("%dh", int(d/time.Hour))
	}
	return text.Format("%dd", int(d/(24*time.Hour)))
}

// Elapsed is a length or a place in a conversation: 0:48, 3:48, 1:02:11, with a
// minus before its start. Parts of a second are dropped.
func Elapsed(d time.Duration) text.Safe {
	sign := ""
	if d <= -time.Second {
		sign, d = "-", -d
	}
	s := int64(d / time.Second)
	if s < 0 {
		s = 0
	}
	if s < 3600 {
		return text.Format("%s%d:%02d", sign, s/60, s%60)
	}
	return text.Format("%s%d:%02d:%02d", sign, s/3600, s/60%60, s%60)
}

// Bytes is a size in decimal units: 512 B, 1.4 kB, 38.2 kB, 4.1 MB.
func Bytes(n int64) text.Safe {
	if n < 1000 {
		return text.Format("%d B", n)
	}
	value, unit := float64(n)/1000, "kB"
	for _, next := range []string{"MB", "GB", "TB"} {
		if value < 999.95 {
			break
		}
		value, unit = value/1000, next
	}
	return text.Format("%.1f %s", value, unit)
}

// Millis is a waiting time in few cells: 40ms, 0.6s, 9.8s, 31s, 2m05s.
func Millis(ms int64) text.Safe {
	switch {
	case ms < 100:
		return text.Format("%dms", ms)
	case ms < 9950:
		return text.Format("%.1fs", float64(ms)/1000)
	case ms < 99_500:
		return text.Format("%ds", (ms+500)/1000)
	}
	s := (ms + 500) / 1000
	return text.Format("%dm%02ds", s/60, s%60)
}

// Tokens is a token count; "?" when the platform did not send one.
func Tokens(m api.Maybe[int]) text.Safe {
	if !m.Known {
		return text.Lit("?")
	}
	return text.Count(m.Value)
}

// TokenSum adds counts of which some may be unknown.
type TokenSum struct {
	Total          int
	Known, Unknown int
}

// Add counts one more.
func (s *TokenSum) Add(m api.Maybe[int]) {
	if !m.Known {
		s.Unknown++
		return
	}
	s.Known++
	s.Total += m.Value
}

// Text is the sum: 12,310 when every part is known, ">=12,310" when some are
// not, "?" when none is.
func (s TokenSum) Text() text.Safe {
	switch {
	case s.Unknown == 0:
		return text.Count(s.Total)
	case s.Known == 0:
		return text.Lit("?")
	}
	return text.Format(">=%s", text.Count(s.Total))
}

// Long is Text with the number of unknown parts: ">=12,310 (7 unknown)".
func (s TokenSum) Long() text.Safe {
	if s.Unknown == 0 || s.Known == 0 {
		return s.Text()
	}
	return text.Format("%s (%d unknown)", s.Text(), s.Unknown)
}

// ShortID cuts an id to what tells two of them apart: 66f3a9..c2, u-7f..31a.
// E-mail addresses and short ids stay whole.
func ShortID[S ~string](id S) text.Safe {
	s := string(id)
	prefix := strings.IndexByte(s, '-') + 1
	switch {
	case len(s) <= 12 || strings.ContainsRune(s, '@') || !ascii(s):
		return text.Clean(s)
	case prefix > 0 && prefix <= 3:
		return text.Clean(fmt.Sprintf("%s..%s", s[:prefix+2], s[len(s)-3:]))
	}
	return text.Clean(fmt.Sprintf("%s..%s", s[:6], s[len(s)-2:]))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}
