package call

import (
	"strings"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// page is a tab of text: lines that are scrolled, not walked.
type page struct {
	lines canvas.Block
	top   int
	hits  []int // lines
	hit   int
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
	p.lines, p.hits = lines, nil
	fold := pattern == strings.ToLower(pattern)
	for i, l := range lines {
		if pattern == "" {
			break
		}
		if marked, ok := mark(l, pattern, fold); ok {
			p.lines[i] = marked
			p.hits = append(p.hits, i)
		}
	}
	p.hit = min(p.hit, max(len(p.hits)-1, 0))
	p.clamp(h)
}

// mark makes what was found stand out.
func mark(l canvas.Line, pattern string, fold bool) (canvas.Line, bool) {
	out, any := canvas.Line{Fill: l.Fill}, false
	for _, s := range l.Spans {
		at := 0
		for _, hit := range s.Text.Find(pattern, fold) {
			any = true
			out = out.Add(canvas.S(s.Token, s.Text.Slice(at, hit[0])), canvas.S(theme.Match, s.Text.Slice(hit[0], hit[1])))
			at = hit[1]
		}
		out = out.Add(canvas.S(s.Token, s.Text.Slice(at, len(s.Text.String()))))
	}
	return out, any
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

func (p *page) plain() string {
	var b strings.Builder
	for _, l := range p.lines {
		for _, s := range l.Spans {
			b.WriteString(s.Text.String())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (p *page) draw(h int) canvas.Block {
	return p.lines[min(p.top, len(p.lines)):min(p.top+h, len(p.lines))]
}
