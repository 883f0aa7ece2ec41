package views

import "korescope/ui/text"

// PlainRow is a row of a transcript as one line of text for the clipboard. What a
// message says is as it was sent, so take Spelt of it.
func PlainRow(r Row, e Env) text.Safe {
	at := Clock(r.At, e.Zone)
	switch r.Kind {
	case GapRow:
		return text.Join("  ", text.Blank(8), r.Label.Text.Pad(6), GapLine(r))
	case EndRow:
		return text.Join("  ", at, r.Label.Text.Pad(6), EndLine(r.Outcome, e))
	case CallRow, DebugRow, NodeRow, ChangeRow:
		return text.Join("  ", at, r.Label.Text.Pad(6), r.Body(e).Text)
	}
	sent := e
	sent.Plain = true
	line := text.Join("  ", at, r.Label.Text.Pad(6), r.Body(sent).Text)
	if o := r.Offers(e); !o.Empty() {
		return text.Join("  ", line, o)
	}
	return line
}
