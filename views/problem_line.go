package views

import (
	"korescope/ui/canvas"
	"korescope/ui/text"
)

// ProblemLine is a problem in the row above the footer: the sentence, then what
// helps.
func ProblemLine(p Problem) canvas.Line {
	return canvas.L(canvas.S(p.Token, text.Join(" ", text.Lit(" !"), p.Sentence, p.Hint)))
}
