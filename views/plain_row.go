package views

import (
	"time"

	"korescope/ui/text"
)

// PlainRow is a row of a transcript as one line of text for the clipboard.
func PlainRow(r Row, zone *time.Location) text.Safe {
	at := Clock(r.At, zone)
	switch r.Kind {
	case GapRow:
		return text.Join("  ", text.Blank(8), r.Label.Text.Pad(6), GapLine(r))
	case EndRow:
		return text.Join("  ", at, r.Label.Text.Pad(6), EndLine(r.Outcome))
	case CallRow, DebugRow:
		return text.Join("  ", at, r.Label.Text.Pad(6), r.Body().Text)
	}
	line := text.Join("  ", at, r.Label.Text.Pad(6), r.Body().Text)
	if o := r.Offers(); !o.Empty() {
		return text.Join("  ", line, o)
	}
	return line
}
