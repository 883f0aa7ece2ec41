package views

import (
	"strings"
	"time"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
)

// WindowText is a window with its zone. rolls is the length of a window that
// ends now, 0 for any other.
func WindowText(w api.Window, rolls time.Duration, zone *time.Location) text.Safe {
	layout := "Jan 02 15:04"
	from, to := w.From.In(zone), w.To.In(zone)
	ends := text.Format("%s - %s", text.Clean(from.Format(layout)), text.Clean(to.Format(layout+" MST")))
	if sameDay(from, to) {
		ends = text.Format("%s-%s", text.Clean(from.Format(layout)), text.Clean(to.Format("15:04 MST")))
	}
	if rolls > 0 {
		return text.Format("last %s  %s", Span(rolls), ends)
	}
	return ends
}

// Span is a length of time as it is typed: 90m, 24h, 7d.
func Span(d time.Duration) text.Safe {
	switch {
	case d%(24*time.Hour) == 0 && d > 24*time.Hour:
		return text.Format("%dd", int(d/(24*time.Hour)))
	case d > 7*24*time.Hour-time.Hour && d < 7*24*time.Hour:
		return text.Lit("7d") // the longest window the platform answers at once
	case d%time.Hour == 0:
		return text.Format("%dh", int(d/time.Hour))
	}
	return text.Format("%dm", int(d/time.Minute))
}

// ReadWindow reads what a window prompt takes: a length ("24h"), a day, or two
// times with ".." between them. rolls is the length of a window that ends now.
// Failures are UsageErrors.
func ReadWindow(s string, now time.Time, zone *time.Location) (w api.Window, rolls time.Duration, err error) {
	s = strings.TrimSpace(s)
	if from, to, two := strings.Cut(s, ".."); two {
		w, err = ParseWindow("", strings.TrimSpace(from), strings.TrimSpace(to), now, zone)
		return w, 0, err
	}
	if d, bad := ParseSince(s); bad == nil {
		return api.Last(d, now), d, nil
	}
	if _, day, bad := ParseTime(s, zone); bad == nil && day {
		w, err = ParseWindow("", s, s, now, zone)
		return w, 0, err
	}
	return w, 0, Usage("write 24h, 7d, a day like 2025-10-17, or two times with .. between them")
}

// WindowCompletions offers the usual windows.
func WindowCompletions(typed string) []ui.Completion {
	var out []ui.Completion
	for _, w := range []ui.Completion{
		{Line: "1h", What: text.Lit("the last hour")},
		{Line: "6h", What: text.Lit("the last six hours")},
		{Line: "24h", What: text.Lit("the last day")},
		{Line: "7d", What: text.Lit("the last week")},
		{Line: "30d", What: text.Lit("the last 30 days, read in slices")},
	} {
		if strings.HasPrefix(w.Line, typed) {
			out = append(out, w)
		}
	}
	return out
}

// Distinct lists the values that occur, in order of appearance.
func Distinct[T any](rows []T, of func(T) string) []string {
	var out []string
	met := map[string]bool{}
	for _, r := range rows {
		if v := of(r); v != "" && !met[v] {
			met[v] = true
			out = append(out, v)
		}
	}
	return out
}

// WindowHint says what a typed window would be, or why it is none.
func WindowHint(s string, now time.Time, zone *time.Location, explain func(error) Problem) ui.Hint {
	w, _, err := ReadWindow(s, now, zone)
	if err != nil {
		return ui.Hint{Text: explain(err).Sentence, Bad: strings.TrimSpace(s) != ""}
	}
	return ui.Hint{Text: WindowText(w, 0, zone)}
}
