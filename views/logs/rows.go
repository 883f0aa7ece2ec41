package logs

import (
	"strconv"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/canvas"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// row is a line of the list: one debug line, or a run of similar ones.
type row struct {
	id         string
	line       api.DebugLine // the first of them
	lines      int           // at least 1
	until      time.Time     // of the last of them
	unanswered text.Safe     // prompts before the first of them that nobody answered
}

// arrange makes the list anew. The cursor stays on its line, also when that is
// folded into a run or comes out of one.
func (m *Model) arrange() {
	held, had := m.table.Selected()
	atTop := m.table.Cursor() == 0
	var rows []row
	for i, l := range m.all {
		if m.problems && !l.Bad() || m.keep != nil && !m.keep(l) {
			continue
		}
		rows = append(rows, row{id: lineID(l, i), line: l, lines: 1, until: l.Time, unanswered: m.prompts[i]})
	}
	m.rowOf = make(map[string]string, len(rows))
	if m.folded {
		rows = fold(rows, m.rowOf)
	}
	m.table.SetRows(rows)
	if had && !atTop {
		m.show(held.id)
	}
	m.arrive()
}

// show puts the cursor on the row that shows a line.
func (m *Model) show(id string) {
	if at, folded := m.rowOf[id]; folded {
		id = at
	}
	m.table.Select(id)
}

// arrive puts the cursor where the route wants it, once.
func (m *Model) arrive() {
	ref := m.route.Line
	if m.arrived || ref.At.IsZero() {
		return
	}
	for i, l := range m.all {
		if l.Time.Equal(ref.At) && l.Title == ref.Title {
			m.arrived = true
			m.show(lineID(l, i))
			return
		}
	}
}

func lineID(l api.DebugLine, i int) string {
	if l.ID != "" {
		return l.ID
	}
	return "#" + strconv.Itoa(i)
}

// fold joins neighbours that say the same but for numbers and ids. of takes for
// each line the row that shows it.
func fold(rows []row, of map[string]string) []row {
	var out []row
	last := ""
	for _, r := range rows {
		t := template(r.line)
		if n := len(out) - 1; n >= 0 && t == last {
			out[n].lines++
			out[n].until = r.line.Time
			of[r.id] = out[n].id
			continue
		}
		last = t
		out = append(out, r)
	}
	return out
}

// template is a line with everything that holds a digit masked, so that lines
// written by the same node for the same reason are equal.
func template(l api.DebugLine) string {
	return strconv.Itoa(views.LevelRank(l.Level)) + "\x1f" + masked(l.Title) + "\x1f" +
		masked(views.LineMessage(l, views.Env{}).Text.String()) + "\x1f" + l.Unreadable
}

func masked(s string) string {
	word := func(c byte) bool {
		return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_' || c >= 0x80
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && word(s[j]) {
			j++
		}
		switch {
		case j == i:
			b.WriteByte(s[i])
			j++
		case strings.ContainsAny(s[i:j], "0123456789"):
			b.WriteByte('#')
		default:
			b.WriteString(s[i:j])
		}
		i = j
	}
	return b.String()
}

func (m *Model) env() views.Env {
	return views.Env{Now: m.d.Clock(), Zone: m.zone, Mask: m.d.Mask, Bare: m.bare}
}

// columns are the fields of the record that stand in a row, the level as its
// letter.
func (m *Model) columns() []table.Column[row] {
	at := func(l api.DebugLine) text.Safe {
		if l.Time.IsZero() {
			return text.Lit("-")
		}
		return text.Clean(l.Time.In(m.zone).Format("15:04:05.000"))
	}
	return []table.Column[row]{
		{
			Name: "time", Title: text.Lit("TIME"), Min: 12, Ideal: 12, Rank: 10,
			Cell: func(r row) canvas.Span { return canvas.S(theme.Dim, at(r.line)) },
		},
		{
			Name: "level", Title: text.Lit("L"), Min: 1, Ideal: 1, Rank: 9,
			Cell: func(r row) canvas.Span { return letter(r.line) },
		},
		{
			Name: "title", Title: text.Lit("NODE"), Min: 10, Ideal: 22, Rank: 3,
			Cell: func(r row) canvas.Span { return canvas.S(theme.Info, m.env().Text(r.line.Title)) },
		},
		{
			Name: "message", Title: text.Lit("MESSAGE"), Min: 16, Ideal: 30, Grow: true, Rank: 8,
			Spans: func(r row, _ int) []canvas.Span { return m.message(r) },
		},
	}
}

// letter is the level in one cell; a word not known here is a question mark, and
// stands in the detail.
func letter(l api.DebugLine) canvas.Span {
	badge := views.LevelBadge(l, views.Env{})
	if badge.Text.Width() > 1 {
		badge.Text = text.Lit("?")
	}
	return canvas.Span(badge)
}

// message is what the line says; a run says first how many lines it is.
func (m *Model) message(r row) []canvas.Span {
	says := views.LineMessage(r.line, m.env())
	if r.lines == 1 {
		out := []canvas.Span{canvas.Span(says)}
		if !r.unanswered.Empty() {
			out = append(out, canvas.S(theme.Warn, text.Join("", text.Lit("  "), r.unanswered)))
		}
		return out
	}
	return []canvas.Span{
		canvas.S(theme.Warn, text.Format("%dx to %s  ", r.lines, views.Clock(r.until, m.zone))), canvas.Span(says),
	}
}
