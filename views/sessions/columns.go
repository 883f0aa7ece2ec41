package sessions

import (
	"cmp"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/canvas"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// columns are the list's: the fields of the record that matter in an incident,
// and why the conversation went as it did, which is no field of the record.
func (m *Model) columns() []table.Column[api.Session] {
	fields := map[string]views.Field[api.Session]{}
	for _, f := range views.SessionFields() {
		fields[f.Name] = f
	}
	col := func(name string, ideal, rank int) table.Column[api.Session] {
		c := views.Column(fields[name], m.env)
		c.Ideal, c.Min, c.Rank = ideal, min(c.Min, ideal), rank
		c.Grow = false
		return c
	}
	wide := func(c table.Column[api.Session]) table.Column[api.Session] {
		c.Wide = true
		return c
	}
	return []table.Column[api.Session]{
		m.startColumn(),
		col("containmentType", 6, 10),
		col("durationMs", 6, 6),
		col("channel", 8, 3),
		col("userId", 9, 5),
		col("messageCount", 3, 7),
		wide(col("taskCount", 3, 2)),
		wide(col("languages", 4, 2)),
		wide(col("sessionId", 24, 2)),
		wide(col("sessionTags", 24, 1)),
		wide(m.turnColumn()),
		m.whyColumn(),
	}
}

// startColumn shows the time of day, and the date as well in a window longer
// than a day.
func (m *Model) startColumn() table.Column[api.Session] {
	long := m.window.Length() > 24*time.Hour
	width := 8
	if long {
		width = 12
	}
	return table.Column[api.Session]{
		Name: "startTime", Title: text.Lit("START"), Min: width, Ideal: width, Rank: 11,
		LessAt: func(a, b *api.Session) int { return a.Start.Compare(b.Start) },
		Cell: func(s api.Session) canvas.Span {
			if long {
				return canvas.S(theme.Plain, text.Clean(s.Start.In(m.env().Zone).Format("Jan 02 15:04")))
			}
			return canvas.S(theme.Plain, views.Start(s.Start, m.env()))
		},
	}
}

// turnColumn is how the conversation ended, where that has been read.
func (m *Model) turnColumn() table.Column[api.Session] {
	return table.Column[api.Session]{
		Name: "lastTurn", Title: text.Lit("LAST TURN"), Min: 12, Ideal: 32, Rank: 1,
		Moving: true,
		LessAt: func(a, b *api.Session) int { return cmp.Compare(m.turnText(a.ID), m.turnText(b.ID)) },
		Cell:   func(s api.Session) canvas.Span { return m.turn(s) },
	}
}

// whyColumn is what went wrong, where something on disk tells.
func (m *Model) whyColumn() table.Column[api.Session] {
	return table.Column[api.Session]{
		Name: "why", Title: text.Lit("WHY"), Min: 12, Ideal: 12, Grow: true, Rank: 8,
		Moving: true,
		LessAt: func(a, b *api.Session) int { return cmp.Compare(m.tails[a.ID].Why, m.tails[b.ID].Why) },
		Cell: func(s api.Session) canvas.Span {
			if s.Unreadable != "" {
				return canvas.S(theme.Bad, text.Join("", text.Lit("unreadable: "), m.env().Text(s.Unreadable)))
			}
			return m.why(s.ID)
		},
	}
}

// why is the verdict of a session; what is not known yet says so.
func (m *Model) why(id api.SessionID) canvas.Span {
	switch t := m.tails[id]; {
	case t.Why == "":
		return canvas.S(theme.Faint, text.Lit(".."))
	case t.Fault:
		return canvas.S(theme.Plain, m.oneLine(t.Why))
	default:
		return canvas.S(theme.Dim, m.oneLine(t.Why))
	}
}

func (m *Model) turnText(id api.SessionID) string {
	t := m.tails[id]
	if t.Bot != "" {
		return t.Bot
	}
	return t.User
}

func (m *Model) turn(s api.Session) canvas.Span {
	t, ok := m.tails[s.ID]
	switch {
	case !ok || !t.Read:
		return canvas.S(theme.Faint, text.Lit(".."))
	case t.Bot != "":
		return canvas.S(theme.Plain, m.oneLine(t.Bot))
	case t.User != "":
		return canvas.S(theme.User, text.Join("", text.Lit("user: "), m.oneLine(t.User)))
	}
	return canvas.S(theme.Dim, text.Lit("nothing was said"))
}

// oneLine is a text of the conversation on one line.
func (m *Model) oneLine(s string) text.Safe {
	const most, read = 400, 4000
	if len(s) > read { // what is hidden at that end is not shown
		s = strings.ToValidUTF8(s[:read], "")
	}
	return m.env().Text(strings.Join(strings.Fields(s), " ")).Cut(most)
}
