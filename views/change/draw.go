package change

import (
	"slices"

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
	var end canvas.Block
	if m.stage == asking {
		end = append(end, m.wants(env)...)
	}
	if m.is.Call != "" {
		end = append(end, m.state(env)...)
	}
	for _, f := range m.after {
		end = append(end, factLines(f, env.Width)...)
	}
	h := max(env.Height, 1)
	facts := m.facts(env.Width, false)
	if len(facts)+len(end) > h {
		facts = m.facts(env.Width, true)
	}
	return stacked(facts, end, h)
}

// facts are the lines about what is changed; where not all of them will be seen
// what warns comes first.
func (m *Model) facts(w int, warned bool) canvas.Block {
	var out canvas.Block
	if m.stage == looking && m.err == nil {
		out = append(out, canvas.L(canvas.S(theme.Dim, text.Lit(" looking at what will change ..."))))
	}
	all := m.out.Facts
	if warned {
		all = slices.SortedStableFunc(slices.Values(all), func(a, b Fact) int {
			switch {
			case a.Warn == b.Warn:
				return 0
			case a.Warn:
				return -1
			}
			return 1
		})
	}
	for _, f := range all {
		out = append(out, factLines(f, w)...)
	}
	return out
}

// stacked puts what has to be typed, or what became of it, under the facts. Where
// there is no room for both the facts give way, and say so.
func stacked(facts, end canvas.Block, h int) canvas.Block {
	gap := canvas.Block{canvas.Line{}}
	if len(facts) > 0 && len(facts)+len(end)+2 <= h {
		facts = append(gap, append(facts, gap...)...)
	}
	if room := h - len(end); len(facts) > room && room > 0 {
		hidden := len(facts) - room + 1
		facts = append(facts[:room-1:room-1], canvas.L(canvas.S(theme.Warn, text.Format("   .. %d more lines; a higher window shows them", hidden))))
	}
	out := append(facts[:min(len(facts), max(h-len(end), 0)):len(facts)], end...)
	return out[:min(len(out), h)]
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

func (m *Model) wants(env ui.Env) canvas.Block {
	said := func(token theme.Token, t text.Safe) (out canvas.Block) {
		for _, row := range t.Wrap(max(env.Width-2, 10)) {
			out = append(out, canvas.L(canvas.S(token, text.Format(" %s", row))))
		}
		return out
	}
	switch {
	case m.out.Idle:
		return nil
	case len(m.out.Accept) == 0:
		return said(theme.Warn, text.Lit("This cannot be sent from here; esc leaves."))
	case !m.open(env.Now):
		return said(theme.Warn, text.Lit("Writes are off (READ-ONLY): :writes on 10m allows them, then enter goes on; esc leaves."))
	}
	return append(said(theme.Accent, m.out.Wants), said(theme.Dim, text.Lit("Enter does nothing until that is complete and a moment has passed; it is sent once. esc leaves."))...)
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

// howItStands is where more can be learnt about an act whose end is not clear.
func (m *Model) howItStands() text.Safe {
	if m.is.Call == api.Publish {
		return text.Lit(":publish status asks how the last publish stands.")
	}
	return text.Lit(":journal lists what was sent, and when.")
}

func (m *Model) trouble() canvas.Span {
	p := m.d.Explain(m.err)
	sentence := text.Join(" ", p.Sentence, p.Hint)
	if api.KindOf(m.err) == api.OutcomeUnknown {
		sentence = text.Join(" ", sentence, m.howItStands())
	}
	return canvas.S(theme.Bad, sentence)
}

// Hidden is what the mask hides of the parts of the change.
func (m *Model) Hidden() []ui.Hidden {
	env := views.Env{Mask: m.d.Mask}
	return views.Hidden(env, m.d.Title, func(e views.Env) {
		for _, p := range m.is.Parts {
			if p.Type == "user" {
				e.User(api.UserID(p.Name))
			}
		}
	})
}
