package views

import (
	"strings"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// ClockBadge marks what seems to have happened before its session: two clocks
// differ.
func ClockBadge() Cell { return Cell{Text: text.Lit("clock differs"), Token: theme.Warn} }

// LineParts is a debug line of a transcript in the pieces of its line, in order:
// level, whether clocks differ, node, message, how it was joined when that is not
// certain. A folded row is one piece that counts its lines.
func LineParts(r Row, e Env) []Cell {
	if r.Folded > 0 {
		return []Cell{{Text: counted(r.Folded, "debug line"), Token: theme.Faint}}
	}
	d := *r.Line
	parts := []Cell{LevelBadge(d, e)}
	if r.Early {
		parts = append(parts, ClockBadge())
	}
	parts = append(parts, showWord(d.Title, e), LineMessage(d, e))
	if d.Joined == api.ByUserTime {
		parts = append(parts, JoinBadge(d.Joined))
	}
	return parts
}

// LineMessage is what a debug line says: its message, or its detail where that
// is a short text, because some nodes write nothing else.
func LineMessage(d api.DebugLine, e Env) Cell {
	token := theme.Plain
	if badge := LevelBadge(d, e); badge.Token != theme.Dim {
		token = badge.Token
	}
	switch detail := string(d.Detail); {
	case d.Unreadable != "":
		return Cell{Text: text.Format("[unreadable: %s]", e.Text(d.Unreadable)), Token: theme.Bad}
	case d.Message != "":
		return Cell{Text: e.Text(d.Message), Token: token}
	case len(detail) > 2 && len(detail) < shortDetail && detail[0] == '"':
		return dim(e.Text(strings.Trim(detail, `"`)))
	}
	if heard := HeardText(d, e); !heard.Empty() {
		return dim(text.Join("", text.Lit("heard "), heard))
	}
	return absent()
}

// shortDetail is how long a detail may be, in bytes, to stand for a message.
const shortDetail = 200

// LineText is LineParts in one line.
func LineText(r Row, e Env) text.Safe {
	parts := LineParts(r, e)
	words := make([]text.Safe, len(parts))
	for i, p := range parts {
		words[i] = p.Text
	}
	return text.Join("  ", words...)
}
