package uitest

import (
	"fmt"
	"strings"
	"testing"

	"korescope/ui/canvas"
	"korescope/ui/theme"
)

// Picture is what a screen shows in the form it is kept in: facts beside the
// picture, its text, and the runs of cells that mean something, by the names of
// their tokens. Which colour a token has is not its business.
type Picture struct {
	W, H  int
	Facts []string
	Lines []string
	Runs  []string
}

// Paint makes the picture of a block. Its text is what an emulator shows, so
// that a letter wider than it is counted is seen.
func Paint(t *testing.T, b canvas.Block, w int, facts ...string) Picture {
	t.Helper()
	h := len(b)
	p := Picture{W: w, H: h, Facts: facts}
	p.Lines = Draw(t, canvas.Render(b, theme.Theme{}, w, h), w, h).Lines
	for y, l := range b.Fit(w, h) {
		if runs := lineRuns(l); runs != "" {
			p.Runs = append(p.Runs, fmt.Sprintf("%2d %s", y, runs))
		}
	}
	return p
}

// lineRuns lists the cells of a line by their tokens: "/" and the fill of the
// whole row first, then FROM-TO:TOKEN. A blank looks like what stands around it,
// unless its token has a background.
func lineRuns(l canvas.Line) string {
	var out []string
	if l.Fill != theme.Plain {
		out = append(out, "/"+l.Fill.String())
	}
	var token theme.Token
	from, to, x := 0, 0, 0
	flush := func() {
		if token != theme.Plain {
			out = append(out, fmt.Sprintf("%d-%d:%s", from, to-1, token))
		}
	}
	for _, s := range l.Spans {
		text := s.Text.String()
		lead, tail := 0, 0
		if !s.Token.Fills() {
			lead = len(text) - len(strings.TrimLeft(text, " "))
			tail = len(text) - len(strings.TrimRight(text, " "))
		}
		w := s.Text.Width()
		if lead < len(text) {
			if s.Token != token || token.Fills() && x > to {
				flush()
				token, from = s.Token, x+lead
			}
			to = x + w - tail
		}
		x += w
	}
	flush()
	return strings.Join(out, " ")
}

// String is the form pictures are kept in.
func (p Picture) String() string {
	var b strings.Builder
	for _, f := range p.Facts {
		b.WriteString(f + "\n")
	}
	b.WriteString(framed(p.W, p.H, p.Lines))
	for _, r := range p.Runs {
		b.WriteString(r + "\n")
	}
	return b.String()
}
