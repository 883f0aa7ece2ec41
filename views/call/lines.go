package call

import (
	"strings"

	"korescope/api/payload"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// linesMost bounds what one message may fill; the trees show the rest.
const linesMost = 5000

// messageLines is the call as a conversation: settings, messages by role, and
// the answer set apart.
func (m *Model) messageLines() canvas.Block {
	if len(m.call.Request)+len(m.call.Response) == 0 {
		return m.absent(requestTab)
	}
	var out canvas.Block
	if p := m.call.Problem; p != "" {
		out = append(out, canvas.L(canvas.S(theme.Bad, text.Join("", text.Lit(" ! "), m.env().Text(p)))))
	}
	out = append(out, m.settings()...)
	if !m.read.AskedKnown && len(m.call.Request) > 0 {
		out = append(out, canvas.L(canvas.S(theme.Warn, text.Lit(" the request has a shape that is not known here; tab shows it as a tree"))))
	}
	for _, msg := range m.read.Asked {
		m.lastAsked = len(out)
		out = append(out, m.message(msg)...)
	}
	out = append(out, canvas.L(canvas.S(theme.Faint, text.Lit(" ---- answer ----"))))
	for _, msg := range m.read.Answer {
		out = append(out, m.message(msg)...)
	}
	return append(append(out, m.unanswered()...), m.guardrails()...)
}

// unanswered says why there is nothing to read where the answer should stand.
func (m *Model) unanswered() canvas.Block {
	raw := strings.TrimSpace(string(m.call.Response))
	line := func(token theme.Token, s text.Safe) canvas.Block { return canvas.Block{canvas.L(canvas.S(token, s))} }
	switch {
	case raw == "" || raw == "null":
		return line(theme.Bad, text.Lit(" no answer came back"))
	case !m.read.AnswerKnown:
		return line(theme.Warn, text.Lit(" the answer is cut or of a shape that is not known here; tab shows it as it came"))
	case m.read.Said() == "" && len(m.read.Answer) == 0:
		return line(theme.Bad, text.Lit(" nothing came where the answer should stand"))
	case m.read.Said() == "" && m.read.Reasoned:
		return line(theme.Bad, text.Lit(" nothing but reasoning came"))
	}
	return nil
}

// settings is what was sent beside the messages, as many lines as it takes.
func (m *Model) settings() canvas.Block {
	var out canvas.Block
	line := canvas.L(canvas.S(theme.Plain, text.Lit(" ")))
	for _, s := range m.read.Settings {
		if len(s.Value) > 40 {
			continue // a list of tools or a schema: the tree shows it
		}
		name, value := m.env().Text(s.Name), text.Clean(m.env().Named(s.Name, s.Value))
		if used := line.Width(); used > 1 && used+name.Width()+1+value.Width() >= m.width {
			out = append(out, line)
			line = canvas.L(canvas.S(theme.Plain, text.Lit(" ")))
		}
		line = line.Add(canvas.S(theme.Dim, name), canvas.S(theme.Plain, text.Join("", text.Lit(" "), value, text.Lit("   "))))
	}
	return append(out, line)
}

func (m *Model) guardrails() canvas.Block {
	var out canvas.Block
	for _, g := range m.call.Guardrails {
		token := theme.Dim
		if strings.EqualFold(g.Outcome, "detected") {
			token = theme.Bad
		}
		risk := text.Lit("?")
		if g.Risk.Known {
			risk = text.Format("%.2f", g.Risk.Value)
		}
		out = append(out, canvas.L(canvas.S(token, text.Format(" guardrail %s  %s  risk %s", m.env().Text(g.Name), m.env().Text(g.Outcome), risk))))
	}
	return out
}

// message is one message: its role in the margin, its text wrapped. JSON in the
// text is laid out over lines, because an answer of a generative node is one.
func (m *Model) message(msg payload.Message) canvas.Block {
	const margin = 11
	role := m.env().Text(msg.Role)
	token := roleToken(msg.Role)
	var out canvas.Block
	said := msg.Text
	if msg.Name != "" {
		said = msg.Name + " " + said
	}
	if !payload.Visible(said) {
		return canvas.Block{canvas.L(canvas.S(token, text.Join("", text.Lit(" "), role).Pad(margin)), canvas.S(theme.Bad, text.Lit("(empty)")))}
	}
	for _, paragraph := range text.CleanLines(payload.Layout(m.env().PayloadText(said)), linesMost) {
		for _, l := range paragraph.Wrap(max(m.width-margin-1, 10)) {
			head := text.Blank(margin)
			if len(out) == 0 {
				head = text.Join("", text.Join("", text.Lit(" "), role).Pad(margin-1), text.Lit(" "))
			}
			out = append(out, canvas.L(canvas.S(token, head), canvas.S(saidToken(msg.Kind), l)))
		}
	}
	return out
}

// saidToken sets apart what is no part of what was said.
func saidToken(k payload.Kind) theme.Token {
	switch k {
	case payload.Refusal:
		return theme.Bad
	case payload.Reasoning:
		return theme.Dim
	}
	return theme.Plain
}

func roleToken(role string) theme.Token {
	switch strings.ToLower(role) {
	case "user", "input":
		return theme.User
	case "assistant", "model", "chatbot":
		return theme.Bot
	case "system", "developer", "prompt", "reasoning":
		return theme.Dim
	case "error", "guardrail":
		return theme.Bad
	}
	return theme.Info
}

// deltaLines is what is new in this call against the one before it.
func (m *Model) deltaLines() canvas.Block {
	dim := func(s text.Safe) canvas.Block { return canvas.Block{canvas.L(canvas.S(theme.Dim, s))} }
	if !m.had {
		return dim(text.Lit(" this is the first call of its conversation in the list"))
	}
	if _, ok := m.earlier.Answer(); !ok {
		return dim(text.Lit(" the call before this one is not in the cache"))
	}
	if len(m.call.Request) == 0 {
		return dim(text.Lit(" without a request payload there is nothing to compare"))
	}
	out := dim(text.Format(" against the call of %s, %s earlier",
		views.Clock(m.before.Start, m.zone), views.Elapsed(m.call.Start.Sub(m.before.Start))))
	if m.unseen {
		return append(out, canvas.L(canvas.S(theme.Plain, text.Lit(" what was sent differs, but not in messages or settings; the request tab shows it"))))
	}
	if len(m.changes) == 0 {
		return append(out, canvas.L(canvas.S(theme.Plain, text.Lit(" nothing differs in what was sent"))))
	}
	last := views.ChangeKind(0)
	for _, c := range m.changes {
		if c.Kind != last && (c.Kind == views.MessageAdded || c.Kind == views.AnswerChanged || last == views.SettingChanged) {
			out = append(out, canvas.Line{})
		}
		last = c.Kind
		out = append(out, m.change(c)...)
	}
	return out
}

func (m *Model) change(c views.Change) canvas.Block {
	arrow := func(label text.Safe) canvas.Block {
		return canvas.Block{canvas.L(
			canvas.S(theme.Dim, label.Pad(11)), canvas.S(theme.Strong, m.env().Text(c.Name).Pad(16)),
			canvas.S(theme.Plain, text.Lit(" ")),
			canvas.S(theme.Removed, m.short(m.env().Named(c.Name, c.Old))), canvas.S(theme.Dim, text.Lit(" -> ")), canvas.S(theme.Added, m.short(m.env().Named(c.Name, c.New))),
		)}
	}
	switch c.Kind {
	case views.SettingChanged:
		return arrow(text.Lit(" setting"))
	case views.AnswerChanged:
		return arrow(text.Lit(" answer"))
	case views.LineRemoved:
		return m.signed(" "+c.Role, "- ", c.Old, theme.Removed)
	case views.MessageGone:
		return m.signed(" gone", "- ", c.Role+": "+c.Old, theme.Removed)
	case views.LineAdded:
		return m.signed(" "+c.Role, "+ ", c.New, theme.Added)
	}
	return m.signed(" "+c.Role, "+ ", c.New, theme.Added)
}

func (m *Model) signed(label, sign, s string, token theme.Token) canvas.Block {
	const margin = 11
	var out canvas.Block
	for _, p := range text.CleanLines(m.env().PayloadText(s), linesMost) {
		for _, l := range p.Wrap(max(m.width-margin-3, 10)) {
			head := m.env().Text(label).Pad(margin)
			if len(out) > 0 {
				head = text.Blank(margin)
			}
			out = append(out, canvas.L(canvas.S(theme.Dim, head), canvas.S(token, text.Join("", text.Clean(sign), l))))
		}
	}
	return out
}

func (m *Model) short(s string) text.Safe {
	if s == "" {
		return text.Lit("(none)")
	}
	return m.clean(s).Cut(max(m.width/2-18, 12))
}

func (m *Model) env() views.Env {
	return views.Env{Now: m.d.Clock(), Zone: m.zone, Mask: m.d.Mask}
}

func (m *Model) clean(s string) text.Safe { return text.Clean(m.env().PayloadText(s)) }
