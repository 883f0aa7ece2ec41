package views

import (
	"strings"
	"time"

	"korescope/api"
)

// PlaceLine is the line after ":" that opens a list again: its word, its window
// (a length that ends now where it rolls) and its filter.
func PlaceLine(word string, w api.Window, rolls time.Duration, filter string) string {
	words := []string{word}
	switch {
	case rolls > 0:
		words = append(words, lengthWord(rolls))
	case !w.Zero():
		words = append(words, "--from", Stamp(w.From), "--to", Stamp(w.To))
	}
	if filter != "" {
		words = append(words, filter)
	}
	return strings.Join(words, " ")
}

// lengthWord is a length as [ParseSince] reads it, without parts that are zero.
func lengthWord(d time.Duration) string {
	s := d.Round(time.Second).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// OpenPlace is the line after ":" that opens a conversation at a moment.
func OpenPlace(id api.SessionID, at time.Time) string {
	if id == "" || strings.ContainsAny(string(id), " \t\n") {
		return ""
	}
	if at.IsZero() {
		return "open " + string(id)
	}
	return "open " + string(id) + " --at " + Stamp(at)
}

// Named is what a screen is about, for commands that are typed without a name:
// nothing while the session is not known.
func Named(id api.SessionID) []string {
	if id == "" {
		return nil
	}
	return []string{string(id)}
}
