package views

import (
	"encoding/json"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// DebugFields is the record of `logs`: keys, order and columns.
func DebugFields() []Field[api.DebugLine] {
	type line = api.DebugLine
	voice := JSONField("voice", Layout{Title: text.Lit("VOICE"), Min: 8, Ideal: 24},
		func(d line) any { return heardRecord(d.Voice(), Env{}) }, showHeard)
	voice.masked = func(d line, e Env) any { return asJSON(heardRecord(d.Voice(), e)) }
	return []Field[line]{
		TimeField("time", Layout{Title: text.Lit("TIME"), Min: 12, Ideal: 12, At80: 1, At140: 1},
			func(d line) time.Time { return d.Time }).As(func(d line, e Env) Cell { return plain(exactMoment(d, e)) }),
		WordField("level", Layout{Title: text.Lit("LEVEL"), Min: 5, Ideal: 5, At80: 2, At140: 2}, func(d line) string { return d.Level }).
			As(LevelBadge).By(func(a, b line) int { return LevelRank(a.Level) - LevelRank(b.Level) }),
		WordField("title", Layout{Title: text.Lit("NODE"), Min: 8, Ideal: 18, At80: 3, At140: 3}, func(d line) string { return d.Title }),
		WordField("message", Layout{Title: text.Lit("MESSAGE"), Min: 8, Ideal: 30, Grow: 1, At80: 4, At140: 4},
			func(d line) string { return d.Message }),
		PayloadField("detail", Layout{Title: text.Lit("DETAIL"), Min: 6, Ideal: 10}, func(d line) json.RawMessage { return d.Detail }),
		WordField("channel", Layout{Title: text.Lit("CH"), Min: 8, Ideal: 10}, func(d line) string { return d.Channel }),
		DeskField("identity", Layout{Title: text.Lit("IDENTITY"), Min: 8, Ideal: 20}, func(d line) string { return d.Identity }),
		voice,
		CountField("noMatch", Layout{Title: text.Lit("NOMATCH"), Min: 7, Ideal: 7}, func(d line) api.Maybe[int] { return d.NoMatch() }),
		CountField("noInput", Layout{Title: text.Lit("NOINPUT"), Min: 7, Ideal: 7}, func(d line) api.Maybe[int] { return d.NoInput() }),
	}
}

// heardRecord is what speech recognition made of an utterance; nil for none.
func heardRecord(h api.Heard, e Env) any {
	if !h.Known() {
		return nil
	}
	return struct {
		Text       any `json:"text"`
		Vendor     any `json:"vendor"`
		Confidence any `json:"confidence"`
	}{word(e.Masked(h.Text)), word(h.Vendor), float(h.Confidence)}
}

func showHeard(d api.DebugLine, e Env) Cell {
	if !d.Voice().Known() {
		return absent()
	}
	return plain(e.Text(d.Voice().Text))
}

// HeardText is what speech recognition understood, who did and how surely:
// "two tickets" microsoft 0.87; empty where nothing was heard.
func HeardText(d api.DebugLine, e Env) text.Safe {
	h := d.Voice()
	if !h.Known() {
		return text.Safe{}
	}
	parts := []text.Safe{text.Format("\"%s\"", e.Text(h.Text))}
	if h.Vendor != "" {
		parts = append(parts, e.Text(h.Vendor))
	}
	if h.Confidence.Known {
		parts = append(parts, text.Format("%.2f", h.Confidence.Value))
	}
	return text.Join(" ", parts...)
}

// Unanswered counts the prompts before a line that nobody answered, or not in a
// way that fitted: "no input 1"; empty when all were.
func Unanswered(d api.DebugLine) text.Safe {
	var parts []text.Safe
	if n := d.NoMatch(); n.Value > 0 {
		parts = append(parts, text.Format("no match %d", n.Value))
	}
	if n := d.NoInput(); n.Value > 0 {
		parts = append(parts, text.Format("no input %d", n.Value))
	}
	return text.Join(", ", parts...)
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
func LevelBadge(d api.DebugLine, e Env) Cell {
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
	return showWord(d.Level, e)
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
