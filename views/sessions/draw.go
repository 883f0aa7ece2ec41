package sessions

import (
	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// The preview stands beside the list from this width on, and the two lines of
// detail below the list on screens too narrow for it.
const (
	previewFrom  = 120
	previewWidth = 52
	detailFrom   = 16 // rows
	detailRows   = 2
	topRows      = 2 // tabs, insight or filter
)

// Heading tells the shell what is here.
func (m *Model) Heading() ui.Heading {
	h := ui.Heading{
		Title:  text.Lit("sessions"),
		Window: views.WindowText(m.window, m.rolls, m.zone),
		Scopes: []keymap.Scope{keymap.Sessions},
		Status: m.status(),
	}
	if m.route.Title != "" {
		h.Title = m.env().Text(m.route.Title)
	}
	if m.list == nil {
		return h
	}
	if a, ok := m.list.Answer(); ok && (len(a.Value) > 0 || m.list.Err() == nil) {
		h.At = a.At
		h.Cached = a.Origin == api.FromDisk
	}
	if err := m.list.Err(); err != nil {
		h.Trouble = views.Trouble(m.d.Explain(err))
	}
	if m.list.Loading() {
		h.Loading = m.since
	}
	return h
}

// Fit takes the room the screen has.
func (m *Model) Fit(env ui.Env) {
	m.zone, m.width, m.height, m.bare = env.Zone, env.Width, env.Height, env.Bare
	m.table.SetHeight(m.listHeight() - 1)
	m.table.SetLeaps(m.previewing())
	m.table.SetWidth(m.listWidth())
}

func (m *Model) previewing() bool { return m.width >= previewFrom && !m.noPreview }

// listWidth is what the preview leaves of the width.
func (m *Model) listWidth() int {
	if m.previewing() {
		return m.width - previewWidth
	}
	return m.width
}

func (m *Model) detailed() bool { return !m.previewing() && m.height >= detailFrom }

// listHeight is the rows of the list with its titles.
func (m *Model) listHeight() int {
	h := m.height - topRows
	if m.detailed() {
		h -= detailRows
	}
	return h
}

// Draw shows tabs, the insight or the filter, the list, and the session under
// the cursor below or beside it.
func (m *Model) Draw(env ui.Env) canvas.Block {
	w, h := env.Width, m.listHeight()
	out := canvas.Block{m.tabLine(w), m.second(w)}
	switch {
	case m.previewing():
		left := m.rows(w-previewWidth, h)
		return append(out, canvas.Beside(left, m.previewPane(previewWidth, h))...)
	case m.detailed():
		return append(append(out, m.rows(w, h)...), m.detail(w)...)
	}
	return append(out, m.rows(w, h)...)
}

// second is the row below the tabs: the filter when there is one, else what the
// window says as a whole.
func (m *Model) second(w int) canvas.Line {
	if m.filter == "" && !m.problems {
		return m.insight(w)
	}
	line := canvas.L(canvas.S(theme.Accent, text.Lit(" / ")))
	if m.problems {
		line = line.Add(canvas.S(theme.Accent, text.Lit("[problems only] ")))
	}
	line = line.Add(canvas.S(theme.Strong, m.env().Text(m.filter)))
	return canvas.Split(w, line, canvas.L(canvas.S(theme.Dim,
		text.Format(" %d of %d%s match, esc clears ", m.table.Len(), m.sums.tabs[m.tab], m.onlyRead()))))
}

func (m *Model) rows(w, h int) canvas.Block {
	if m.table.Len() > 0 {
		return m.table.Draw(w, h)
	}
	return canvas.Block{canvas.Line{}, m.nothing()}.Fit(w, h)
}

// nothing says why the list is empty, never just that it is.
func (m *Model) nothing() canvas.Line {
	a, ok := m.list.Answer()
	say := func(s text.Safe) canvas.Line {
		return canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit("   "), s)))
	}
	switch {
	case !ok && m.list.Loading():
		return say(text.Lit("asking the platform for the sessions of this window ..."))
	case (!ok || len(a.Value) == 0) && m.list.Err() != nil:
		return say(text.Lit("nothing could be read and nothing is in the cache; the line below says why"))
	case !ok:
		return say(text.Lit("nothing has been read; r reads"))
	case len(a.Value) > 0 && (m.filter != "" || m.sieves.shown.keep != nil):
		return say(text.Format("none of the %d sessions read matches the filter; esc clears it", len(a.Value)))
	case len(a.Value) > 0:
		return say(text.Format("none of the %d sessions read is of this kind; 0 shows all", len(a.Value)))
	case !a.Done:
		return say(text.Lit("none so far, still reading ..."))
	case a.Partial:
		return say(text.Join("", text.Lit("nothing that can be shown; "), views.ReadAll(views.Short(a.Gaps, a.Note))))
	}
	return say(text.Lit("no sessions in this window; f changes it"))
}

// status is the line above the footer: a failure beside the answer that stays,
// what is missing, or how much was read.
func (m *Model) status() canvas.Line {
	if m.list == nil {
		return canvas.Line{}
	}
	a, has := m.list.Answer()
	if !has {
		return canvas.Line{}
	}
	line := canvas.L(canvas.S(theme.Plain, text.Lit(" ")))
	if marks := m.table.Marks(); marks > 0 {
		line = line.Add(canvas.S(theme.Mark, text.Format("%d marked  ", marks)))
	}
	switch {
	case m.list.Loading() && a.Total.Known && a.Total.Value > len(a.Value):
		line = line.Add(canvas.S(theme.Info, text.Format("%d of about %d read, ctrl-c stops", len(a.Value), a.Total.Value)))
	case m.list.Loading():
		line = line.Add(canvas.S(theme.Dim, text.Format("%d read so far", len(a.Value))))
	case m.list.Rest().More && m.list.Err() == nil:
		line = line.Add(m.restLine(len(a.Value)).Spans...)
	case a.Done && !views.Short(a.Gaps, "").Empty():
		line = line.Add(canvas.S(theme.Bad, text.Join("", text.Format("%d read; ", len(a.Value)), views.ReadAll(views.Short(a.Gaps, "")))))
	case len(a.Gaps) > 0:
		line = line.Add(canvas.S(theme.Bad, text.Format("%d read; %d spans could not be read, r tries again", len(a.Value), len(a.Gaps))))
	case a.Done && a.Partial && a.Note != "":
		line = line.Add(canvas.S(theme.Warn, text.Join("", text.Format("%d read; ", len(a.Value)), text.Clean(a.Note))))
	case a.Partial || !a.Done:
		line = line.Add(canvas.S(theme.Warn, text.Format("%d read, not all of the window; r reads on", len(a.Value))))
	default:
		line = line.Add(canvas.S(theme.Dim, text.Format("%d of %d", min(m.table.Cursor()+1, m.table.Len()), m.table.Len())))
	}
	return line.Add(m.turnsStatus()...)
}

// turnsStatus is what is told of the reading of last turns.
func (m *Model) turnsStatus() []canvas.Span {
	if m.turns.Loading() {
		return []canvas.Span{canvas.S(theme.Dim, text.Lit("   reading what was said"))}
	}
	if err := m.turns.Err(); err != nil {
		return []canvas.Span{canvas.S(theme.Warn, text.Join("", text.Lit("   what was said: "), m.d.Explain(err).Sentence))}
	}
	return nil
}
