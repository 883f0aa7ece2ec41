package doctor

import (
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/ui/theme"
)

func columns() []table.Column[line] {
	token := func(l line, t theme.Token) theme.Token {
		if l.old || !l.known {
			return theme.Dim
		}
		return t
	}
	return []table.Column[line]{
		{Name: "state", Title: text.Lit("STATE"), Min: stateWidth, Ideal: stateWidth, Rank: 9, Cell: func(l line) canvas.Span {
			switch {
			case l.running:
				return canvas.S(theme.Accent, text.Lit("..."))
			case !l.known:
				return canvas.S(theme.Faint, text.Lit("-"))
			}
			return canvas.S(token(l, l.result.State.token()), text.Clean(string(l.result.State)))
		}},
		{Name: "name", Title: text.Lit("CHECK"), Min: nameWidth, Ideal: nameWidth, Rank: 8, Cell: func(l line) canvas.Span {
			return canvas.S(token(l, theme.Plain), text.Clean(l.result.Name))
		}},
		{Name: "finding", Title: text.Lit("FINDING"), Min: 10, Ideal: 40, Grow: true, Rank: 7, Cell: func(l line) canvas.Span {
			return canvas.S(token(l, theme.Plain), l.result.Found)
		}},
	}
}

// Fit takes the room the screen has.
func (m *Model) Fit(env ui.Env) {
	m.width, m.height = env.Width, env.Height
	list, _ := m.split()
	m.table.SetHeight(max(list-1, 1))
}

// split is the rows of the list and of the text below it. The text takes what
// the list leaves over, and has room for two sentences wherever there is any.
func (m *Model) split() (list, below int) {
	room := max(m.height-1, 2)
	least := min(5, room/3)
	below = max(room-len(m.lines)-1, least)
	return max(room-below, 2), below
}

// Draw shows how many are well, the list, and the whole finding of the row under
// the cursor.
func (m *Model) Draw(env ui.Env) canvas.Block {
	list, below := m.split()
	out := append(canvas.Block{m.summary(env.Width)}, m.table.Draw(env.Width, list)...)
	return append(out, m.detail(env.Width, below)...)
}

func (m *Model) summary(w int) canvas.Line {
	count := map[State]int{}
	done := 0
	for _, l := range m.lines {
		if l.known && !l.old {
			count[l.result.State]++
			done++
		}
	}
	left := canvas.L(canvas.S(theme.Plain, text.Lit(" ")))
	for _, s := range []State{Failed, Warn, OK, Skipped} {
		if n := count[s]; n > 0 {
			left = left.Add(canvas.S(s.token(), text.Format("%d %s", n, text.Clean(string(s)))), canvas.S(theme.Plain, text.Lit("  ")))
		}
	}
	if m.only {
		left = left.Add(canvas.S(theme.Accent, text.Lit("[problems only]")))
	}
	right := canvas.S(theme.Dim, text.Lit("r looks again "))
	switch {
	case !m.since.IsZero():
		right = canvas.S(theme.Accent, text.Format("looking, %d of %d ", done, len(m.lines)))
	case m.cut:
		right = canvas.S(theme.Warn, text.Format("stopped after %d of %d, r looks again ", done, len(m.lines)))
	}
	return canvas.Split(w, left, canvas.L(right))
}

func (m *Model) detail(w, h int) canvas.Block {
	if h < 2 {
		return nil
	}
	out := canvas.Block{canvas.Line{}}
	l, ok := m.table.Selected()
	switch {
	case !ok && m.only:
		out = append(out, canvas.L(canvas.S(theme.Dim, text.Lit(" no problem; esc shows everything"))))
	case !ok:
	case !l.known && l.running:
		out = append(out, canvas.L(canvas.S(theme.Dim, text.Format(" looking at %s ...", l.result.Name))))
	case l.known:
		out = append(out, wrapped(theme.Plain, l.result.Found, w)...)
		if !l.result.Advice.Empty() {
			out = append(out, wrapped(theme.Accent, l.result.Advice, w)...)
		}
	}
	return out[:min(len(out), h)]
}

func wrapped(t theme.Token, s text.Safe, w int) canvas.Block {
	var out canvas.Block
	for _, part := range s.Wrap(max(w-2, 10)) {
		out = append(out, canvas.L(canvas.S(t, text.Join("", text.Lit(" "), part))))
	}
	return out
}

// Heading tells the shell what is here.
func (m *Model) Heading() ui.Heading {
	return ui.Heading{Title: text.Lit("doctor"), At: m.ended, Loading: m.since, Status: m.status()}
}

func (m *Model) status() canvas.Line {
	say := text.Lit(" nothing here shows a secret")
	if !m.all {
		say = text.Lit(" at most 4 requests; :doctor all also asks for metrics, billing and debug logs")
	}
	return canvas.L(canvas.S(theme.Dim, say))
}

var (
	_ ui.Screen  = (*Model)(nil)
	_ ui.Fitter  = (*Model)(nil)
	_ ui.Stopper = (*Model)(nil)
	_ ui.Copier  = (*Model)(nil)
	_ ui.Closer  = (*Model)(nil)
)
