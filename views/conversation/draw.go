package conversation

import (
	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// topRows is how many rows stand above the conversation: facts, why, layers.
func (m *Model) topRows() int { return 2 + len(m.whyShown) }

// Fit takes the room the screen has.
func (m *Model) Fit(env ui.Env) {
	m.zone, m.width, m.height, m.bare = env.Zone, env.Width, env.Height, env.Bare
	m.layout()
}

func (m *Model) listHeight() int { return max(m.height-m.topRows(), 1) }

// Heading tells the shell what is here.
func (m *Model) Heading() ui.Heading {
	h := ui.Heading{
		Title:  m.env().ShortID(string(m.session.ID)),
		Scopes: []keymap.Scope{keymap.Conversation},
		Window: m.window(),
		Status: m.status(),
	}
	if m.messages == nil {
		return h
	}
	if a, ok := m.messages.Answer(); ok && (len(a.Value) > 0 || m.messages.Err() == nil) {
		h.At = a.At
		h.Cached = a.Origin == api.FromDisk
	}
	for _, err := range []error{m.lines.feed.Err(), m.calls.Err(), m.messages.Err(), m.lookup.Err()} {
		if err != nil {
			h.Trouble = views.Trouble(m.d.Explain(err))
		}
	}
	if m.messages.Loading() || m.calls.Loading() || m.lookup.Loading() || m.lines.asking() {
		h.Loading = m.since
	}
	return h
}

func (m *Model) window() text.Safe {
	if m.session.Start.IsZero() {
		return text.Safe{}
	}
	return text.Clean(m.session.Start.In(m.zone).Format("Jan 02 2006 15:04:05 MST"))
}

// Draw shows the facts, the layers and the conversation.
func (m *Model) Draw(env ui.Env) canvas.Block {
	out := append(canvas.Block{m.facts(env.Width)}, m.whyLines()...)
	out = append(out, m.layerLine(env.Width))
	if len(m.drawn) == 0 {
		return append(out, canvas.Line{}, m.nothing())
	}
	for i := m.top; i < min(m.top+env.Height-m.topRows(), len(m.drawn)); i++ {
		l := m.drawn[i]
		mark := canvas.S(theme.Plain, text.Lit(" "))
		if l.row == m.cursor && l.first {
			mark = canvas.S(theme.Cursor, text.Lit(">"))
		}
		out = append(out, canvas.Line{Spans: append([]canvas.Span{mark}, l.spans...)})
	}
	if m.script.Said+m.script.Calls == 0 {
		// The end alone is no conversation: say why there is nothing before it.
		out = append(out, canvas.Line{}, m.nothing())
	}
	return out
}

// facts is the session in one row: who, how it ended, how long, its place in
// the list.
func (m *Model) facts(w int) canvas.Line {
	s, env := m.session, m.env()
	dim := func(t text.Safe) canvas.Span { return canvas.S(theme.Dim, text.Join("", text.Lit("  "), t)) }
	line := canvas.L(
		canvas.S(theme.Plain, text.Lit(" ")), canvas.Span(views.ContainmentBadge(s, env)),
		dim(env.ID(string(s.ID))), dim(env.ShortUser(s.User)), dim(env.Text(s.Channel)),
	)
	for _, l := range s.Languages {
		line = line.Add(dim(env.Text(l)))
	}
	if d := s.Duration(); d.Known {
		line = line.Add(dim(views.Elapsed(d.Value)))
	}
	right := canvas.L()
	if at := m.place(); at > 0 {
		right = right.Add(canvas.S(theme.Dim, text.Format(" %d of %d ", at, len(m.route.Siblings))))
	}
	return canvas.Split(w, line, right)
}

func (m *Model) layerLine(w int) canvas.Line {
	said, calls := text.Count(m.script.Said), text.Count(m.script.Calls)
	// Nothing read and a failure is not the same as none.
	if a, ok := m.messages.Answer(); !ok || len(a.Value) == 0 && m.messages.Err() != nil {
		said = text.Lit("?")
	}
	if a, ok := m.calls.Answer(); !ok || len(a.Value) == 0 && m.calls.Err() != nil {
		calls = text.Lit("?")
	}
	line := canvas.L(canvas.S(theme.Plain, text.Lit(" ")))
	line = line.Add(m.layer(text.Format("1 messages %s", said), views.LayerMessages))
	line = line.Add(m.layer(text.Format("2 llm %s", calls), views.LayerCalls))
	line = line.Add(m.layer(text.Format("3 debug %s", m.lineCount()), views.LayerDebug))
	if m.script.Bad > 0 {
		word := text.Lit("problems")
		if m.script.Bad == 1 {
			word = text.Lit("problem")
		}
		line = line.Add(canvas.S(theme.Bad, text.Format("  ! %d %s", m.script.Bad, word)))
	}
	if m.raw {
		line = line.Add(canvas.S(theme.Warn, text.Lit("  raw")))
	}
	right := canvas.L()
	if m.find != "" {
		right = right.Add(canvas.S(theme.Accent, text.Format("/%s  %d rows ", m.env().Text(m.find), len(m.hits))))
	}
	return canvas.Split(w, line, right)
}

func (m *Model) layer(name text.Safe, l views.Layers) canvas.Span {
	if m.layers&l != 0 {
		return canvas.S(theme.Accent, text.Join("", text.Lit("["), name, text.Lit("] ")))
	}
	return canvas.S(theme.Dim, text.Join("", text.Lit(" "), name, text.Lit("  ")))
}

func (m *Model) nothing() canvas.Line {
	say := func(s text.Safe) canvas.Line {
		return canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit("   "), s)))
	}
	_, has := m.messages.Answer()
	found, looked := m.lookup.Answer()
	switch {
	case m.lookup.Loading() || m.messages.Loading():
		return say(text.Lit("asking the platform for the messages ..."))
	case looked && m.session.Start.IsZero() && len(found.Value) == 0:
		return say(text.Lit("the platform knows no session of this id in this bot"))
	case !has:
		return say(text.Lit("nothing could be read; the line below says why"))
	}
	return say(text.Lit("this session has no messages"))
}

// status says what is missing, how long the person waited in the exchange under
// the cursor, or how the calls were joined.
func (m *Model) status() canvas.Line {
	if m.messages == nil {
		return canvas.Line{}
	}
	if a, ok := m.messages.Answer(); ok && (a.Partial || len(a.Gaps) > 0) {
		what := text.Lit("not all messages could be read")
		if a.Note != "" && len(a.Gaps) == 0 {
			what = text.Clean(a.Note)
		}
		return canvas.L(canvas.S(theme.Warn, text.Format(" %s; r tries again", what)))
	}
	probable := 0
	for _, c := range m.joined {
		if c.Joined == api.ByUserTime {
			probable++
		}
	}
	if line, ok := m.waited(probable); ok {
		return line
	}
	if probable > 0 {
		return canvas.L(canvas.S(theme.Dim, text.Format(
			" %d of %d LLM calls joined by user and time: probable, not certain", probable, len(m.joined))))
	}
	return canvas.Line{}
}
