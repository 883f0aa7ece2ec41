package views

import (
	"cmp"
	"strings"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// DebugFields is the record of `logs`: keys, order and columns.
func DebugFields() []Field[api.DebugLine] {
	str := func(name string, title text.Safe, ideal, at int, of func(api.DebugLine) string) Field[api.DebugLine] {
		return Field[api.DebugLine]{
			Name: name, Title: title, Min: min(8, ideal), Ideal: ideal, At80: at, At140: at,
			Show:    func(d api.DebugLine, _ Env) Cell { return showWord(of(d)) },
			Value:   func(d api.DebugLine) any { return word(of(d)) },
			Compare: func(a, b api.DebugLine) int { return cmp.Compare(of(a), of(b)) },
		}
	}
	message := str("message", text.Lit("MESSAGE"), 30, 4, func(d api.DebugLine) string { return d.Message })
	message.Grow = 1
	return []Field[api.DebugLine]{
		{
			Name: "time", Title: text.Lit("TIME"), Min: 12, Ideal: 12, At80: 1, At140: 1,
			Show:    func(d api.DebugLine, e Env) Cell { return plain(exactMoment(d, e)) },
			Value:   func(d api.DebugLine) any { return moment(d.Time) },
			Compare: func(a, b api.DebugLine) int { return a.Time.Compare(b.Time) },
		},
		{
			Name: "level", Title: text.Lit("LEVEL"), Min: 5, Ideal: 5, At80: 2, At140: 2,
			Show:    func(d api.DebugLine, _ Env) Cell { return LevelBadge(d) },
			Value:   func(d api.DebugLine) any { return word(d.Level) },
			Compare: func(a, b api.DebugLine) int { return LevelRank(a.Level) - LevelRank(b.Level) },
		},
		str("title", text.Lit("NODE"), 18, 3, func(d api.DebugLine) string { return d.Title }),
		message,
		{
			Name: "detail", Title: text.Lit("DETAIL"), Min: 6, Ideal: 10,
			Show:  func(d api.DebugLine, e Env) Cell { return showPayload(d.Detail, e) },
			Value: func(d api.DebugLine) any { return payload(d.Detail) },
		},
		str("channel", text.Lit("CH"), 10, 0, func(d api.DebugLine) string { return d.Channel }),
		str("identity", text.Lit("IDENTITY"), 20, 0, func(d api.DebugLine) string { return d.Identity }),
	}
}

// exactMoment shows milliseconds: the engine writes many lines a second.
func exactMoment(d api.DebugLine, e Env) text.Safe {
	if d.Time.IsZero() {
		return text.Lit("-")
	}
	if e.Plain {
		return text.Clean(Stamp(d.Time))
	}
	return text.Clean(d.Time.In(e.zone()).Format("15:04:05.000"))
}

// LevelBadge is a level as one letter and a colour, so that neither is needed:
// E, W, I, D, or the word as sent.
func LevelBadge(d api.DebugLine) Cell {
	if d.Unreadable != "" {
		return Cell{Text: text.Lit("?"), Token: theme.Bad}
	}
	switch LevelRank(d.Level) {
	case 3:
		return Cell{Text: text.Lit("E"), Token: theme.Bad}
	case 2:
		return Cell{Text: text.Lit("W"), Token: theme.Warn}
	case 1:
		return dim(text.Lit("I"))
	case 0:
		return dim(text.Lit("D"))
	}
	return showWord(d.Level)
}

// LevelRank orders levels by how much they matter; -1 for a word not known.
func LevelRank(level string) int {
	switch strings.ToLower(level) {
	case "error", "fatal", "critical":
		return 3
	case "warning", "warn":
		return 2
	case "info", "notice", "log":
		return 1
	case "debug", "trace", "verbose":
		return 0
	}
	return -1
}
