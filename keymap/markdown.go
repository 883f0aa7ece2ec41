package keymap

import "strings"

// Markdown is the whole table for the README: one section a scope, with the
// keys, the command and the name that overrides in the configuration use.
func Markdown(m Map) string {
	titles := []struct {
		scope Scope
		title string
	}{
		{Shell, "Everywhere"},
		{Copy, "Copy menu"},
		{Sessions, "Sessions"},
		{Conversation, "Conversation"},
		{Calls, "LLM calls"},
		{Call, "One LLM call"},
		{Tree, "JSON tree"},
		{Tests, "Tests"},
		{Billing, "Billing"},
		{Containment, "Containment"},
		{Logs, "Debug logs"},
		{Records, "APIs, bots, roles, billed sessions"},
		{Find, "Text found"},
	}
	var b strings.Builder
	for i, t := range titles {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString("### " + t.title + "\n\n| keys | what it does | command | name in the config |\n|---|---|---|---|\n")
		for _, row := range m.rows {
			if row.Scope == t.scope {
				b.WriteString("| " + labels(row.Keys) + " | " + cell(row.Long) + " | `:" + row.Command + "` | `" + string(row.Action) + "` |\n")
			}
		}
	}
	return b.String()
}

func labels(seqs []string) string {
	out := make([]string, len(seqs))
	for i, s := range seqs {
		fence := "`"
		if strings.Contains(s, "`") {
			fence = "``"
		}
		out[i] = fence + cell(Label(s)) + fence
	}
	return strings.Join(out, " ")
}

// cell keeps a bar from ending the table cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
