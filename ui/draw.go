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

// View draws the frame. It is called after every message and only reads.
func (a *App) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	f := a.Frame()
	picture := f.Block()
	if a.o.ASCII {
		picture = picture.ASCII(a.width)
	}
	v.SetContent(canvas.Render(picture, a.theme, a.width, a.height))
	v.Cursor = f.Cursor
	if a.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if percent, on := a.working(); on && !a.isLocked() {
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

// tooSmall says so in the longest way that fits into one line.
func (a *App) tooSmall() text.Safe {
	for _, said := range []text.Safe{
		text.Format("korescope needs %dx%d, this is %dx%d", leastWidth, leastHeight, a.width, a.height),
		text.Format("korescope needs %dx%d", leastWidth, leastHeight),
		text.Format("needs %dx%d", leastWidth, leastHeight),
	} {
		if said.Width() <= a.width {
			return said
		}
	}
	return text.Format("%dx%d", leastWidth, leastHeight).Cut(a.width)
}

// Frame draws the program. It only reads.
func (a *App) Frame() Frame {
	p := a.top()
	if a.width <= 0 || a.height <= 0 || p == nil {
		return Frame{}
	}
	if a.isLocked() {
		return a.lockFrame()
	}
	if a.small() {
		return Frame{Body: canvas.Block{canvas.L(canvas.S(theme.Bad, a.tooSmall()))}}
	}
	w, h := a.body()
	env := a.envOf(p)
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
	took := now.Sub(h.Loading)
	if until := a.meter.WaitUntil; took >= time.Second && until.After(now) && !a.meter.ShutUntil.After(now) {
		return line.Add(canvas.S(theme.Warn, text.Format("waits %s", until.Sub(now).Round(time.Second))))
	}
	if took >= time.Second {
		return line.Add(canvas.S(theme.Info, text.Format("reading %ds", int(took.Seconds()))))
	}
	return line.Add(canvas.S(theme.Info, text.Lit("reading")))
}

// justNow is how long what was read is called new.
const justNow = 5 * time.Second

func agoWords(d time.Duration, cached bool) text.Safe {
	var age text.Safe
	switch {
	case d <= justNow:
		return text.Lit("now")
	case d < time.Minute:
		age = text.Lit("<1m old")
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
		if a.others > 0 {
			shut = append(shut, canvas.S(theme.Warn, text.Format("others ~%d ", a.others)))
		}
	}
	switch {
	case m.Team > 0:
		shut = append(shut, canvas.S(theme.Dim, text.Format("team %d ", m.Team)))
	case m.Shared:
		shut = append(shut, canvas.S(theme.Warn, text.Lit("team away ")))
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
		hint := a.found()
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
	if a.noteHere() && !a.long() {
		token := theme.Info
		if a.note.Bad {
			token = theme.Bad
		}
		return canvas.L(canvas.S(token, text.Join("", text.Lit(" "), a.note.Text))), nil
	}
	if trouble := a.trouble(h); len(trouble) > 0 {
		return trouble[len(trouble)-1], nil
	}
	if wait, ok := a.holding(h); ok {
		return wait, nil
	}
	return h.Status, nil
}

// noteHere reports a note about the screen that is shown.
func (a *App) noteHere() bool {
	return !a.note.Text.Empty() && (a.note.at == nil || a.note.at == a.top())
}

// long reports a note that is wrapped rather than cut.
func (a *App) long() bool { return a.note.Text.Width() > a.width-2 }

// troubleRows is how many rows a failure may take.
const troubleRows = 5

// trouble is what failed, or a long note, wrapped; its last row stands above the footer, the
// others over the end of the body.
func (a *App) trouble(h Heading) canvas.Block {
	said := h.Trouble
	if a.noteHere() && a.long() {
		said = canvas.S(theme.Info, a.note.Text)
		if a.note.Bad {
			said.Token = theme.Bad
		}
	}
	if shown := a.bareLine(); !shown.Empty() {
		said = canvas.S(theme.Warn, shown)
	}
	if said.Text.Empty() {
		return nil
	}
	var out canvas.Block
	for i, l := range said.Text.Wrap(max(a.width-4, 10)) {
		mark := text.Lit("   ")
		if i == 0 && said.Token != theme.Info && a.bare.at == nil {
			mark = text.Lit(" ! ")
		}
		out = append(out, canvas.L(canvas.S(said.Token, text.Join("", mark, l))).Fit(a.width))
	}
	return out[:min(len(out), troubleRows)]
}
