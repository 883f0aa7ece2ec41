package sessions

import (
	"strings"

	"korescope/views"
)

// line is the command that prints what is on the screen.
func (m *Model) line() string {
	words := []string{"sessions", "--from", views.Stamp(m.window.From), "--to", views.Stamp(m.window.To)}
	if m.route.Query.User != "" {
		words = append(words, "--user", m.env().MaskedUser(m.route.Query.User))
	}
	q := m.filter
	if word := tabWord(m.tab); word != "" {
		q = strings.TrimSpace("type:" + word + " " + q)
	}
	if q != "" {
		words = append(words, "-q", m.env().Masked(q))
	}
	return views.CommandLine(words)
}

func tabWord(t tab) string {
	switch t {
	case dropOffTab:
		return "dropOff"
	case agentTab:
		return "agent"
	case selfServiceTab:
		return "selfService"
	case openTab:
		return "open"
	}
	return ""
}

// About names the marked sessions, else the one under the cursor.
func (m *Model) About() []string {
	var out []string
	for _, s := range m.table.Marked() {
		out = append(out, string(s.ID))
	}
	if s, ok := m.table.Selected(); ok && len(out) == 0 {
		return views.Named(s.ID)
	}
	return out
}

// Place is the line after ":" that opens this list again.
func (m *Model) Place() string {
	if m.route.Query.User != "" {
		return "" // a list of one user has no line of its own
	}
	q := m.filter
	if word := tabWord(m.tab); word != "" {
		q = strings.TrimSpace("type:" + word + " " + q)
	}
	return views.PlaceLine("sessions", m.window, m.rolls, q)
}
