package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// help shows what works here and now. Typing narrows it, so nobody has to read it
// all.
type help struct {
	rows   []Listed
	filter string
	top    int
}

// Listed is a line of the help: an action with its keys, and the part it stands in.
type Listed struct {
	Part text.Safe
	keymap.Binding
	Off string // why it cannot be done now; "" when it can
}

// Listed is what works on the screen on top: what it offers first, then moving,
// copying, what works everywhere, and the screens. Nothing stands in it that does
// nothing; what cannot be done now says why.
func (a *App) Listed() []Listed {
	var out []Listed
	live := map[keymap.Action]keymap.Binding{}
	all := a.o.Keys.Bindings(a.scopes()...)
	for _, b := range all {
		live[b.Action] = b
	}
	said := map[keymap.Action]bool{}
	add := func(part text.Safe, o keymap.Offer) {
		if b, bound := live[o.Action]; bound && !said[o.Action] {
			said[o.Action] = true
			out = append(out, Listed{part, b, o.Off})
		}
	}
	here, offers := text.Clean(scopeName(a.scopes()[0])), a.top().screen.Offers()
	for _, o := range offers {
		add(here, o)
		for _, b := range all {
			if also, ok := keymap.OfferOf(offers, b.Action); ok && keymap.Together(o.Action, b.Action) {
				add(here, also)
			}
		}
	}
	for _, b := range all {
		if a.o.Customs[b.Action] != nil {
			add(text.Lit("your own"), keymap.Offer{Action: b.Action})
		}
	}
	for _, action := range keymap.Moving() {
		add(text.Lit("moving"), keymap.Offer{Action: action})
	}
	for _, c := range a.copies() {
		add(text.Lit("copy"), keymap.Offer{Action: c.Action})
	}
	for _, o := range a.everywhere() {
		add(text.Lit("everywhere"), o)
	}
	for _, b := range all {
		if _, known, _ := a.o.Parse(b.Command); known {
			add(text.Lit("screens"), keymap.Offer{Action: b.Action})
		}
	}
	return out
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
	last := text.Safe{}
	for _, r := range h.rows {
		if !h.matches(r.Binding) {
			continue
		}
		if r.Part != last {
			if len(lines) > 0 {
				lines = append(lines, canvas.Line{})
			}
			lines = append(lines, canvas.L(canvas.S(theme.Strong, text.Join("", text.Lit(" "), r.Part))))
			last = r.Part
		}
		lines = append(lines, r.line(w))
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

func (r Listed) line(w int) canvas.Line {
	b, command := r.Binding, text.Safe{}
	if b.Command != "" {
		command = text.Join("", text.Lit(":"), text.Clean(b.Command))
	}
	key, said := theme.BarKey, canvas.S(theme.Plain, text.Clean(b.Long))
	if r.Off != "" {
		key, said = theme.Dim, canvas.S(theme.Dim, text.Format("%s: %s", text.Clean(b.Short), text.Clean(r.Off)))
	}
	row := canvas.L(canvas.S(key, text.Join("", text.Lit("  "), text.Clean(labels(b.Keys))).Pad(18)), said)
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
