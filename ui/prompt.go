package ui

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// longestLine bounds what can be typed or pasted into a prompt.
const longestLine = 4096

// prompt is the line being typed: a command or a screen's own question. The
// editing itself is the library's; only cleaned text is drawn. What is not taken
// stays in the prompt with the reason below it, so that nothing typed is lost.
type prompt struct {
	kind     PromptKind
	input    textinput.Model
	label    text.Safe
	complete func(string) []Completion
	typed    func(string) Hint
	entered  func(string) (tea.Cmd, Hint)
	hint     Hint   // what the text so far would do
	refused  Hint   // why enter did not take the text as it stands
	start    string // what was in force when the prompt opened
	touched  bool   // something was typed
	picked   int    // candidate chosen with tab, -1 for none
	before   string
	line     pastLine
	deaf     time.Time // until when nothing is taken in
	last     time.Time // when something came in last
}

// deafFor is how long a prompt that confirms a change takes nothing in: what is
// held down or pasted while it opens was not meant for it. Enter needs the same
// pause before it, so that no held key and no burst of keys ever confirms.
const deafFor = 300 * time.Millisecond

// hurried reports an enter that confirms a change and came too soon after the key
// before it.
func (a *App) hurried(p *prompt) bool {
	now := a.o.Clock()
	soon := now.Sub(p.last) < deafFor
	p.last = now
	return p.kind == ConfirmPrompt && soon
}

func newPrompt(kind PromptKind, label text.Safe) *prompt {
	in := textinput.New()
	in.Prompt = ""
	in.CharLimit = longestLine
	// The library's paste key would start a clipboard program; pasted text comes
	// from the terminal instead.
	in.KeyMap.Paste.SetEnabled(false)
	in.Focus()
	return &prompt{kind: kind, input: in, label: label, picked: -1}
}

// tell lets the screen know the text so far and keeps its answer for drawing.
func (p *prompt) tell(s string) {
	p.hint, p.refused = p.typed(s), Hint{}
}

// dropPrompt leaves the prompt; the screen is told the text it had before, so
// that what it showed while typing goes back.
func (a *App) dropPrompt() {
	a.prompt.tell(a.prompt.start)
	a.prompt = nil
}

// search is the command that looks for what the prompt told the screen.
func (a *App) search() tea.Cmd {
	if p := a.top(); p != nil {
		if s, ok := p.screen.(Searcher); ok {
			return s.Search()
		}
	}
	return nil
}

// found is the hint of the prompt: what the screen has found meanwhile, or what it
// said when it was told.
func (a *App) found() Hint {
	if p := a.top(); p != nil && a.prompt.kind == FindPrompt && !a.prompt.hint.Bad {
		if s, ok := p.screen.(Searcher); ok {
			return s.Found()
		}
	}
	return a.prompt.hint
}

func (a *App) openCommand() {
	p := newPrompt(CommandPrompt, text.Lit(":"))
	p.complete = a.o.Complete
	p.typed = func(string) Hint { return Hint{} }
	p.entered = a.command
	a.prompt = p
}

// openPrompt opens a prompt of the screen. It begins empty; what is in force is
// one arrow up.
func (a *App) openPrompt(kind PromptKind) {
	top := a.top()
	if top == nil {
		return
	}
	asker, ok := top.screen.(Prompter)
	if !ok {
		return
	}
	start, ok := asker.Prompt(kind)
	if !ok {
		return
	}
	p := newPrompt(kind, start.Label)
	p.start, p.complete = start.Text, start.Complete
	if kind == ConfirmPrompt {
		p.last = a.o.Clock()
		p.deaf = p.last.Add(deafFor)
	}
	p.typed = func(s string) Hint { return asker.Typed(kind, s) }
	p.entered = func(s string) (tea.Cmd, Hint) {
		if h := asker.Typed(kind, s); h.Bad || h.Keep {
			return nil, h
		}
		return asker.Entered(kind, s), Hint{}
	}
	p.tell(start.Text)
	a.prompt = p
}

func (a *App) promptKey(m tea.KeyPressMsg) tea.Cmd {
	p := a.prompt
	key := m.String()
	if key != "esc" && key != "ctrl+c" && a.o.Clock().Before(p.deaf) {
		return nil
	}
	switch key {
	case "esc", "ctrl+c":
		a.dropPrompt()
		if p.kind == ConfirmPrompt && key == "esc" {
			return a.escape() // it is all that its page is for
		}
		return a.search()
	case "enter":
		if a.hurried(p) {
			p.hint = Hint{Text: text.Lit("too soon after the last key: enter again in a moment")}
			return nil
		}
		return a.enter()
	case "tab", "shift+tab":
		p.take(key == "tab")
	case "up":
		a.recall(1)
	case "down":
		a.recall(-1)
	case "backspace":
		if p.input.Value() == "" {
			a.dropPrompt()
			return a.search()
		}
		p.edit(m)
	default:
		p.edit(m)
	}
	p.last = a.o.Clock()
	p.tell(p.input.Value())
	return a.search()
}

// enter hands the text over. One that is refused stays, with the reason; every
// one is remembered, because what was typed wrongly is typed again.
func (a *App) enter() tea.Cmd {
	p := a.prompt
	line := p.input.Value()
	if p.kind == ConfirmPrompt && strings.TrimSpace(line) == "" {
		return nil
	}
	if line == "" && !p.touched {
		a.prompt = nil
		return nil
	}
	remember := a.remember(p.kind, line)
	if strings.TrimSpace(line) == "" && p.kind != FindPrompt {
		a.dropPrompt()
		return nil
	}
	a.prompt = nil
	cmd, refused := p.entered(line)
	if refused.Bad || refused.Keep {
		p.refused = refused
		a.prompt = p
	}
	return tea.Batch(remember, cmd, a.tick())
}

func (p *prompt) edit(m tea.Msg) {
	p.picked, p.touched = -1, true
	// The returned command only blinks a cursor that the terminal draws itself.
	p.input, _ = p.input.Update(m)
}

// onPaste takes pasted text into an open prompt and nowhere else: pasted lines
// never act as keys. Line ends become blanks, so nothing is submitted by them.
func (a *App) onPaste(s string) tea.Cmd {
	if a.touch() {
		a.lockText(strings.TrimSpace(s))
		return nil
	}
	if a.prompt == nil {
		return a.notify(Note{Text: text.Lit("pasted text goes into a prompt: press / or : first")})
	}
	if a.o.Clock().Before(a.prompt.deaf) {
		return nil
	}
	if len(s) > longestLine {
		s = strings.ToValidUTF8(s[:longestLine], "")
	}
	s = strings.Join(strings.Fields(s), " ")
	a.prompt.last = a.o.Clock()
	a.prompt.edit(tea.PasteMsg{Content: s})
	a.prompt.tell(a.prompt.input.Value())
	return a.search()
}

// take puts in what was probably meant by a text that is not understood, else
// the next completion.
func (p *prompt) take(forward bool) {
	try := p.refused.Try
	if try == "" {
		try = p.hint.Try
	}
	if try == "" || try == p.input.Value() {
		p.cycle(forward)
		return
	}
	p.set(try)
}

func (p *prompt) set(line string) {
	p.input.SetValue(line)
	p.input.CursorEnd()
	p.touched = true
}

func (p *prompt) cycle(forward bool) {
	if p.complete == nil {
		return
	}
	if p.picked < 0 {
		p.before = p.input.Value()
	}
	list := p.complete(p.before)
	if len(list) == 0 {
		return
	}
	if forward {
		p.picked = (p.picked + 1) % len(list)
	} else {
		p.picked = (max(p.picked, 0) + len(list) - 1) % len(list)
	}
	p.set(list[p.picked].Line)
}

// draw is the prompt's line; x is the cell of the cursor.
func (p *prompt) draw(w int) (l canvas.Line, x int) {
	value := []rune(p.input.Value())
	before := text.Clean(string(value[:p.input.Position()]))
	after := text.Clean(string(value[p.input.Position():]))
	room := max(w-p.label.Width()-2, 1)
	// A long line scrolls so that the cursor stays in sight.
	if over := before.Width() - room + 1; over > 0 {
		before = before.Window(over, room)
	}
	x = p.label.Width() + before.Width()
	l = canvas.L(
		canvas.S(theme.Accent, p.label),
		canvas.S(theme.Plain, text.Join("", before, after).Cut(max(w-p.label.Width(), 1))),
	)
	return l, x
}

// reasonRows is how many rows the reason of a refusal may take.
const reasonRows = 3

// reason says below the prompt why its text was not taken.
func (p *prompt) reason(w int) canvas.Block {
	if !p.refused.Bad {
		return nil
	}
	said := p.refused.Text
	if p.refused.Try != "" {
		said = text.Join("", said, text.Lit("; tab takes "), text.Clean(p.refused.Try))
	}
	var out canvas.Block
	for _, l := range said.Wrap(max(w-2, 10)) {
		out = append(out, canvas.L(canvas.S(theme.Bad, text.Join("", text.Lit(" "), l))).Fit(w))
	}
	return out[:min(len(out), reasonRows)]
}

// candidates draws the completions above the prompt, at most n of them.
func (p *prompt) candidates(n, w int) canvas.Block {
	if p.complete == nil || n <= 0 {
		return nil
	}
	typed := p.input.Value()
	if p.picked >= 0 {
		typed = p.before
	}
	list := p.complete(typed)
	from := 0
	if p.picked >= n {
		from = p.picked - n + 1
	}
	var out canvas.Block
	for i := from; i < min(from+n, len(list)); i++ {
		mark, token := text.Lit("  "), theme.Plain
		if i == p.picked {
			mark, token = text.Lit("> "), theme.Cursor
		}
		out = append(out, canvas.L(
			canvas.S(theme.Cursor, mark),
			canvas.S(token, text.Clean(list[i].Line).Pad(min(24, w/2))),
			canvas.S(theme.Dim, text.Join("", text.Lit("  "), list[i].What)),
		).Fit(w).Filled(theme.Bar))
	}
	return out
}
