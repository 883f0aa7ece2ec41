package find

import (
	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

const topRows = 2 // what was found, where it was looked for

func (m *Model) columns() []table.Column[Hit] {
	return []table.Column[Hit]{
		{
			Name: "time", Title: text.Lit("TIME"), Min: 12, Ideal: 12, Rank: 9,
			Cell: func(h Hit) canvas.Span {
				return canvas.S(theme.Plain, views.Moment(h.Time, m.env()))
			},
		},
		{Name: "kind", Title: text.Lit("KIND"), Min: 7, Ideal: 7, Rank: 8, Cell: m.kind},
		{
			Name: "session", Title: text.Lit("SESSION"), Min: 10, Ideal: 10, Rank: 7,
			Cell: func(h Hit) canvas.Span {
				if h.Session == "" {
					return canvas.S(theme.Dim, text.Lit("-"))
				}
				return canvas.S(theme.Dim, m.env().ShortID(string(h.Session)))
			},
		},
		{
			Name: "text", Title: text.Lit("TEXT"), Min: 20, Ideal: 20, Grow: true, Rank: 10,
			Spans: func(h Hit, w int) []canvas.Span { return m.snippet(h, w) },
		},
	}
}

func (m *Model) kind(h Hit) canvas.Span {
	switch h.Kind {
	case Message:
		return canvas.S(theme.User, text.Lit("message"))
	case Call:
		return canvas.S(theme.Info, text.Lit("llm"))
	case Line:
		return canvas.S(theme.Dim, text.Lit("debug"))
	}
	return canvas.S(theme.Dim, m.env().Text(string(h.Kind)))
}

// Fit takes the room the screen has.
func (m *Model) Fit(env ui.Env) {
	m.zone, m.width, m.height, m.bare = env.Zone, env.Width, env.Height, env.Bare
	m.table.SetHeight(m.listHeight() - 1)
}

func (m *Model) listHeight() int { return max(m.height-topRows, 2) }

// Heading tells the shell what is here.
func (m *Model) Heading() ui.Heading {
	h := ui.Heading{Title: text.Lit("find"), Scopes: []keymap.Scope{keymap.Find}, Status: m.status()}
	if m.feed == nil {
		return h
	}
	if a, ok := m.feed.Answer(); ok {
		h.At, h.Cached = a.At, a.Origin == api.FromDisk
	}
	if err := m.feed.Err(); err != nil {
		h.Trouble = views.Trouble(m.d.Explain(err))
	}
	if m.feed.Loading() {
		h.Loading = m.since
	}
	return h
}

// Draw shows what was looked for, where, and the hits.
func (m *Model) Draw(env ui.Env) canvas.Block {
	out := canvas.Block{m.asked(env.Width), m.searched(env.Width)}
	if m.table.Len() == 0 {
		return append(append(out, canvas.Line{}), m.nothing(env.Width)...)
	}
	return append(out, m.table.Draw(env.Width, m.listHeight())...)
}

func (m *Model) asked(w int) canvas.Line {
	if m.text == "" {
		return canvas.L(canvas.S(theme.Strong, text.Lit(" find in what was read before")))
	}
	count := text.Lit("? found ")
	if m.done {
		switch {
		case len(m.hits) == 0:
			count = text.Lit("nothing found ")
		case m.found.More:
			count = text.Format(">=%s found, newest first ", text.Count(len(m.hits)))
		default:
			count = text.Format("%s found, newest first ", text.Count(len(m.hits)))
		}
	}
	return canvas.Split(w,
		canvas.L(canvas.S(theme.Dim, text.Lit(" find ")), canvas.S(theme.Strong, m.env().Text(m.text))),
		canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit(" "), count))))
}

// searched says that nobody was asked, and how much was looked through in vain.
func (m *Model) searched(w int) canvas.Line {
	const nobody = " the platform is not asked"
	switch {
	case !m.done:
		return canvas.L(canvas.S(theme.Dim, text.Lit(nobody)))
	case len(m.hits) > 0:
		return canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit(" in what was read before;"), text.Lit(nobody)))).Fit(w)
	}
	f := m.found
	line := text.Format(" in %s sessions, %s messages, %s calls", text.Count(f.Sessions), text.Count(f.Messages), text.Count(f.Calls))
	if f.Lines > 0 {
		line = text.Join("", line, text.Format(", %s debug lines", text.Count(f.Lines)))
	}
	return canvas.L(canvas.S(theme.Dim, text.Join("", line, text.Lit(" here;"), text.Lit(nobody)))).Fit(w)
}

func (m *Model) nothing(w int) canvas.Block {
	say := func(parts ...text.Safe) canvas.Block {
		var out canvas.Block
		for _, p := range parts {
			for _, l := range p.Wrap(max(w-6, 10)) {
				out = append(out, canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit("   "), l))))
			}
		}
		return out
	}
	switch {
	case m.text == "":
		return say(text.Lit("/ asks for the words to look for"))
	case m.feed.Loading():
		return say(text.Lit("searching ..."))
	case m.feed.Err() != nil:
		return say(text.Lit("nothing could be searched; the line below says why"))
	case !m.done:
		return say(text.Lit("nothing has been searched; r searches"))
	case m.found.Empty():
		return say(text.Lit("nothing is here to search in: no conversation and no LLM call was read yet"),
			text.Lit("open a session or :llm and search again; what is read is kept and found"))
	}
	return say(text.Format("nothing that was read before holds %s", m.env().Text(m.text)),
		text.Lit("all words have to stand in one message or call; begin* takes every ending; / searches anew"))
}

func (m *Model) status() canvas.Line {
	switch {
	case len(m.hits) == 0:
		return canvas.Line{}
	case m.found.More:
		return canvas.L(canvas.S(theme.Warn, text.Format(" %d of the newest %s; + shows older ones", m.table.Cursor()+1, text.Count(len(m.hits)))))
	}
	return canvas.L(canvas.S(theme.Dim, text.Format(" %d of %d", m.table.Cursor()+1, len(m.hits))))
}
