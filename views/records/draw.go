package records

import (
	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

const topRows = 2 // how many, detail or filter

// Fit takes the room the screen has.
func (m *Model[K, T, ID]) Fit(env ui.Env) {
	before := m.width
	m.zone, m.width, m.height, m.bare = env.Zone, env.Width, env.Height, env.Bare
	if (before >= wideFrom) != (m.width >= wideFrom) {
		m.table.SetColumns(m.columns())
	}
	m.table.SetWidth(m.width)
	m.table.SetHeight(m.listHeight() - 1)
}

func (m *Model[K, T, ID]) listHeight() int { return max(m.height-topRows, 2) }

// Heading tells the shell what is here.
func (m *Model[K, T, ID]) Heading() ui.Heading {
	h := ui.Heading{Title: m.d.Title, Scopes: []keymap.Scope{keymap.Records}, Status: m.status()}
	if !m.d.Window.Zero() {
		h.Window = views.WindowText(m.d.Window, 0, m.zone)
	}
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

// Draw shows how many there are and the list.
func (m *Model[K, T, ID]) Draw(env ui.Env) canvas.Block {
	if m.closed() {
		return m.shut(env.Width)
	}
	out := canvas.Block{m.numbers(env.Width), m.second(env.Width)}
	if m.table.Len() == 0 {
		return append(out, canvas.Line{}, m.nothing())
	}
	return append(out, m.table.Draw(env.Width, m.listHeight())...)
}

// shut says why nothing is asked.
func (m *Model[K, T, ID]) shut(w int) canvas.Block {
	out := canvas.Block{{}, {}}
	for _, l := range m.d.Closed.Wrap(max(w-6, 10)) {
		out = append(out, canvas.L(canvas.S(theme.Warn, text.Join("", text.Lit("   "), l))))
	}
	return out
}

func (m *Model[K, T, ID]) numbers(w int) canvas.Line {
	a, ok := m.feed.Answer()
	if !ok {
		return canvas.L(canvas.S(theme.Dim, text.Format(" ? %s", m.d.What)))
	}
	least := text.Safe{}
	if !a.Done || a.Partial {
		least = text.Lit(">=")
	}
	line := canvas.L(canvas.S(theme.Strong, text.Format(" %s%s %s", least, text.Count(m.table.Len()), m.d.What)))
	if n := m.table.Marks(); n > 0 {
		line = line.Add(canvas.S(theme.Mark, text.Format("  %d marked", n)))
	}
	if m.d.Head != nil {
		line = line.Add(canvas.S(theme.Dim, text.Join("", text.Lit("  "), m.d.Head(a, m.env()))))
	}
	return line.Fit(w)
}

// second is the filter, else more about the row under the cursor.
func (m *Model[K, T, ID]) second(w int) canvas.Line {
	if m.filter != "" {
		return canvas.Split(w,
			canvas.L(canvas.S(theme.Accent, text.Lit(" / ")), canvas.S(theme.Strong, m.env().Text(m.filter))),
			canvas.L(canvas.S(theme.Dim, text.Format(" %d of %d match, esc clears ", m.table.Len(), m.table.All()))))
	}
	row, ok := m.table.Selected()
	if !ok || m.d.Detail == nil {
		return canvas.Line{}
	}
	return canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit(" "), m.d.Detail(row, m.env())))).Fit(w)
}

func (m *Model[K, T, ID]) nothing() canvas.Line {
	say := func(s text.Safe) canvas.Line {
		return canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit("   "), s)))
	}
	a, ok := m.feed.Answer()
	switch {
	case len(m.all) > 0:
		return say(text.Format("none of the %d %s matches; esc clears the filter", len(m.all), m.d.What))
	case m.feed.Loading():
		return say(m.d.Words.Reading)
	case m.feed.Err() != nil:
		return say(text.Lit("nothing could be read; the line below says why"))
	case !ok:
		return say(text.Lit("nothing has been read; r reads"))
	case a.Partial:
		return say(text.Lit("nothing that can be shown; the line below says why"))
	}
	return say(m.d.Words.Empty)
}

func (m *Model[K, T, ID]) status() canvas.Line {
	if m.feed == nil || m.closed() {
		return canvas.Line{}
	}
	a, ok := m.feed.Answer()
	_, more := m.further()
	switch {
	case !ok:
		return canvas.Line{}
	case m.feed.Loading():
		return canvas.L(canvas.S(theme.Dim, text.Format(" %s rows read so far, ctrl-c stops", text.Count(len(a.Value)))))
	case more && a.Rest.More:
		return canvas.L(canvas.S(theme.Warn, text.Format(" from what is read already; + asks the platform: about %s", views.Price(a.Rest.Requests, m.d.Limits))))
	case more:
		return canvas.L(canvas.S(theme.Warn, text.Format(" the newest %s are read; + reads further", text.Count(len(a.Value)))))
	case a.Partial || len(a.Gaps) > 0:
		return canvas.L(canvas.S(theme.Warn, text.Join("", text.Lit(" not all of it could be read; "), views.ReadAll(views.Short(a.Gaps, a.Note)))))
	}
	line := canvas.L(canvas.S(theme.Dim, text.Format(" %d of %d", min(m.table.Cursor()+1, m.table.Len()), m.table.Len())))
	if !m.d.Words.Foot.Empty() {
		line = line.Add(canvas.S(theme.Dim, text.Join("", text.Lit("   "), m.d.Words.Foot)))
	}
	return line
}
