package change

import (
	"korescope/api"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// nameCells is the width of the column of names.
const nameCells = 22

// Draw shows the facts, then the change as far as it is known.
func (m *Model) Draw(env ui.Env) canvas.Block {
	out := canvas.Block{canvas.Line{}}
	if m.stage == looking && m.err == nil {
		out = append(out, canvas.L(canvas.S(theme.Dim, text.Lit(" looking at what will change ..."))))
	}
	for _, f := range m.out.Facts {
		out = append(out, factLines(f, env.Width)...)
	}
	out = append(out, canvas.Line{})
	if m.stage == asking {
		out = append(out, m.wants(env.Width)...)
	}
	if m.is.Call != "" {
		out = append(out, m.state(env)...)
	}
	for _, f := range m.after {
		out = append(out, factLines(f, env.Width)...)
	}
	return out[:min(len(out), max(env.Height, 1))]
}

func factLines(f Fact, w int) canvas.Block {
	token := theme.Plain
	if f.Warn {
		token = theme.Warn
	}
	var out canvas.Block
	for i, row := range f.Value.Wrap(max(w-nameCells-3, 10)) {
		name := text.Lit("")
		if i == 0 {
			name = f.Name
		}
		out = append(out, canvas.L(canvas.S(theme.Dim, text.Format("   %s ", name.Pad(nameCells-1))), canvas.S(token, row)))
	}
	return out
}

func (m *Model) wants(w int) canvas.Block {
	if len(m.out.Accept) == 0 {
		return canvas.Block{canvas.L(canvas.S(theme.Warn, text.Lit(" this cannot be sent from here; esc leaves")))}
	}
	var out canvas.Block
	for _, row := range m.out.Wants.Wrap(max(w-2, 10)) {
		out = append(out, canvas.L(canvas.S(theme.Accent, text.Format(" %s", row))))
	}
	return append(out, canvas.L(canvas.S(theme.Dim, text.Lit(" Enter does nothing until that is complete; it is sent once. esc leaves."))))
}

// state is the change in words, and its parts.
func (m *Model) state(env ui.Env) canvas.Block {
	is := m.is
	badge := views.ChangeBadge(is.State)
	line := canvas.L(canvas.S(theme.Plain, text.Format(" %s  ", is.Call)), canvas.S(badge.Token, badge.Text))
	if is.Percent.Known {
		line = line.Add(canvas.S(theme.Plain, text.Format("  %d%%", is.Percent.Value)))
	}
	if is.Word != "" {
		line = line.Add(canvas.S(theme.Dim, text.Format("  the platform says %q", is.Word)))
	}
	out := canvas.Block{line}
	if is.ID != "" {
		out = append(out, canvas.L(canvas.S(theme.Dim, text.Format(" job %s", string(is.ID)))))
	}
	if is.Failure != "" {
		out = append(out, factLines(Fact{Name: text.Lit("why"), Value: text.Clean(is.Failure), Warn: true}, env.Width)...)
	}
	if m.stage == under {
		out = append(out, canvas.L(canvas.S(theme.Dim, text.Lit(" esc leaves the page, not the job: it is followed again when the page opens"))))
	}
	for _, p := range is.Parts {
		if m.d.Mask != nil && p.Type == "user" {
			p.Name = m.d.Mask.Identity(p.Name)
		}
		out = append(out, partLine(p))
	}
	return out
}

func partLine(p api.ChangePart) canvas.Line {
	badge := views.ChangeBadge(p.State)
	return canvas.L(canvas.S(badge.Token, text.Format("   %s ", badge.Text.Pad(8))),
		canvas.S(theme.Dim, text.Format("%s ", text.Clean(p.Type).Pad(14))), canvas.S(theme.Plain, text.Clean(p.Name)))
}

func (m *Model) trouble() canvas.Span {
	p := m.d.Explain(m.err)
	sentence := text.Join(" ", p.Sentence, p.Hint)
	if api.KindOf(m.err) == api.OutcomeUnknown {
		sentence = text.Join(" ", sentence, text.Lit("It may have been carried out or not, and is not sent again by itself; open the page anew to see how it stands."))
	}
	return canvas.S(theme.Bad, sentence)
}
