package ui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// The smallest terminal that is of use, and the rows the shell takes.
const (
	leastWidth  = 40
	leastHeight = 10
	chromeRows  = 4 // two of header, status, footer
)

// leastWindow is how much of a time window is still worth showing.
const leastWindow = 8

// View draws the frame. It is called after every message and only reads.
func (a *App) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	f := a.Frame()
	v.SetContent(canvas.Render(f.Block(), a.theme, a.width, a.height))
	v.Cursor = f.Cursor
	if percent, on := a.working(); on {
		v.ProgressBar = tea.NewProgressBar(tea.ProgressBarDefault, percent)
	}
	return v
}

// working is how far the work is that is on, of the screen on top first.
func (a *App) working() (percent int, on bool) {
	for _, p := range slices.Backward(a.stack) {
		if w, ok := p.screen.(Worker); ok {
			if percent, on = w.Progress(); on {
				return max(0, min(percent, 100)), true
			}
		}
	}
	return 0, false
}

func (a *App) body() (w, h int) { return a.width, max(a.height-chromeRows, 1) }

func (a *App) small() bool { return a.width < leastWidth || a.height < leastHeight }

// Frame is a picture of the program in its parts: the header and the footer,
// which are the shell's, and between them what the screen has to show with the
// line of its state. Where there is no room for a frame, Body is all.
type Frame struct {
	Head, Body, Foot canvas.Block
	Cursor           *tea.Cursor
}

// Block is the whole picture.
func (f Frame) Block() canvas.Block { return slices.Concat(f.Head, f.Body, f.Foot) }

// Frame draws the program. It only reads.
func (a *App) Frame() Frame {
	p := a.top()
	if a.width <= 0 || a.height <= 0 || p == nil {
		return Frame{}
	}
	if a.small() {
		return Frame{Body: canvas.Block{canvas.L(canvas.S(theme.Bad,
			text.Format("korescope needs %dx%d, this is %dx%d", leastWidth, leastHeight, a.width, a.height).Cut(a.width)))}}
	}
	w, h := a.body()
	env := a.env()
	if a.plain {
		env.Height = a.height
		return Frame{Body: p.screen.Draw(env).Fit(w, a.height)}
	}
	head := p.screen.Heading()
	body := p.screen.Draw(env).Fit(w, h)
	if a.overlay != nil {
		body = lay(body, a.overlay.draw(a, w, h), a.overlay.over())
	}
	status, cursor := a.status(head)
	trouble := a.trouble(head)
	if len(trouble) > 1 && a.overlay == nil {
		body = lay(body, trouble[:len(trouble)-1], false)
	}
	body = lay(body, a.copyMenu(w), false)
	if p := a.prompt; p != nil {
		reason := p.reason(w)
		// The reason stands below the text, which makes room for it.
		body = lay(body, append(p.candidates(min(6, h-1-len(reason)), w), reason...), false)
		if n := len(reason); n > 0 {
			at := len(body) - n
			last := body[len(body)-1]
			copy(body[at+1:], body[at:len(body)-1])
			body[at], status = status, last
			cursor.Y -= n
		}
	}
	return Frame{
		Head: canvas.Block{a.headline(head), a.crumbs(head)}, Body: append(body, status),
		Foot: canvas.Block{a.footer()}, Cursor: cursor,
	}
}

// lay puts an overlay over the body: all of it, or the rows at the bottom.
func lay(body, top canvas.Block, all bool) canvas.Block {
	if all {
		return top.Fit(bodyWidth(body), len(body))
	}
	copy(body[max(len(body)-len(top), 0):], top[max(len(top)-len(body), 0):])
	return body
}

func bodyWidth(b canvas.Block) int {
	if len(b) == 0 {
		return 0
	}
	return b[0].Width()
}

// headline is the first row: where we are, what may be done, when.
func (a *App) headline(h Heading) canvas.Line {
	left := canvas.L(canvas.S(theme.Title, text.Join("", text.Lit(" "), a.o.Profile)))
	if !a.o.Bot.Empty() {
		left = left.Add(canvas.S(theme.Bar, text.Lit("/")), canvas.S(theme.Title, a.o.Bot))
	}
	if a.o.Writes {
		left = left.Add(canvas.S(theme.Bar, text.Lit("  ")), canvas.S(theme.Alarm, text.Lit(" WRITE ")))
	} else {
		left = left.Add(canvas.S(theme.Dim, text.Lit("  READ-ONLY")))
	}
	right := canvas.L(
		canvas.S(theme.Bar, h.Window),
		canvas.S(theme.Dim, text.Join("", text.Lit("  "), a.clock(), text.Lit(" "))),
	)
	if left.Width()+right.Width() > a.width {
		// Where it is read matters more than when: the window gives way.
		clock := canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit("  "), a.clock(), text.Lit(" "))))
		right = clock
		if room := a.width - left.Width() - clock.Width() - 2; room >= leastWindow {
			right = canvas.L(canvas.S(theme.Bar, text.Join("", text.Lit("  "), h.Window.Cut(room)))).Add(clock.Spans...)
		}
	}
	return canvas.Split(a.width, left, right).Filled(theme.Bar)
}

func (a *App) clock() text.Safe {
	return text.Clean(a.o.Clock().In(a.zone()).Format("15:04"))
}

// crumbs is the second row: the way here, the age of what is shown, and what
// the request budget has left. On a narrow screen the way is cut at its
// beginning: where one is matters more than where one came from.
func (a *App) crumbs(h Heading) canvas.Line {
	right := canvas.L(canvas.S(theme.Bar, text.Lit("  "))).Add(a.age(h).Spans...).
		Add(canvas.S(theme.Bar, text.Lit("   "))).Add(a.budget()...).Add(canvas.S(theme.Bar, text.Lit(" ")))
	line := canvas.L()
	for from := range a.stack {
		line = a.way(from)
		if line.Width()+right.Width() <= a.width {
			break
		}
	}
	return canvas.Split(a.width, line, right).Filled(theme.Bar)
}

// way is the crumbs from one of the open screens on.
func (a *App) way(from int) canvas.Line {
	line := canvas.L(canvas.S(theme.Bar, text.Lit(" ")))
	if from > 0 {
		line = line.Add(canvas.S(theme.Faint, text.Lit(".. > ")))
	}
	for i, p := range a.stack[from:] {
		if i > 0 {
			line = line.Add(canvas.S(theme.Faint, text.Lit(" > ")))
		}
		token := theme.Dim
		if from+i == len(a.stack)-1 {
			token = theme.Accent
		}
		line = line.Add(canvas.S(token, p.screen.Heading().Title))
	}
	return line
}

// age says how old the picture is, in steps that change once a minute.
func (a *App) age(h Heading) canvas.Line {
	now := a.o.Clock()
	line := canvas.L()
	if old := now.Sub(h.At); !h.At.IsZero() && (h.Loading.IsZero() || old >= time.Minute) {
		token := theme.Dim
		if h.Cached && old >= time.Minute {
			token = theme.Warn
		}
		line = line.Add(canvas.S(token, agoWords(old, h.Cached)))
	}
	if h.Loading.IsZero() {
		return line
	}
	if len(line.Spans) > 0 {
		line = line.Add(canvas.S(theme.Dim, text.Lit(", ")))
	}
	if took := now.Sub(h.Loading); took >= time.Second {
		return line.Add(canvas.S(theme.Info, text.Format("reading %ds", int(took.Seconds()))))
	}
	return line.Add(canvas.S(theme.Info, text.Lit("reading")))
}

func agoWords(d time.Duration, cached bool) text.Safe {
	var age text.Safe
	switch {
	case d < time.Minute:
		return text.Lit("now")
	case d < time.Hour:
		age = text.Format("%dm old", int(d.Minutes()))
	case d < 48*time.Hour:
		age = text.Format("%dh old", int(d.Hours()))
	default:
		age = text.Format("%dd old", int(d.Hours()/24))
	}
	if cached {
		return text.Join("", text.Lit("cache "), age)
	}
	return age
}

// budget is how much of the shared allowance is used; a closed gate counts down.
func (a *App) budget() []canvas.Span {
	m := a.meter
	if m.MinuteMax == 0 {
		return nil
	}
	var shut []canvas.Span
	if left := m.ShutUntil.Sub(a.o.Clock()); left > 0 {
		shut = []canvas.Span{
			canvas.S(theme.Alarm, text.Format(" refused, again in %s ", left.Round(time.Second))),
			canvas.S(theme.Bar, text.Lit(" ")),
		}
	}
	return append(shut,
		canvas.S(theme.Dim, text.Lit("api ")),
		canvas.S(level(m.Minute, m.MinuteMax), text.Format("%d/%d", m.Minute, m.MinuteMax)),
		canvas.S(theme.Dim, text.Lit(" min ")),
		canvas.S(level(m.Hour, m.HourMax), text.Format("%d/%d", m.Hour, m.HourMax)),
		canvas.S(theme.Dim, text.Lit(" h")),
	)
}

func level(used, limit int) theme.Token {
	switch {
	case used*10 >= limit*9:
		return theme.Bad
	case used*2 >= limit:
		return theme.Warn
	}
	return theme.Bar
}

// status is the row above the footer: a prompt, else a note, else what the
// screen has to say.
func (a *App) status(h Heading) (canvas.Line, *tea.Cursor) {
	if a.prompt != nil {
		line, x := a.prompt.draw(a.width)
		hint := a.prompt.hint
		token := theme.Dim
		if hint.Bad {
			token = theme.Bad
		}
		if room := a.width - line.Width() - 2; room > 8 && !hint.Text.Empty() && !a.prompt.refused.Bad {
			line = canvas.Split(a.width, line, canvas.L(canvas.S(token, hint.Text.Cut(room))))
		}
		return line, tea.NewCursor(x, a.height-2)
	}
	if a.overlay != nil {
		return a.overlay.hint(), nil
	}
	if !a.note.Text.Empty() && !a.note.Long {
		token := theme.Info
		if a.note.Bad {
			token = theme.Bad
		}
		return canvas.L(canvas.S(token, text.Join("", text.Lit(" "), a.note.Text))), nil
	}
	if trouble := a.trouble(h); len(trouble) > 0 {
		return trouble[len(trouble)-1], nil
	}
	return h.Status, nil
}

// troubleRows is how many rows a failure may take.
const troubleRows = 5

// trouble is what failed, or a long note, wrapped; its last row stands above the footer, the
// others over the end of the body.
func (a *App) trouble(h Heading) canvas.Block {
	said := h.Trouble
	if a.note.Long {
		said = canvas.S(theme.Info, a.note.Text)
		if a.note.Bad {
			said.Token = theme.Bad
		}
	}
	if said.Text.Empty() {
		return nil
	}
	var out canvas.Block
	for i, l := range said.Text.Wrap(max(a.width-4, 10)) {
		mark := text.Lit("   ")
		if i == 0 {
			mark = text.Lit(" ! ")
		}
		out = append(out, canvas.L(canvas.S(said.Token, text.Join("", mark, l))).Fit(a.width))
	}
	return out[:min(len(out), troubleRows)]
}
