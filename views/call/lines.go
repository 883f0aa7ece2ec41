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

// writer makes the lines of the tabs that are text.
type writer struct {
	*job
	read    payload.Reading
	changes []views.Change
	unseen  bool
	// lastAsked is the line at which the newest message of the request begins.
	lastAsked int
	saidAt    []int // the lines at which the messages begin
}

// messageLines is the call as a conversation: settings, messages by role, and
// the answer set apart.
func (w *writer) messageLines() canvas.Block {
	if len(w.call.Request)+len(w.call.Response) == 0 {
		return nil // the tab says why
	}
	var out canvas.Block
	if p := w.call.Problem; p != "" {
		out = append(out, canvas.L(canvas.S(theme.Bad, text.Join("", text.Lit(" ! "), w.env.Text(p)))))
	}
	out = append(out, w.settings()...)
	if !w.read.AskedKnown && len(w.call.Request) > 0 {
		out = append(out, canvas.L(canvas.S(theme.Warn, text.Lit(" the request has a shape that is not known here; tab shows it as a tree"))))
	}
	for _, msg := range w.read.Asked {
		w.lastAsked = len(out)
		w.saidAt = append(w.saidAt, len(out))
		out = append(out, w.message(msg)...)
	}
	out = append(out, canvas.L(canvas.S(theme.Faint, text.Lit(" ---- answer ----"))))
	for _, msg := range w.read.Answer {
		w.saidAt = append(w.saidAt, len(out))
		out = append(out, w.message(msg)...)
	}
	return append(append(out, w.unanswered()...), w.guardrails()...)
}

// unanswered says why there is nothing to read where the answer should stand.
func (w *writer) unanswered() canvas.Block {
	raw := strings.TrimSpace(string(w.call.Response))
	line := func(token theme.Token, s text.Safe) canvas.Block { return canvas.Block{canvas.L(canvas.S(token, s))} }
	switch {
	case raw == "" || raw == "null":
		return line(theme.Bad, text.Lit(" no answer came back"))
	case !w.read.AnswerKnown:
		return line(theme.Warn, text.Lit(" the answer is cut or of a shape that is not known here; tab shows it as it came"))
	case w.read.Said() == "" && len(w.read.Answer) == 0:
		return line(theme.Bad, text.Lit(" nothing came where the answer should stand"))
	case w.read.Said() == "" && w.read.Reasoned:
		return line(theme.Bad, text.Lit(" nothing but reasoning came"))
	}
	return nil
}

// settings is what was sent beside the messages, as many lines as it takes.
func (w *writer) settings() canvas.Block {
	var out canvas.Block
	line := canvas.L(canvas.S(theme.Plain, text.Lit(" ")))
	for _, s := range w.read.Settings {
		if len(s.Value) > 40 {
			continue // a list of tools or a schema: the tree shows it
		}
		name, value := w.env.Text(s.Name), text.Clean(w.env.Named(s.Name, s.Value))
		if used := line.Width(); used > 1 && used+name.Width()+1+value.Width() >= w.width {
			out = append(out, line)
			line = canvas.L(canvas.S(theme.Plain, text.Lit(" ")))
		}
		line = line.Add(canvas.S(theme.Dim, name), canvas.S(theme.Plain, text.Join("", text.Lit(" "), value, text.Lit("   "))))
	}
	return append(out, line)
}

func (w *writer) guardrails() canvas.Block {
	var out canvas.Block
	for _, g := range w.call.Guardrails {
		token := theme.Dim
		if strings.EqualFold(g.Outcome, "detected") {
			token = theme.Bad
		}
		risk := text.Lit("?")
		if g.Risk.Known {
			risk = text.Format("%.2f", g.Risk.Value)
		}
		out = append(out, canvas.L(canvas.S(token, text.Format(" guardrail %s  %s  risk %s", w.env.Text(g.Name), w.env.Text(g.Outcome), risk))))
	}
	return out
}

// message is one message: its role in the margin, its text wrapped. JSON in the
// text is laid out over lines, because an answer of a generative node is one.
func (w *writer) message(msg payload.Message) canvas.Block {
	const margin = 11
	role := w.env.Text(msg.Role)
	token := roleToken(msg.Role)
	var out canvas.Block
	if !payload.Visible(said(msg)) {
		return canvas.Block{canvas.L(canvas.S(token, text.Join("", text.Lit(" "), role).Pad(margin)), canvas.S(theme.Bad, text.Lit("(empty)")))}
	}
	for _, paragraph := range text.CleanLines(payload.Layout(w.env.PayloadText(said(msg))), linesMost) {
		for _, l := range paragraph.Wrap(max(w.width-margin-1, 10)) {
			head := text.Blank(margin)
			if len(out) == 0 {
				head = text.Join("", text.Join("", text.Lit(" "), role).Pad(margin-1), text.Lit(" "))
			}
			out = append(out, canvas.L(canvas.S(token, head), canvas.S(saidToken(msg.Kind), l)))
		}
	}
	return out
}

// said is a message with the name that stands before it.
func said(msg payload.Message) string {
	if msg.Name != "" {
		return msg.Name + " " + msg.Text
	}
	return msg.Text
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
func (w *writer) deltaLines() canvas.Block {
	dim := func(s text.Safe) canvas.Block { return canvas.Block{canvas.L(canvas.S(theme.Dim, s))} }
	if !w.had {
		return dim(text.Lit(" this is the first call of its conversation in the list"))
	}
	if w.earlier == nil {
		return dim(text.Lit(" the call before this one is not in the cache"))
	}
	if len(w.call.Request) == 0 {
		return dim(text.Lit(" without a request payload there is nothing to compare"))
	}
	out := dim(text.Format(" against the call of %s, %s earlier",
		views.Clock(w.before.Start, w.env.Zone), views.Elapsed(w.call.Start.Sub(w.before.Start))))
	if w.unseen {
		return append(out, canvas.L(canvas.S(theme.Plain, text.Lit(" what was sent differs, but not in messages or settings; the request tab shows it"))))
	}
	if len(w.changes) == 0 {
		return append(out, canvas.L(canvas.S(theme.Plain, text.Lit(" nothing differs in what was sent"))))
	}
	last := views.ChangeKind(0)
	for _, c := range w.changes {
		if c.Kind != last && (c.Kind == views.MessageAdded || c.Kind == views.AnswerChanged || last == views.SettingChanged) {
			out = append(out, canvas.Line{})
		}
		last = c.Kind
		out = append(out, w.change(c)...)
	}
	return out
}

func (w *writer) change(c views.Change) canvas.Block {
	arrow := func(label text.Safe) canvas.Block {
		return canvas.Block{canvas.L(
			canvas.S(theme.Dim, label.Pad(11)), canvas.S(theme.Strong, w.env.Text(c.Name).Pad(16)),
			canvas.S(theme.Plain, text.Lit(" ")),
			canvas.S(theme.Removed, w.short(w.env.Named(c.Name, c.Old))), canvas.S(theme.Dim, text.Lit(" -> ")), canvas.S(theme.Added, w.short(w.env.Named(c.Name, c.New))),
		)}
	}
	switch c.Kind {
	case views.SettingChanged:
		return arrow(text.Lit(" setting"))
	case views.AnswerChanged:
		return arrow(text.Lit(" answer"))
	case views.LineRemoved:
		return w.signed(" "+c.Role, "- ", c.Old, theme.Removed)
	case views.MessageGone:
		return w.signed(" gone", "- ", c.Role+": "+c.Old, theme.Removed)
	case views.LineAdded:
		return w.signed(" "+c.Role, "+ ", c.New, theme.Added)
	}
	return w.signed(" "+c.Role, "+ ", c.New, theme.Added)
}

func (w *writer) signed(label, sign, s string, token theme.Token) canvas.Block {
	const margin = 11
	var out canvas.Block
	for _, p := range text.CleanLines(w.env.PayloadText(s), linesMost) {
		for _, l := range p.Wrap(max(w.width-margin-3, 10)) {
			head := w.env.Text(label).Pad(margin)
			if len(out) > 0 {
				head = text.Blank(margin)
			}
			out = append(out, canvas.L(canvas.S(theme.Dim, head), canvas.S(token, text.Join("", text.Clean(sign), l))))
		}
	}
	return out
}

func (w *writer) short(s string) text.Safe {
	if s == "" {
		return text.Lit("(none)")
	}
	return w.clean(s).Cut(max(w.width/2-18, 12))
}

func (w *writer) clean(s string) text.Safe { return text.Clean(w.env.PayloadText(s)) }
