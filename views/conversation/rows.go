package conversation

import (
	"strings"
	"time"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// The columns of a row: cursor, time, speaker, text.
const (
	timeWidth    = 6
	longWidth    = 8 // when the conversation lasts an hour
	clockWidth   = 8
	speakerWidth = 6
	// unfoldedMost bounds what one opened row may fill; the rest is in the raw
	// payload and in the command line's output.
	unfoldedMost = 2000
	foldedMost   = 3
	slowAnswer   = 3000 // ms; from there a customer waits
)

// line is one line of the picture and the row it belongs to.
type line struct {
	row   int
	first bool // of its row
	spans []canvas.Span
}

// layout breaks the rows into lines for the width there is and keeps the cursor
// in sight. It runs when rows, width or folding change, never while drawing.
func (m *Model) layout() {
	m.whyShown = m.whyText()
	m.drawn = m.drawn[:0]
	m.whenWidth = timeWidth
	for _, r := range m.script.Rows {
		if r.Placed && r.Elapsed >= time.Hour || r.Elapsed <= -10*time.Minute {
			m.whenWidth = longWidth
		}
	}
	for i := range m.script.Rows {
		m.drawn = append(m.drawn, m.rowLines(i)...)
	}
	m.follow()
}

func (m *Model) moveTo(row int) {
	m.touched = true
	m.cursor = max(min(row, len(m.script.Rows)-1), 0)
}

// scroll moves the picture by lines and takes the cursor along.
func (m *Model) scroll(n int) {
	if len(m.drawn) == 0 {
		return
	}
	at := max(min(m.firstLine(m.cursor)+n, len(m.drawn)-1), 0)
	m.top = max(min(m.top+n, len(m.drawn)-m.listHeight()), 0)
	m.cursor, m.touched = m.drawn[at].row, true
}

func (m *Model) firstLine(row int) int {
	for i, l := range m.drawn {
		if l.row == row {
			return i
		}
	}
	return 0
}

// follow scrolls so that the row under the cursor is seen, its end as well when
// it fits.
func (m *Model) follow() {
	h := m.listHeight()
	from := m.firstLine(m.cursor)
	to := from
	for to+1 < len(m.drawn) && m.drawn[to+1].row == m.cursor {
		to++
	}
	if to-m.top >= h {
		m.top = to - h + 1
	}
	if from < m.top {
		m.top = from
	}
	m.top = max(min(m.top, len(m.drawn)-h), 0)
}

func (m *Model) rowLines(i int) []line {
	r := m.script.Rows[i]
	head := m.head(r)
	indent := canvas.S(theme.Plain, text.Blank(canvas.L(head...).Width()))
	room := max(m.width-1-indent.Text.Width(), 10)
	var out []line
	for j, spans := range m.content(i, r, room) {
		l := line{row: i, first: j == 0, spans: append([]canvas.Span{indent}, spans...)}
		if j == 0 {
			l.spans = append(head[:len(head):len(head)], spans...)
		}
		out = append(out, l)
	}
	return out
}

func (m *Model) head(r views.Row) []canvas.Span {
	when, width := text.Safe{}, m.whenWidth
	switch {
	case m.clock:
		when, width = views.Clock(r.At, m.zone), clockWidth
	case r.Placed:
		when = views.Elapsed(r.Elapsed)
	}
	between := text.Lit(" ")
	if r.Message != nil && r.Message.Stamped {
		between = text.Lit("~") // by the platform's second clock
	}
	label := r.Label
	if r.Kind == views.GapRow {
		// The line says it all.
		when, label.Text = text.Safe{}, text.Safe{}
	}
	return []canvas.Span{
		canvas.S(theme.Dim, when.PadLeft(width)),
		canvas.S(theme.Plain, between),
		canvas.S(label.Token, label.Text.Pad(speakerWidth)),
	}
}

// content is what stands right of the speaker, one slice of spans a line.
func (m *Model) content(i int, r views.Row, room int) [][]canvas.Span {
	switch r.Kind {
	case views.GapRow:
		return [][]canvas.Span{{canvas.S(theme.Faint, views.GapLine(r))}}
	case views.EndRow:
		return [][]canvas.Span{{canvas.S(theme.Dim, views.EndLine(r.Outcome, m.env()))}}
	case views.CallRow:
		return [][]canvas.Span{m.callSpans(r)}
	case views.DebugRow:
		return [][]canvas.Span{m.lineSpans(r)}
	}
	return m.spoken(i, r, room)
}

// callSpans is a model call on one line.
func (m *Model) callSpans(r views.Row) []canvas.Span {
	if r.Call.Unreadable != "" {
		return []canvas.Span{canvas.S(theme.Bad, views.CallLine(*r.Call, m.env()))}
	}
	var out []canvas.Span
	for _, p := range views.CallParts(*r.Call, m.env()) {
		if p.Text.Empty() {
			continue
		}
		out = append(out, canvas.Span(p), canvas.S(theme.Plain, text.Lit("  ")))
	}
	if r.Early {
		out = append(out, canvas.Span(views.ClockBadge()))
	}
	return out
}

func (m *Model) spoken(i int, r views.Row, room int) [][]canvas.Span {
	if m.raw {
		return m.rawLines(r, room)
	}
	token := r.Body(m.env()).Token
	most := foldedMost
	if !m.wrap {
		most = 1
	}
	if m.open[i] {
		most = unfoldedMost
	}
	var out [][]canvas.Span
	for _, paragraph := range r.Lines(m.env()) {
		if !m.wrap && !m.open[i] {
			out = append(out, []canvas.Span{canvas.S(token, paragraph.Cut(room))})
			continue
		}
		for _, l := range paragraph.Wrap(room) {
			out = append(out, m.marked(l, token))
		}
	}
	if len(out) > most {
		left := len(out) - most
		out = append(out[:most], []canvas.Span{canvas.S(theme.Dim, text.Format("... %d more lines, enter opens", left))})
	}
	if took := r.Message.Latency.Total; took.Known && took.Value >= slowAnswer && !m.open[i] {
		out = append(out, []canvas.Span{canvas.S(theme.Warn, text.Join("", text.Lit("took "), views.LatencyParts(r.Message.Latency)).Cut(room))})
	}
	if o := r.Offers(m.env()); !o.Empty() {
		out = append(out, []canvas.Span{canvas.S(theme.Info, o.Cut(room))})
	}
	if m.open[i] {
		out = append(out, m.particulars(r, room)...)
	}
	return out
}

// particulars are the facts of a message that has been opened.
func (m *Model) particulars(r views.Row, room int) [][]canvas.Span {
	msg, env := r.Message, m.env()
	facts := text.Join("  ",
		env.ID(string(msg.ID)), views.Moment(msg.Time, env),
		env.Text(msg.Channel), env.Text(msg.Language), env.Text(string(msg.Kind)), env.Text(msg.Status))
	out := [][]canvas.Span{{canvas.S(theme.Faint, facts.Cut(room))}}
	if took := views.LatencyParts(msg.Latency); msg.Task != "" || msg.Agent != "" || !took.Empty() {
		var parts []text.Safe
		for _, p := range []struct {
			name text.Safe
			said text.Safe
		}{{text.Lit("task "), env.Text(msg.Task)}, {text.Lit("agent "), env.Person(msg.Agent)}, {text.Lit("took "), took}} {
			if !p.said.Empty() {
				parts = append(parts, text.Join("", p.name, p.said))
			}
		}
		out = append(out, []canvas.Span{canvas.S(theme.Faint, text.Join("  ", parts...).Cut(room))})
	}
	if len(msg.AltText) > 0 {
		out = append(out, []canvas.Span{canvas.S(theme.Faint, env.Tags(msg.AltText).Cut(room))})
	}
	if msg.TraceID != "" {
		out = append(out, []canvas.Span{canvas.S(theme.Faint, text.Join("", text.Lit("trace "), env.ID(msg.TraceID)).Cut(room))})
	}
	for _, o := range msg.Options {
		if o.Value != "" {
			out = append(out, []canvas.Span{canvas.S(theme.Faint,
				text.Join("", env.Text(o.Title), text.Lit(" -> "), env.Text(o.Value)).Cut(room))})
		}
	}
	if n := text.Clean(msg.Text).Hidden(); n > 0 {
		out = append(out, []canvas.Span{canvas.S(theme.Warn, text.Format("%d hidden characters made visible; P lists them", n))})
	}
	return out
}

// rawLines is the row as the platform sent it, every hidden character by its
// code point.
func (m *Model) rawLines(r views.Row, room int) [][]canvas.Span {
	raw := string(r.Message.Raw)
	if raw == "" {
		raw = r.Message.Text
	}
	var out [][]canvas.Span
	for _, l := range text.Raw(m.env().PayloadText(raw)).Wrap(room) {
		if len(out) >= unfoldedMost {
			break
		}
		out = append(out, []canvas.Span{canvas.S(theme.Dim, l)})
	}
	return out
}

// marked cuts a line into pieces so that what was found stands out.
func (m *Model) marked(l text.Safe, token theme.Token) []canvas.Span {
	if m.find == "" {
		return []canvas.Span{canvas.S(token, l)}
	}
	var out []canvas.Span
	at := 0
	for _, hit := range l.Find(m.find, fold(m.find)) {
		out = append(out, canvas.S(token, l.Slice(at, hit[0])), canvas.S(theme.Match, l.Slice(hit[0], hit[1])))
		at = hit[1]
	}
	return append(out, canvas.S(token, l.Slice(at, len(l.String()))))
}

// fold is smart case: capitals in the pattern make it exact.
func fold(s string) bool { return s == strings.ToLower(s) }
