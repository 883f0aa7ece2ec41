package spell

import (
	"os/exec"
	"testing"
)

func TestNearest(t *testing.T) {
	known := []string{"host", "timezone", "test_suites", "prod-eu", "bot_id", "client_id", "sessions", "containment", "llm", "down", "page-down"}
	for typed, want := range map[string]string{
		"botId": "bot_id", "bot-id": "bot_id", "clientid": "client_id", "sesions": "sessions", "esssions": "sessions", "contanment": "containment",
		"hots": "host", "Client-ID": "client_id", "timzone": "timezone", "testsuites": "test_suites", "prod": "prod-eu",
		"con": "containment", "ses": "sessions", "pagedown": "page-down", "dwon": "down", "LLM": "llm", "lm": "llm", "": "", "x": "", "zzzzzz": "", "sessionsandmore": "",
	} {
		if got := Nearest(typed, known); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// A shell gives every word back as it was.
func TestShell(t *testing.T) {
	for _, s := range []string{"plain", "two words", "it's", `"`, "$HOME", "`id`", "a;b", "*", "-rf", "", "~", "#x", "grüße", "a=b", "!!", `\`, "{a,b}", "(x)"} {
		out, err := exec.CommandContext(t.Context(), "sh", "-c", "printf %s "+Shell(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("%q: a shell reads %q of %s, %v", s, out, Shell(s), err)
		}
	}
}
