package filter

import (
	"time"

	"korescope/api"
	"korescope/views"
)

// Lines is the schema of debug lines. level takes the word as it was sent and
// error, warning, info or debug for every word that means it.
func Lines(zone *time.Location) Schema[api.DebugLine] {
	type row = api.DebugLine
	one := func(of func(row) string) func(row) []string {
		return func(l row) []string { return []string{of(l)} }
	}
	return Schema[row]{
		What: "debug lines",
		Fields: []Field[row]{
			{
				Name: "level", Help: "error, warning, info or debug", Kind: Start,
				Values: []string{"error", "warning", "info", "debug"},
				Words:  func(l row) []string { return []string{l.Level, levelName(l.Level)} },
			},
			{Name: "node", Help: "node, any part", Words: one(func(l row) string { return l.Title })},
			{Name: "text", Help: "message, any part", Words: one(func(l row) string { return l.Message })},
			{Name: "channel", Help: "channel", Kind: Start, Words: one(func(l row) string { return l.Channel })},
			{Name: "session", Help: "session id, any part", Words: one(func(l row) string { return string(l.Session) })},
		},
		Anywhere: func(l row, see func(string) bool) bool {
			for _, word := range []string{l.Title, views.LineMessage(l, views.Env{}).Text.String(), l.Level, string(l.Session), l.Unreadable} {
				if word != "" && see(word) {
					return true
				}
			}
			return false
		},
		Times: func(l row, see func(string) bool) bool { return moments(l.Time, zone, see) },
	}
}

func levelName(level string) string {
	switch views.LevelRank(level) {
	case 3:
		return "error"
	case 2:
		return "warning"
	case 1:
		return "info"
	case 0:
		return "debug"
	}
	return level
}
