package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Past is what was typed before, by prompt, oldest first. The shell reads it at
// the start and adds to its own copy.
type Past map[PromptKind][]string

// PastMost is how many lines of one prompt are kept.
const PastMost = 200

// With is the past with one more line at its end. A line typed before moves
// there.
func (p Past) With(kind PromptKind, line string) Past {
	out := make(Past, len(p)+1)
	for k, lines := range p {
		out[k] = lines
	}
	lines := slices.DeleteFunc(slices.Clone(p[kind]), func(old string) bool { return old == line })
	lines = append(lines, line)
	out[kind] = lines[max(len(lines)-PastMost, 0):]
	return out
}

// pastLine is where in the past a prompt stands.
type pastLine struct {
	back  int    // lines back, 0 for what is being typed
	typed string // what was being typed when going back began
}

// recall goes back (by 1) or forward (by -1) in what was typed before. The
// filter in force is the line nearest to now.
func (a *App) recall(by int) {
	p := a.prompt
	lines := a.past[p.kind]
	if p.start != "" && !slices.Contains(lines[max(len(lines)-1, 0):], p.start) {
		lines = append(slices.Clone(lines), p.start)
	}
	to := p.line.back + by
	if to < 0 || to > len(lines) {
		return
	}
	if p.line.back == 0 {
		p.line.typed = p.input.Value()
	}
	p.line.back, p.picked = to, -1
	if to == 0 {
		p.set(p.line.typed)
		return
	}
	p.set(lines[len(lines)-to])
}

// erases reports a line that names users to erase: a command may be cut short.
func erases(line string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	const whole = "erase"
	return len(word) > 1 && strings.HasPrefix(whole, word)
}

// remember keeps a line for the arrow up, here and, in a command, where it
// outlives the program.
func (a *App) remember(kind PromptKind, line string) tea.Cmd {
	// What confirmed a change is never offered again, and who is to be erased is
	// kept nowhere.
	if line == "" || kind == ConfirmPrompt || kind == PricePrompt || kind == CommandPrompt && erases(line) {
		return nil
	}
	a.past = a.past.With(kind, line)
	if a.o.Remember == nil {
		return nil
	}
	keep := a.o.Remember
	return func() tea.Msg {
		keep(kind, line)
		return nil
	}
}
