package ui

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// longestLine bounds what can be typed or pasted into a prompt.
const longestLine = 4096

// prompt is the line being typed: a command or a screen's own question. The
// editing itself is the library's; only cleaned text is drawn.
type prompt struct {
	input    textinput.Model
	label    text.Safe
	complete func(string) []Completion
	typed    func(string) Hint
	entered  func(string) tea.Cmd
	hint     Hint   // what the text so far would do
	start    string // what the prompt opened with
	picked   int    // candidate chosen with tab, -1 for none
	before   string
}

func newPrompt(label text.Safe, initial string) *prompt {
	in := textinput.New()
	in.Prompt = ""
	in.CharLimit = longestLine
	// The library's paste key would start a clipboard program; pasted text comes
	// from the terminal instead.
	in.KeyMap.Paste.SetEnabled(false)
	in.SetValue(initial)
	in.CursorEnd()
	in.Focus()
	return &prompt{input: in, label: label, start: initial, picked: -1}
}

// tell lets the screen know the text so far and keeps its answer for drawing.
func (p *prompt) tell(s string) { p.hint = p.typed(s) }

// drop leaves the prompt; the screen is told the text it had before, so that
// what it showed while typing goes back.
func (a *App) dropPrompt() {
	a.prompt.tell(a.prompt.start)
	a.prompt = nil
}

func (a *App) openCommand(initial string) {
	p := newPrompt(text.Lit(":"), initial)
	p.complete = a.o.Complete
	p.typed = func(string) Hint { return Hint{} }
	p.entered = a.command
	a.prompt = p
}

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
	p := newPrompt(start.Label, start.Text)
	p.complete = start.Complete
	p.typed = func(s string) Hint { return asker.Typed(kind, s) }
	p.entered = func(s string) tea.Cmd { return asker.Entered(kind, s) }
	a.prompt = p
	p.tell(start.Text)
}

// command runs a line typed after ":".
func (a *App) command(line string) tea.Cmd {
	line = strings.TrimSpace(line)
	if line == "" {
		return nil
	}
	r, known, err := a.o.Parse(line)
	switch {
	case err != nil:
		return a.notify(Note{Text: a.o.Explain(err), Bad: true, Sticky: true})
	case known:
		return a.open(r)
	}
	word, _, _ := strings.Cut(line, " ")
	if action, ok := a.o.Keys.ByCommand(word); ok {
		return a.do(action)
	}
	return a.notify(Note{Text: text.Format("no command %q; press : and tab to see them all", word), Bad: true, Sticky: true})
}

func (a *App) promptKey(m tea.KeyPressMsg) tea.Cmd {
	p := a.prompt
	switch key := m.String(); key {
	case "esc", "ctrl+c":
		a.dropPrompt()
		return nil
	case "enter":
		a.prompt = nil
		return tea.Batch(p.entered(p.input.Value()), a.tick())
	case "tab", "shift+tab":
		p.cycle(key == "tab")
	case "backspace":
		if p.input.Value() == "" {
			a.dropPrompt()
			return nil
		}
		p.edit(m)
	default:
		p.edit(m)
	}
	p.tell(p.input.Value())
	return nil
}

func (p *prompt) edit(m tea.Msg) {
	p.picked = -1
	// The returned command only blinks a cursor that the terminal draws itself.
	p.input, _ = p.input.Update(m)
}

// onPaste takes pasted text into an open prompt and nowhere else: pasted lines
// never act as keys. Line ends become blanks, so nothing is submitted by them.
func (a *App) onPaste(s string) tea.Cmd {
	if a.prompt == nil {
		return a.notify(Note{Text: text.Lit("pasted text goes into a prompt: press / or : first")})
	}
	if len(s) > longestLine {
		s = strings.ToValidUTF8(s[:longestLine], "")
	}
	s = strings.Join(strings.Fields(s), " ")
	a.prompt.edit(tea.PasteMsg{Content: s})
	a.prompt.tell(a.prompt.input.Value())
	return nil
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
	p.input.SetValue(list[p.picked].Line)
	p.input.CursorEnd()
}

// line draws the prompt; x is the cell of the cursor.
func (p *prompt) line(w int) (l canvas.Line, x int) {
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
