package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// help shows the live table: the keys of this view first, then those that work
// everywhere. Typing narrows it, so nobody has to read it all.
type help struct {
	rows   []keymap.Binding
	here   map[keymap.Scope]bool
	filter string
	top    int
}

func newHelp(a *App) *help {
	h := &help{here: map[keymap.Scope]bool{}}
	for _, s := range a.scopes() {
		h.here[s] = true
	}
	h.rows = a.o.Keys.Bindings(a.scopes()...)
	return h
}

func (h *help) over() bool { return true }

func (h *help) hint() canvas.Line {
	if h.filter != "" {
		return canvas.L(canvas.S(theme.Accent, text.Join("", text.Lit(" keys with: "), text.Clean(h.filter))))
	}
	return canvas.L(canvas.S(theme.Dim, text.Lit(" type to narrow   arrows scroll   esc closes")))
}

func (h *help) key(_ *App, k string) (bool, tea.Cmd) {
	switch k {
	case "esc", "enter":
		return true, nil
	case "down":
		h.top++
	case "up":
		h.top = max(h.top-1, 0)
	case "pgdown", "ctrl+d", "ctrl+f":
		h.top += 10
	case "pgup", "ctrl+u":
		h.top = max(h.top-10, 0)
	case "backspace":
		if h.filter == "" {
			return true, nil
		}
		r := []rune(h.filter)
		h.filter = string(r[:len(r)-1])
	case "?", "q":
		if h.filter == "" {
			return true, nil
		}
		h.filter += k
	case "space":
		h.filter += " "
	default:
		if len([]rune(k)) == 1 {
			h.filter, h.top = h.filter+k, 0
		}
	}
	return false, nil
}

func (h *help) draw(_ *App, w, height int) canvas.Block {
	var lines canvas.Block
	last := keymap.Scope("")
	for _, b := range h.rows {
		if !h.matches(b) {
			continue
		}
		if b.Scope != last {
			if len(lines) > 0 {
				lines = append(lines, canvas.Line{})
			}
			lines = append(lines, canvas.L(canvas.S(theme.Strong, text.Clean(" "+scopeName(b.Scope)))))
			last = b.Scope
		}
		lines = append(lines, helpRow(b, w))
	}
	if len(lines) == 0 {
		lines = append(lines, canvas.L(canvas.S(theme.Dim, text.Lit(" no key does that; backspace widens"))))
	}
	h.top = max(min(h.top, len(lines)-height), 0)
	return lines[h.top:]
}

func (h *help) matches(b keymap.Binding) bool {
	if h.filter == "" {
		return true
	}
	all := strings.ToLower(strings.Join(b.Keys, " ") + " " + b.Command + " " + b.Long)
	return strings.Contains(all, strings.ToLower(h.filter))
}

func helpRow(b keymap.Binding, w int) canvas.Line {
	command := text.Safe{}
	if b.Command != "" {
		command = text.Join("", text.Lit(":"), text.Clean(b.Command))
	}
	row := canvas.L(
		canvas.S(theme.BarKey, text.Join("", text.Lit("  "), text.Clean(labels(b.Keys))).Pad(18)),
		canvas.S(theme.Plain, text.Clean(b.Long)),
	)
	return canvas.Split(w, row, canvas.L(canvas.S(theme.Dim, text.Join("", text.Lit(" "), command, text.Lit(" ")))))
}

func scopeName(s keymap.Scope) string {
	switch s {
	case keymap.Shell:
		return "everywhere"
	case keymap.Sessions:
		return "list of sessions"
	case keymap.Conversation:
		return "conversation"
	case keymap.Calls:
		return "list of LLM calls"
	case keymap.Call:
		return "LLM call"
	case keymap.Tree:
		return "JSON tree"
	case keymap.Tests:
		return "test runs"
	case keymap.Billing:
		return "billing"
	case keymap.Containment:
		return "containment by task"
	case keymap.Logs:
		return "debug logs"
	case keymap.Records:
		return "this list"
	case keymap.Find:
		return "text found"
	case keymap.Copy:
		return "copy"
	}
	return string(s)
}

func labels(keys []string) string {
	out := make([]string, 0, len(keys))
	for _, k := range keys {
		out = append(out, keymap.Label(k))
	}
	return strings.Join(out, " ")
}

func label(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return keymap.Label(keys[0])
}
