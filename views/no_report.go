package views

import (
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// NoReport stands where a report has no rows; empty is the sentence for one
// that was made and has none.
func NoReport(loading bool, failed error, empty text.Safe) canvas.Line {
	s := empty
	switch {
	case loading:
		s = text.Lit("the platform is making the report ...")
	case failed != nil:
		s = text.Lit("nothing could be read; the line below says why")
	}
	return canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit("   "), s)))
}
