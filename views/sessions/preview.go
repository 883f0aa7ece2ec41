package sessions

import (
	"slices"

	"korescope/api"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// detail is the session under the cursor in two rows, for narrow screens.
func (m *Model) detail(w int) canvas.Block {
	s := m.focus
	if s.ID == "" {
		return canvas.Block{canvas.Line{}, canvas.Line{}}
	}
	first := canvas.L(canvas.S(theme.Dim, text.Lit(" "))).Add(m.facts(s)...)
	second := canvas.L(canvas.S(theme.Dim, text.Lit(" ")))
	switch t := m.tails[s.ID]; {
	case t.Fault:
		second = second.Add(canvas.S(theme.Dim, text.Lit("WHY  ")), m.why(s.ID))
	case t.User != "":
		second = second.Add(canvas.S(theme.User, text.Join("", text.Lit("user: "), m.oneLine(t.User))))
	default:
		second = second.Add(canvas.S(theme.Dim, m.env().Tags(slices.Concat(s.UserTags, s.SessionTags))))
	}
	return canvas.Block{first.Fit(w).Filled(theme.Bar), second.Fit(w).Filled(theme.Bar)}
}

func (m *Model) facts(s api.Session) []canvas.Span {
	env := m.env()
	out := []canvas.Span{
		canvas.S(theme.Dim, env.ID(string(s.ID))),
		canvas.S(theme.Dim, text.Join("", text.Lit("  "), env.User(s.User))),
	}
	for _, l := range s.Languages {
		out = append(out, canvas.S(theme.Dim, text.Join("", text.Lit("  "), env.Text(l))))
	}
	if s.Status != "" {
		out = append(out, canvas.S(theme.Dim, text.Join("", text.Lit("  "), env.Text(s.Status))))
	}
	return out
}

// previewPane is the session under the cursor beside the list: what it is, and
// the end of what was said.
func (m *Model) previewPane(w, h int) canvas.Block {
	edge := canvas.S(theme.Faint, text.Lit("│ "))
	var rows canvas.Block
	if s := m.focus; s.ID != "" {
		rows = append(m.card(s, w-2), m.said(s, w-2, h)...)
	}
	out := make(canvas.Block, h)
	for i := range out {
		out[i] = canvas.L(edge)
		if i < len(rows) {
			out[i] = out[i].Add(rows[i].Spans...)
		}
	}
	return out.Fit(w, h)
}

func (m *Model) card(s api.Session, w int) canvas.Block {
	env := m.env()
	badge := canvas.Span(views.ContainmentBadge(s, env))
	fact := func(name text.Safe, value text.Safe) canvas.Line {
		return canvas.L(canvas.S(theme.Dim, name.Pad(9)), canvas.S(theme.Plain, value.Cut(w-9)))
	}
	out := canvas.Block{
		canvas.L(badge, canvas.S(theme.Plain, text.Lit("  ")), canvas.S(theme.Strong, env.ID(string(s.ID)))),
		fact(text.Lit("user"), env.User(s.User)),
		fact(text.Lit("from"), text.Join("", views.Moment(s.Start, env), text.Lit(" to "), views.Moment(s.End, env))),
		fact(text.Lit("channel"), text.Join("", env.Text(s.Channel), text.Lit("  "), env.Text(join(s.Languages)), text.Lit("  "), env.Text(s.Status))),
	}
	if len(s.UserTags)+len(s.SessionTags) > 0 {
		tags := m.env().Tags(slices.Concat(s.UserTags, s.SessionTags))
		for i, l := range tags.Wrap(w - 9) {
			name := text.Safe{}
			if i == 0 {
				name = text.Lit("tags")
			}
			if i < 3 {
				out = append(out, fact(name, l))
			}
		}
	}
	if why := m.why(s.ID); m.tails[s.ID].Why != "" {
		for i, l := range why.Text.Wrap(w - 9) {
			name := text.Safe{}
			if i == 0 {
				name = text.Lit("why")
			}
			if i < whyRows {
				out = append(out, canvas.L(canvas.S(theme.Dim, name.Pad(9)), canvas.S(why.Token, l)))
			}
		}
	}
	return append(out, canvas.Line{})
}

// whyRows is how many rows of the preview the verdict may take.
const whyRows = 3

func join(words []string) string {
	out := ""
	for i, s := range words {
		if i > 0 {
			out += ","
		}
		out += s
	}
	return out
}

// said is the end of the conversation, as much as fits.
func (m *Model) said(s api.Session, w, h int) canvas.Block {
	a, ok := m.preview.Answer()
	switch {
	case m.preview.Key().Sessions != api.ListIDs(s.ID) || !ok && (m.preview.Loading() || m.awaited):
		return canvas.Block{canvas.L(canvas.S(theme.Faint, text.Lit("...")))}
	case !ok && m.preview.Err() != nil:
		return m.trouble(w)
	case !ok:
		return nil
	}
	t := views.Weave(s, a.Value, nil, views.LayerMessages)
	var lines canvas.Block
	for _, r := range t.Rows {
		lines = append(lines, m.sayRow(r, w)...)
	}
	room := max(h-len(m.card(s, w)), 0)
	return lines[max(len(lines)-room, 0):]
}

func (m *Model) trouble(w int) canvas.Block {
	var out canvas.Block
	for _, l := range m.d.Explain(m.preview.Err()).Sentence.Wrap(w) {
		out = append(out, canvas.L(canvas.S(theme.Warn, l)))
	}
	return out
}

func (m *Model) sayRow(r views.Row, w int) canvas.Block {
	const label = 6
	switch r.Kind {
	case views.GapRow:
		return canvas.Block{canvas.L(canvas.S(theme.Faint, text.Join("", text.Blank(label), views.GapLine(r))))}
	case views.EndRow:
		return canvas.Block{canvas.L(canvas.Span(r.Label), canvas.S(theme.Dim, text.Join("", text.Lit("   "), views.EndLine(r.Outcome, m.env()))))}
	}
	var out canvas.Block
	for i, line := range r.Body(m.env()).Text.Wrap(w - label) {
		head := canvas.S(theme.Plain, text.Blank(label))
		if i == 0 {
			head = canvas.S(r.Label.Token, r.Label.Text.Pad(label))
		}
		if i == 4 {
			break
		}
		out = append(out, canvas.L(head, canvas.S(theme.Plain, line)))
	}
	return out
}
