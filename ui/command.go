package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/spell"
	"korescope/ui/text"
)

// command runs a line typed after ":". The word may be cut short as long as it
// begins one command only.
func (a *App) command(line string) (tea.Cmd, Hint) {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	full, refused := a.commandWord(word)
	if stands := a.o.Aliases[full]; stands != "" && !refused.Bad {
		// What it stands for is a command, not another such word.
		word, rest, _ = strings.Cut(strings.TrimSpace(stands+" "+rest), " ")
		full, refused = a.commandWord(word)
	}
	if refused.Bad {
		if refused.Try != "" && rest != "" {
			refused.Try += " " + strings.TrimSpace(rest)
		}
		return nil, refused
	}
	switch action, _ := a.o.Keys.ByCommand(full); action {
	case keymap.SaveView:
		return a.save(strings.TrimSpace(rest))
	case keymap.SwitchMouse:
		return a.switchMouse(strings.TrimSpace(rest))
	}
	r, known, err := a.o.Parse(a.filled(strings.TrimSpace(full + " " + rest)))
	switch {
	case err != nil:
		return nil, Hint{Text: a.o.Explain(err), Bad: true}
	case known:
		return a.open(r), Hint{}
	}
	action, _ := a.o.Keys.ByCommand(full)
	if cmd, is := a.custom(action, strings.TrimSpace(rest)); is {
		return cmd, Hint{}
	}
	return a.do(action), Hint{}
}

// custom runs what the person has declared; false when the action is none of it.
func (a *App) custom(action keymap.Action, rest string) (tea.Cmd, bool) {
	run := a.o.Customs[action]
	if run == nil {
		return nil, false
	}
	here := map[keymap.Action]string{}
	for _, c := range a.copies() {
		if here[c.Action] == "" {
			here[c.Action] = c.Value
		}
	}
	return run(rest, here), true
}

// filled is the line with what the screen is about, where it names nothing.
func (a *App) filled(line string) string {
	p := a.top()
	if p == nil || a.o.Fill == nil {
		return line
	}
	if s, ok := p.screen.(Topical); ok {
		return a.o.Fill(line, s.About())
	}
	return line
}

// commandWord finds the command that a word means: its name, a short name, or
// the beginning of one name only. Names that open something come before names
// of keys.
func (a *App) commandWord(word string) (string, Hint) {
	if a.o.Aliases[word] != "" || a.opens(word) || a.acts(word) {
		return word, Hint{}
	}
	if full := keymap.ShortCommands()[word]; full != "" {
		return full, Hint{}
	}
	all := a.commands("")
	var begun, opening []string
	for _, c := range all {
		if !strings.HasPrefix(c, word) {
			continue
		}
		begun = append(begun, c)
		if a.opens(c) {
			opening = append(opening, c)
		}
	}
	switch {
	case len(begun) == 1:
		return begun[0], Hint{}
	case len(opening) == 1:
		return opening[0], Hint{}
	case len(begun) > 1:
		if len(opening) > 1 {
			begun = opening
		}
		return "", Hint{Bad: true, Text: text.Format("%q begins more than one command: %s", word, text.Clean(strings.Join(begun, ", ")))}
	}
	h := Hint{Bad: true, Text: text.Format("no command %q; an empty : and tab list them all", word)}
	if near := spell.Nearest(word, all); near != "" {
		h.Text, h.Try = text.Format("no command %q", word), near
	}
	return "", h
}

// commands are the words after ":" that begin so.
func (a *App) commands(start string) []string {
	if a.o.Complete == nil {
		return nil
	}
	var out []string
	for _, c := range a.o.Complete(start) {
		word, _, _ := strings.Cut(c.Line, " ")
		if !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out
}

func (a *App) opens(word string) bool {
	if word == "" {
		return false
	}
	_, known, _ := a.o.Parse(word)
	return known
}

func (a *App) acts(word string) bool {
	_, ok := a.o.Keys.ByCommand(word)
	return ok && word != ""
}
