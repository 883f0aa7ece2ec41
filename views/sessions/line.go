package sessions

import (
	"strings"

	"korescope/views"
)

// line is the command that prints what is on the screen.
func (m *Model) line() string {
	b := strings.Builder{}
	b.WriteString("korescope sessions --from " + views.Stamp(m.window.From) + " --to " + views.Stamp(m.window.To))
	if m.route.Query.User != "" {
		b.WriteString(" --user " + quote(m.env().MaskedUser(m.route.Query.User)))
	}
	q := m.filter
	if word := tabWord(m.tab); word != "" {
		q = strings.TrimSpace("type:" + word + " " + q)
	}
	if q != "" {
		b.WriteString(" -q " + quote(m.env().Masked(q)))
	}
	return b.String()
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

// quote makes a word of the shell's out of any text.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
