package views_test

import (
	"os/exec"
	"strings"
	"testing"

	"korescope/views"
)

// Every word arrives at a shell's command as it is, or there is no line.
func TestCommandLine(t *testing.T) {
	for _, tt := range []struct {
		options, operands []string
		want              string
	}{
		{[]string{"messages"}, []string{"68f1a3d0"}, "korescope messages 68f1a3d0"},
		{[]string{"messages"}, []string{"abc$(id)"}, "korescope messages 'abc$(id)'"},
		{[]string{"messages"}, []string{"-o json"}, "korescope messages -- '-o json'"},
		{[]string{"messages"}, []string{"a", "-b", "--c"}, "korescope messages a -- -b --c"},
		{[]string{"find"}, []string{"it's `here`; rm -rf ~"}, `korescope find 'it'\''s ` + "`here`; rm -rf ~'"},
		{[]string{"sessions", "-q", "type:dropOff msgs:>8"}, nil, "korescope sessions -q 'type:dropOff msgs:>8'"},
		{[]string{"sessions", "--user", ""}, nil, "korescope sessions --user ''"},
		{[]string{"find"}, []string{"a=b *?[x]{y} !z #"}, "korescope find 'a=b *?[x]{y} !z #'"},
		{[]string{"find"}, []string{"Grüße नमस्ते"}, "korescope find 'Grüße नमस्ते'"},
		{[]string{"find"}, []string{"two\nlines"}, ""},
		{[]string{"find"}, []string{"esc \x1b[201~"}, ""},
		{[]string{"find"}, []string{"C1 \u009b2J"}, ""},
		{[]string{"find"}, []string{"tab\there"}, ""},
		{[]string{"find"}, []string{"turned \u202e"}, ""},
		{[]string{"find"}, []string{"hidden \u200b"}, ""},
		{[]string{"find"}, []string{"separator \u2028"}, ""},
		{[]string{"find"}, []string{"no text \xff"}, ""},
		{[]string{"sessions", "--user", "a\rb"}, nil, ""},
	} {
		got := views.CommandLine(tt.options, tt.operands...)
		if got != tt.want {
			t.Errorf("%q %q: %s, want %s", tt.options, tt.operands, got, tt.want)
		}
		if got == "" {
			continue
		}
		out, err := exec.CommandContext(t.Context(), "sh", "-c", `korescope() { for w; do printf '%s\n' "$w"; done; }; `+got).Output()
		words := strings.Join(append(append([]string{}, tt.options...), tt.operands...), "\n") + "\n"
		if arrived := strings.Replace(string(out), "\n--\n", "\n", 1); err != nil || arrived != words {
			t.Errorf("a shell reads %q, %v", out, err)
		}
	}
}
