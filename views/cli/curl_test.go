package cli

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
)

// The copied line asks the platform by itself: with nothing but the variable it
// names, and without the secret or a token in it.
func TestACopiedRequestAsksByItself(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"sh", "python3", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("this machine has no", program)
		}
	}
	s := newShop(t, "", nil).open(80, 24, visit{})
	secret, err := s.desk.profile.SecretValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// The program that signs has the clock of the machine, the shop its own.
	s.jump(-time.Until(s.clock()))
	day := api.Last(24*time.Hour, s.clock())
	for name, ask := range map[string]any{
		"sessions": api.SessionQuery{Window: day, User: "it's"}, "messages": api.MessageQuery{Sessions: api.ListIDs("730f6f21efc28d7c5c54f7da")},
		"calls": api.LLMQuery{Window: day}, "logs": api.LogQuery{Identity: "u-9e", Channel: "rtm"},
	} {
		line := s.desk.request(ask)
		if line == "" || strings.Contains(line, secret.Reveal()) || !strings.Contains(line, "KORESCOPE_CLIENT_SECRET") {
			t.Errorf("%s: %q", name, line)
			continue
		}
		cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
		cmd.Env = append(cmd.Environ(), "KORESCOPE_CLIENT_SECRET="+secret.Reveal(), "NO_PROXY=*")
		out, err := cmd.Output()
		if err != nil || !json.Valid(out) || strings.Contains(string(out), `"errors"`) {
			t.Errorf("%s: %v, %.200s\n%s", name, err, out, line)
		}
	}
}

// What the mask hides is in no request line either.
func TestNoRequestOfWhatIsHidden(t *testing.T) {
	t.Parallel()
	s := newShop(t, "", nil).open(80, 24, visit{mask: true})
	day := api.Last(24*time.Hour, s.clock())
	if got := s.desk.request(api.SessionQuery{Window: day, User: "u-9e12344"}); got != "" {
		t.Errorf("%q names the user", got)
	}
	if got := s.desk.request(api.LogQuery{Identity: "u-9e12344"}); got != "" {
		t.Errorf("%q names the user", got)
	}
	if s.desk.request(api.SessionQuery{Window: day}) == "" {
		t.Error("a list of all sessions names nobody")
	}
	if s.desk.request(views.BillingRoute{}) != "" {
		t.Error("a request of what is no question")
	}
}
