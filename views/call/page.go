package call

import (
	"slices"
	"strings"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// page is a tab of text: lines that are scrolled, not walked. The lines are never
// changed, so that a search beside the loop may hold them.
type page struct {
	lines   canvas.Block
	top     int
	pattern string
	hits    []int // lines
	hit     int
}

func (p *page) do(a keymap.Action, h int) {
	switch a {
	case keymap.MoveUp:
		p.top--
	case keymap.MoveDown:
		p.top++
	case keymap.PageUp:
		p.top -= h - 1
	case keymap.PageDown:
		p.top += h - 1
	case keymap.HalfPageUp:
		p.top -= h / 2
	case keymap.HalfPageDown:
		p.top += h / 2
	case keymap.GoTop:
		p.top = 0
	case keymap.GoBottom:
		p.top = len(p.lines)
	}
	p.clamp(h)
}

func (p *page) clamp(h int) { p.top = max(min(p.top, len(p.lines)-h), 0) }

// set replaces the lines and looks for the pattern in them.
func (p *page) set(lines canvas.Block, pattern string, h int) {
	p.lines = lines
	p.found(pattern, linesWith(lines, pattern))
	p.clamp(h)
}

// found takes in where a pattern stands.
func (p *page) found(pattern string, hits []int) {
	p.pattern, p.hits = pattern, hits
	p.hit = min(p.hit, max(len(hits)-1, 0))
}

// linesWith are the places of the lines that hold the pattern.
func linesWith(lines canvas.Block, pattern string) []int {
	if pattern == "" {
		return nil
	}
	var out []int
	fold := folds(pattern)
	for i, l := range lines {
		for _, s := range l.Spans {
			if len(s.Text.Find(pattern, fold)) > 0 {
				out = append(out, i)
				break
			}
		}
	}
	return out
}

// folds reports a pattern for which capitals do not count.
func folds(pattern string) bool { return pattern == strings.ToLower(pattern) }

// mark makes what was found stand out.
func mark(l canvas.Line, pattern string) canvas.Line {
	out := canvas.Line{Fill: l.Fill}
	for _, s := range l.Spans {
		at := 0
		for _, hit := range s.Text.Find(pattern, folds(pattern)) {
			out = out.Add(canvas.S(s.Token, s.Text.Slice(at, hit[0])), canvas.S(theme.Match, s.Text.Slice(hit[0], hit[1])))
			at = hit[1]
		}
		out = out.Add(canvas.S(s.Token, s.Text.Slice(at, len(s.Text.String()))))
	}
	return out
}

// match goes n hits on, 0 to the first one at or below the top of the screen.
func (p *page) match(n, h int) bool {
	if len(p.hits) == 0 {
		return false
	}
	if n == 0 {
		p.hit = 0
		for p.hit < len(p.hits)-1 && p.hits[p.hit] < p.top {
			p.hit++
		}
	} else {
		p.hit = (p.hit + n + len(p.hits)) % len(p.hits)
	}
	p.top = p.hits[p.hit] - h/3
	p.clamp(h)
	return true
}

func (p *page) count() text.Safe {
	if len(p.hits) == 0 {
		return text.Lit("no hit")
	}
	return text.Format("%d/%d", p.hit+1, len(p.hits))
}

// plain is the lines as text.
func plain(lines canvas.Block) string {
	var b strings.Builder
	for _, l := range lines {
		for _, s := range l.Spans {
			b.WriteString(s.Text.String())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (p *page) draw(h int) canvas.Block {
	seen := p.lines[min(p.top, len(p.lines)):min(p.top+h, len(p.lines))]
	if len(p.hits) == 0 {
		return seen
	}
	out := make(canvas.Block, len(seen))
	for i, l := range seen {
		if out[i] = l; holds(p.hits, p.top+i) {
			out[i] = mark(l, p.pattern)
		}
	}
	return out
}

// holds reports a place in a list of places in order.
func holds(hits []int, at int) bool {
	_, ok := slices.BinarySearch(hits, at)
	return ok
}
