package conversation

import (
	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/api/trace"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
	"korescope/views/feed"
)

// debugLog is the engine's debug lines of the session. They cost requests and a
// right of their own, so the platform is asked only once the layer is switched
// on; what is on disk is shown without asking.
type debugLog struct {
	feed  *feed.Feed[trace.LineQuery, []api.DebugLine]
	names []views.LogIdentity
	name  int // the one asked for
	state logState
}

type logState uint8

const (
	untouched logState = iota
	peeking            // the disk is asked
	peeked             // the disk had it, or nothing
	asked              // the platform is asked, or was
)

func (l *debugLog) forget() {
	l.feed.Stop()
	l.names, l.name, l.state = nil, 0, untouched
}

func (l *debugLog) asking() bool { return l.state == asked && l.feed.Loading() }

// answer is what is known about the session on show; the feed may still hold
// that of the one before.
func (l *debugLog) answer() (api.Answer[[]api.DebugLine], bool) {
	if l.state == untouched || l.name >= len(l.names) {
		return api.Answer[[]api.DebugLine]{}, false
	}
	return l.feed.Answer()
}

// wantLines asks for the debug lines as far as they are wanted now. The names
// under which they may be kept come from the messages, so those come first.
func (m *Model) wantLines() tea.Cmd {
	if m.messages.Loading() || m.session.Start.IsZero() {
		return nil
	}
	if len(m.lines.names) == 0 {
		messages, _ := m.messages.Answer()
		m.lines.names = views.LogIdentities(m.session, messages.Value)
	}
	wanted := m.layers&views.LayerDebug != 0
	switch {
	case len(m.lines.names) == 0:
		return nil
	case wanted && m.lines.state != asked:
		if a, has := m.lines.answer(); !has || len(a.Value) == 0 {
			m.lines.name = 0 // the disk knew none of them
		}
		m.lines.state, m.since = asked, m.d.Clock()
		return m.lines.feed.Ask(m.lineQuery())
	case m.lines.state == untouched:
		m.lines.state = peeking
		return m.lines.feed.Peek(m.lineQuery())
	}
	return nil
}

func (m *Model) lineQuery() trace.LineQuery {
	return trace.LineQuery{
		Session: trace.OfSession(m.session), Names: trace.Names(views.LogNames(m.lines.names)),
		Log: views.LogQueryOf(m.session, m.lines.names[m.lines.name], m.d.Clock()),
	}
}

// linesAgain reads the lines again when they were asked for.
func (m *Model) linesAgain() tea.Cmd {
	if m.lines.state != asked {
		return nil
	}
	return m.lines.feed.Renew(m.lineQuery())
}

// logged takes lines in. A name that nothing is kept under is followed by the
// next one.
func (m *Model) logged(l feed.Loaded[[]api.DebugLine]) tea.Cmd {
	changed, next := m.lines.feed.Apply(l)
	if !changed {
		return next
	}
	m.weave()
	next = tea.Batch(next, m.judge())
	a, has := m.lines.answer()
	if m.lines.feed.Loading() || m.lines.feed.Err() != nil || has && len(a.Value) > 0 {
		return next
	}
	if m.lines.name+1 < len(m.lines.names) {
		m.lines.name++
		if m.lines.state == asked {
			return m.lines.feed.Ask(m.lineQuery())
		}
		return m.lines.feed.Peek(m.lineQuery())
	}
	if m.lines.state == peeking {
		m.lines.state, m.lines.name = peeked, 0
		return next
	}
	return ui.Notify(ui.Note{Text: text.Lit("no debug line is kept for this session; L tries other names")})
}

// lineCount is how many lines there are; "?" while nobody asked.
func (m *Model) lineCount() text.Safe {
	a, ok := m.lines.answer()
	switch {
	case !ok || len(a.Value) == 0 && m.lines.state != asked:
		return text.Lit("?")
	case m.layers&views.LayerDebug == 0 && m.script.Lines > 0:
		return text.Format("%s folded", text.Count(m.script.Lines))
	}
	return text.Count(m.script.Lines)
}

// openLine unfolds folded lines, and opens the log at one that stands alone.
func (m *Model) openLine(r views.Row) tea.Cmd {
	if r.Folded == 0 {
		return m.openLogs(views.LineRef{At: r.Line.Time, Title: r.Line.Title})
	}
	m.touched = true
	m.layers |= views.LayerDebug
	m.weave()
	return m.wantLines()
}

// openLogs opens the debug log of the session, under the name that lines were
// found under when there are some.
func (m *Model) openLogs(at views.LineRef) tea.Cmd {
	r := views.LogsRoute{Session: m.session, Line: at}
	if a, ok := m.lines.answer(); ok && len(a.Value) > 0 {
		r.Query = m.lineQuery().Log
	}
	return ui.Open(r)
}

func (m *Model) lineSpans(r views.Row) []canvas.Span {
	var out []canvas.Span
	for _, p := range views.LineParts(r, m.env()) {
		out = append(out, canvas.Span(p), canvas.S(theme.Plain, text.Lit("  ")))
	}
	return out
}

// waited is how long the person waited in the exchange under the cursor and for
// what; probable says how many calls are joined by user and time.
func (m *Model) waited(probable int) (canvas.Line, bool) {
	r, ok := m.row()
	if !ok {
		return canvas.Line{}, false
	}
	w, ok := views.WaitAt(m.waits, r)
	if !ok {
		return canvas.Line{}, false
	}
	right := canvas.L()
	switch {
	case m.script.Lines == 0 && m.lines.state != asked && w.Rest > views.Silence:
		right = right.Add(canvas.S(theme.Dim, text.Lit("3 asks the debug log ")))
	case probable > 0:
		right = right.Add(canvas.S(theme.Dim, text.Format("%d of %d calls by user+time ", probable, len(m.joined))))
	}
	line := canvas.L(canvas.S(theme.Plain, text.Join("", text.Lit(" "), w.Text(), text.Lit("  "))))
	if line.Width()+right.Width() > m.width {
		right = canvas.L()
	}
	return canvas.Split(m.width, line, right), true
}

// command prints what is shown.
func (m *Model) command() string {
	if m.layers&views.LayerDebug != 0 {
		return "timeline"
	}
	return "messages"
}
