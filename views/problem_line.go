package views

import (
	"korescope/ui/canvas"
	"korescope/ui/text"
)

// Trouble is a problem as the shell shows it: what happened, which key helps,
// what else to do.
func Trouble(p Problem) canvas.Span {
	key := text.Safe{}
	if p.Remedy == TryAgain {
		key = text.Lit("r tries again.")
	}
	words := []text.Safe{p.Sentence}
	for _, w := range []text.Safe{key, p.Hint} {
		if !w.Empty() {
			words = append(words, w)
		}
	}
	return canvas.S(p.Token, text.Join(" ", words...))
}
