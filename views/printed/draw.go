package printed

import (
	"strings"

	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// Fit takes the room the screen has.
func (m *Model) Fit(env ui.Env) {
	if env.Width != m.width {
		m.rows, m.laid = nil, 0
	}
	m.width, m.height = env.Width, max(env.Height, 1)
	m.lay()
	m.scroll(m.top)
}

// lay makes rows of the lines that have none yet.
func (m *Model) lay() {
	if m.laid == 0 {
		m.hits = nil
	}
	fold := m.find == strings.ToLower(m.find)
	for _, l := range m.out.Lines[m.laid:] {
		token, line := theme.Plain, text.Clean(l.Text)
		if l.Beside {
			token = theme.Dim
		}
		parts := []text.Safe{line}
		if m.cut {
			parts[0] = line.Cut(m.width)
		} else if line.Width() > m.width {
			parts = line.Wrap(max(m.width, 1))
		}
		for _, part := range parts {
			row, hit := marked(part, token, m.find, fold)
			if hit {
				m.hits = append(m.hits, len(m.rows))
			}
			m.rows = append(m.rows, row)
		}
	}
	m.laid = len(m.out.Lines)
}

// marked is a row with what is looked for standing out.
func marked(part text.Safe, token theme.Token, find string, fold bool) (canvas.Line, bool) {
	if find == "" {
		return canvas.L(canvas.S(token, part)), false
	}
	var out canvas.Line
	at, any := 0, false
	for _, hit := range part.Find(find, fold) {
		out = out.Add(canvas.S(token, part.Slice(at, hit[0])), canvas.S(theme.Match, part.Slice(hit[0], hit[1])))
		at, any = hit[1], true
	}
	return out.Add(canvas.S(token, part.Slice(at, len(part.String())))), any
}

// Draw shows the lines in sight.
func (m *Model) Draw(ui.Env) canvas.Block {
	if len(m.rows) == 0 {
		var out canvas.Block
		for _, part := range m.nothing().Wrap(max(m.width-2, 10)) {
			out = append(out, canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit(" "), part))))
		}
		return out
	}
	from := min(m.top, len(m.rows))
	return m.rows[from:min(from+m.height, len(m.rows))]
}

// nothing says why there is no line.
func (m *Model) nothing() text.Safe {
	switch {
	case m.route.Once != nil && !m.ran:
		return text.Format("This was carried out before, and does something: type it again to do it again: %s", m.route.Line)
	case m.feed != nil && m.feed.Loading():
		return text.Lit("nothing is printed yet ...")
	case m.out.Over:
		return text.Lit("it printed nothing")
	}
	return text.Lit("it was stopped before it printed anything")
}

// status is where one is and how the command ended.
func (m *Model) status() canvas.Line {
	at := text.Format(" %d of %d lines", min(m.top+m.height, len(m.rows)), len(m.rows))
	if m.find != "" {
		at = text.Format(" /%s  %d hits", m.find, len(m.hits))
	}
	line := canvas.L(canvas.S(theme.Dim, at))
	if m.out.Cut {
		line = line.Add(canvas.S(theme.Warn, text.Lit("  cut: a shell prints the rest")))
	}
	switch {
	case m.out.Over && m.out.Code != views.ExitDone:
		line = line.Add(canvas.S(theme.Bad, text.Format("  it ended with exit code %d", m.out.Code)))
	case !m.out.Over && m.feed != nil && m.feed.Loading():
		line = line.Add(canvas.S(theme.Accent, text.Lit("  running; ctrl-c stops it")))
	}
	return line
}
