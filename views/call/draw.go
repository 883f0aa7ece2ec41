package call

import (
	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

const topRows = 2 // the call, the tabs

// Fit takes the room the screen has. What takes long to be laid out is left to
// [Model.Returned], and stands as it is meanwhile.
func (m *Model) Fit(env ui.Env) {
	m.zone, m.width, m.height, m.bare = env.Zone, env.Width, env.Height, env.Bare
	if m.payload == nil {
		return
	}
	if m.job().size() <= atOnce {
		m.layOut()
		return
	}
	m.blanks()
	for t := range m.pages {
		m.pages[t].clamp(m.listHeight())
	}
}

func (m *Model) listHeight() int { return max(m.height-topRows, 1) }

// Heading tells the shell what is here.
func (m *Model) Heading() ui.Heading {
	h := ui.Heading{Title: m.title(), Scopes: []keymap.Scope{keymap.Call}, Status: m.status()}
	if m.tree() != nil {
		h.Scopes = []keymap.Scope{keymap.Tree, keymap.Call}
	}
	if !m.call.Start.IsZero() {
		h.Window = text.Clean(m.call.Start.In(m.zone).Format("Jan 02 2006 15:04:05 MST"))
	}
	if m.payload == nil {
		return h
	}
	if a, ok := m.payload.Answer(); ok {
		h.At = a.At
	}
	if m.payload.Loading() {
		h.Loading = m.since
	}
	if err := m.payload.Err(); err != nil && api.KindOf(err) != api.NotCached {
		h.Trouble = views.Trouble(m.d.Explain(err))
	}
	return h
}

func (m *Model) title() text.Safe {
	if at := m.place(); at > 0 {
		return text.Format("llm %d/%d", at, len(m.route.Siblings))
	}
	return text.Lit("llm call")
}

// Draw shows the call in a row, the tabs, and the tab.
func (m *Model) Draw(env ui.Env) canvas.Block {
	h := max(env.Height-topRows, 1)
	out := canvas.Block{m.facts(env.Width), m.tabLine(env.Width)}
	if t := m.tree(); t != nil {
		return append(out, t.Draw(env.Width, h)...)
	}
	return append(out, m.pages[m.tab].draw(h)...)
}

// facts is the call in one row: how it ended first.
func (m *Model) facts(w int) canvas.Line {
	c := m.call
	line := canvas.L(canvas.S(theme.Plain, text.Lit(" ")), m.ending(c))
	parts := views.CallParts(c, m.env())
	for _, p := range parts[:4] { // the rest is how it ended and was joined
		line = line.Add(canvas.S(theme.Plain, text.Lit("  ")), canvas.Span(p))
	}
	if c.Joined != api.NotJoined {
		line = line.Add(canvas.S(theme.Dim, text.Lit("  ")), canvas.Span(views.JoinBadge(c.Joined)))
	}
	if c.TokensFrom == api.TokensOfProvider {
		line = line.Add(canvas.S(theme.Dim, text.Lit("  tokens counted by the provider")))
	}
	if c.Integration != "" {
		line = line.Add(canvas.S(theme.Dim, text.Join("", text.Lit("  "), m.env().Text(c.Integration))))
	}
	return line.Fit(w)
}

// ending is what is wrong with the call, or how it ended.
func (m *Model) ending(c api.LLMCall) canvas.Span {
	if c.Problem != "" {
		return canvas.S(theme.Bad, text.Join("", text.Lit("! "), m.env().Text(c.Problem)))
	}
	return canvas.Span(views.FinishBadge(c, m.env()))
}

func (m *Model) tabLine(w int) canvas.Line {
	said := text.Int(len(m.read.Asked) + len(m.read.Answer))
	if !m.shown || !m.whole {
		said = text.Lit("?")
	}
	names := [tabCount]text.Safe{
		text.Format("messages %s", said),
		size(text.Lit("request"), len(m.call.Request)),
		size(text.Lit("response"), len(m.call.Response)),
		m.deltaName(),
	}
	line := canvas.L(canvas.S(theme.Plain, text.Lit(" ")))
	for i, name := range names {
		if tab(i) == m.tab {
			line = line.Add(canvas.S(theme.Accent, text.Join("", text.Lit("["), name, text.Lit("] "))))
		} else {
			line = line.Add(canvas.S(theme.Dim, text.Join("", text.Lit(" "), name, text.Lit("  "))))
		}
	}
	right := canvas.L()
	if m.find != "" {
		hits := m.pages[m.tab].count()
		if t := m.tree(); t != nil {
			hits = t.HitCount()
		}
		right = right.Add(canvas.S(theme.Accent, text.Format("/%s  %s ", m.env().Text(m.find), hits)))
	}
	return canvas.Split(w, line, right)
}

func size(name text.Safe, n int) text.Safe {
	if n == 0 {
		return text.Join("", name, text.Lit(" -"))
	}
	return text.Join(" ", name, views.Bytes(int64(n)))
}

func (m *Model) deltaName() text.Safe {
	if !m.had {
		return text.Lit("delta -")
	}
	if _, ok := m.earlier.Answer(); !ok || len(m.call.Request) == 0 {
		return text.Lit("delta ?")
	}
	return text.Format("delta %d", len(m.changes))
}

// absent is what a tab without a payload says.
func (m *Model) absent(t tab) canvas.Block {
	if m.trees[t] != nil {
		return nil
	}
	word := text.Lit("the platform sent no request payload with this call")
	if t == responseTab {
		word = text.Lit("the platform sent no response payload with this call")
	}
	switch _, ok := m.payload.Answer(); {
	case !ok && m.payload.Loading(), ok && !m.shown:
		word = text.Lit("reading the payload ...")
	case !ok:
		word = text.Lit("there is no payload to show; the line below says why")
	}
	return canvas.Block{canvas.Line{}, canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit("   "), word)))}
}

// status is a failure, or where the cursor stands in the tree.
func (m *Model) status() canvas.Line {
	if m.payload == nil {
		return canvas.Line{}
	}
	if _, ok := m.payload.Answer(); !ok && !m.payload.Loading() && m.payload.Asked() {
		return canvas.L(canvas.S(theme.Bad, text.Lit(" the payload is no longer in the cache; go back and read the list again")))
	}
	if t := m.tree(); t != nil {
		return canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit(" "), m.env().Text(t.Path()))))
	}
	line := canvas.Line{}
	if p := m.pages[m.tab]; len(p.lines) > m.listHeight() {
		line = line.Add(canvas.S(theme.Dim, text.Format(" lines %d to %d of %d",
			p.top+1, min(p.top+m.listHeight(), len(p.lines)), len(p.lines))))
	}
	if m.call.Joined == api.ByUserTime {
		line = line.Add(canvas.S(theme.Dim, text.Lit("  joined by user and time: probable, not certain")))
	}
	return line
}
