package logs

import (
	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

const topRows = 2 // whose lines, how many or the filter

// Fit takes the room the screen has.
func (m *Model) Fit(env ui.Env) {
	m.zone, m.width, m.height, m.bare = env.Zone, env.Width, env.Height, env.Bare
	m.fitTable()
}

func (m *Model) fitTable() {
	m.table.SetHeight(m.listHeight() - 1)
	if m.pane != nil {
		m.pane.tree.SetSize(m.width, m.paneHeight())
	}
}

func (m *Model) body() int {
	h := m.height - topRows
	if m.chart {
		h--
	}
	return max(h, 2)
}

// listHeight is the rows of the list with its titles. Beside a detail it keeps a
// third, so that the lines around are seen.
func (m *Model) listHeight() int {
	if m.pane == nil {
		return m.body()
	}
	return max(min(m.body()/3, m.table.Len()+1), 2)
}

func (m *Model) paneHeight() int { return max(m.body()-m.listHeight()-1, 1) }

// Heading tells the shell what is here.
func (m *Model) Heading() ui.Heading {
	h := ui.Heading{Title: m.title(), Scopes: []keymap.Scope{keymap.Logs}, Status: m.status()}
	if !m.window.Zero() {
		h.Window = views.WindowText(m.window, m.rolls, m.zone)
	}
	if m.pane != nil {
		h.Scopes = []keymap.Scope{keymap.Tree, keymap.Logs}
	}
	if m.feed == nil {
		return h
	}
	if a, ok := m.feed.Answer(); ok {
		h.At = a.At
		h.Cached = a.Origin == api.FromDisk
	}
	for _, err := range []error{m.messages.Err(), m.detail.Err(), m.feed.Err()} {
		if err != nil {
			h.Trouble = views.Trouble(m.d.Explain(err))
		}
	}
	if m.feed.Loading() || m.messages.Loading() && len(m.names) == 0 || m.detail.Loading() {
		h.Loading = m.since
	}
	return h
}

func (m *Model) title() text.Safe {
	if m.identity().Identity == "" {
		return text.Lit("logs")
	}
	return text.Join(" ", text.Lit("logs"), views.ShortID(m.shownName()), m.env().Text(m.identity().Channel))
}

// Draw shows whose lines these are, how many, and the list, with the detail of a
// line below it.
func (m *Model) Draw(env ui.Env) canvas.Block {
	w := env.Width
	out := canvas.Block{m.whose(w), m.second(w)}
	if m.chart {
		out = append(out, m.histogram(w))
	}
	if m.table.Len() == 0 {
		return append(append(out, canvas.Line{}), m.nothing()...)
	}
	out = append(out, m.table.Draw(w, m.listHeight())...)
	if m.pane == nil {
		return out
	}
	out = append(out, m.rule(w))
	return append(out, m.pane.tree.Draw(w, m.paneHeight())...)
}

// whose is the identity and the channel, and where the identity was found.
func (m *Model) whose(w int) canvas.Line {
	line := canvas.L(canvas.S(theme.Dim, text.Lit(" identity ")))
	if m.identity().Identity == "" {
		return line.Add(canvas.S(theme.Dim, text.Lit("not known yet"))).Fit(w)
	}
	right := canvas.L()
	if len(m.names) > 1 {
		right = right.Add(canvas.S(theme.Dim, text.Format(" %d of %d, tab next ", m.name+1, len(m.names))))
	}
	room := max(w-right.Width()-line.Width()-len(m.identity().Channel)-4, 12)
	line = line.Add(
		canvas.S(theme.Strong, text.Clean(m.shownName()).CutMiddle(room)),
		canvas.S(theme.Accent, text.Join("", text.Lit("  "), m.env().Text(m.identity().Channel))),
		canvas.S(theme.Dim, text.Join("", text.Lit("  from "), m.identity().Source)))
	if m.identity().Source == text.Lit("as typed") {
		line.Spans = line.Spans[:len(line.Spans)-1]
	}
	return canvas.Split(w, line, right)
}

// second counts the lines by level; with a filter it says what is left.
func (m *Model) second(w int) canvas.Line {
	if m.filter != "" || m.problems {
		line := canvas.L(canvas.S(theme.Accent, text.Lit(" / ")))
		if m.problems {
			line = line.Add(canvas.S(theme.Accent, text.Lit("[errors only] ")))
		}
		line = line.Add(canvas.S(theme.Strong, m.env().Text(m.filter)))
		return canvas.Split(w, line, canvas.L(canvas.S(theme.Dim,
			text.Format(" %d of %d match, esc clears ", m.matches(), len(m.all)))))
	}
	a, ok := m.feed.Answer()
	if !ok {
		return canvas.L(canvas.S(theme.Dim, text.Lit(" ? lines")))
	}
	least := text.Safe{}
	if !a.Done || a.Partial {
		least = text.Lit(">=")
	}
	bad, warn := 0, 0
	for _, l := range m.all {
		switch {
		case l.Bad():
			bad++
		case views.LevelRank(l.Level) == 2:
			warn++
		}
	}
	line := canvas.L(canvas.S(theme.Strong, text.Join("", text.Lit(" "), least, counted(len(m.all), "line"))))
	if bad > 0 {
		line = line.Add(canvas.S(theme.Bad, text.Join("", text.Lit("  ! "), counted(bad, "error"))))
	}
	if warn > 0 {
		line = line.Add(canvas.S(theme.Warn, text.Join("", text.Lit("  "), counted(warn, "warning"))))
	}
	if m.folded {
		line = line.Add(canvas.S(theme.Accent, text.Format("  similar folded: %d rows", m.table.Len())))
	}
	right := canvas.L()
	if len(m.all) > 0 && !m.all[0].Time.IsZero() {
		right = right.Add(canvas.S(theme.Dim, text.Format(" oldest %s ", views.Moment(m.all[0].Time, m.env()))))
	}
	return canvas.Split(w, line, right)
}

func counted(n int, what string) text.Safe {
	if n != 1 {
		what += "s"
	}
	return text.Format("%s %s", text.Count(n), what)
}

// rule stands between list and detail.
func (m *Model) rule(w int) canvas.Line {
	p := m.pane
	what := text.Lit("detail")
	switch {
	case !p.detail && m.detail.Loading():
		what = text.Lit("reading the detail ...")
	case !p.detail && m.detail.Err() != nil:
		what = text.Lit("the detail could not be read; the row without it")
	case !p.detail:
		what = text.Lit("no detail is kept; the row as it came")
	}
	line := canvas.L(canvas.S(theme.Accent, text.Join("", text.Lit(" -- "), what)),
		canvas.S(theme.Dim, text.Join("", text.Lit("  "), m.env().Text(p.line.Title))))
	if heard := views.HeardText(p.line, m.env()); !heard.Empty() {
		line = line.Add(canvas.S(theme.Strong, text.Join("", text.Lit("  heard "), heard)))
	}
	if n := views.Unanswered(p.line); !n.Empty() {
		line = line.Add(canvas.S(theme.Warn, text.Join("", text.Lit("  "), n)))
	}
	right := canvas.L()
	if p.find != "" {
		right = right.Add(canvas.S(theme.Accent, text.Format(" /%s  %s ", m.env().Text(p.find), p.tree.HitCount())))
	}
	return canvas.Split(w, line, right)
}

func (m *Model) status() canvas.Line {
	if m.feed == nil {
		return canvas.Line{}
	}
	if m.pane != nil {
		return canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit(" "), m.env().Text(m.pane.tree.Path()))))
	}
	a, ok := m.feed.Answer()
	switch {
	case !ok:
		return canvas.Line{}
	case m.feed.Loading():
		return canvas.L(canvas.S(theme.Dim, text.Format(" %d lines read so far, ctrl-c stops", len(a.Value))))
	case a.Partial || len(a.Gaps) > 0:
		return canvas.L(canvas.S(theme.Warn, text.Join("", text.Lit(" not all lines could be read; "), views.ReadAll(views.Short(a.Gaps, a.Note)))))
	}
	line := canvas.L(canvas.S(theme.Dim, text.Format(" %d of %d", min(m.table.Cursor()+1, m.table.Len()), m.table.Len())))
	if a.Note != "" {
		return line.Add(canvas.S(theme.Warn, text.Join("", text.Lit("  "), m.env().Text(a.Note))))
	}
	return line.Add(canvas.S(theme.Dim, m.pause()))
}

// pause is the time since the line before, where somebody may have waited.
func (m *Model) pause() text.Safe {
	at := m.table.Cursor()
	rows := m.table.Shown()
	if at < 1 || at >= len(rows) || rows[at].line.Time.IsZero() || rows[at-1].until.IsZero() {
		return text.Safe{}
	}
	quiet := rows[at].line.Time.Sub(rows[at-1].until)
	return text.Format("  %.3f s after the line before", quiet.Seconds())
}
