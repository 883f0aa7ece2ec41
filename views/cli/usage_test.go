package cli

import (
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"korescope/config"
)

// What is no command, and what is empty, is wrong usage; nothing is asked.
func TestWrongUsage(t *testing.T) {
	for line, says := range map[string]string{
		"nope": `no command "nope"`, "nope --help": `no command "nope"`, "help nope": `no command "nope"`,
		"tests nope --help": `korescope tests has no command "nope"`, "help tests nope": `korescope tests has no command "nope"`,
		"help cache claer": "clear", "cache claer --help": "clear",
		"messages |": "is empty", "messages a|": "is empty", "timeline |": "is empty", "logs |": "is empty",
		"tests run | ": "is empty", "tests status ||ctr-1": "is empty", "tests status smoke|": "is empty", "tests import-status |": "is empty",
		"find |": "is empty", "export |": "is empty",
		"sessions --user=": "--user is empty", "sessions --id=": "--id is empty", "sessions --profile=": "--profile is empty",
		"sessions --bot=": "--bot is empty", "tests run smoke --email=": "--email is empty", "sessions --fields=": "--fields is empty",
	} {
		var args []string
		for i, part := range strings.Split(line, "|") {
			if i > 0 && (part == "" || part == " ") {
				args = append(args, part)
				continue
			}
			args = append(args, strings.Fields(part)...)
		}
		out, talk, code := quickly(t.Context(), hasty, args...)
		if code != 2 || out != "" || !strings.Contains(talk, says) {
			t.Errorf("%q leaves with %d: %s%s", args, code, out, talk)
		}
	}
}

type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

// Help whose reader has left ends quietly, as a command does.
func TestHelpForAReaderWhoLeft(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"help"}, {"help", "tests", "run"}, {"tests", "--help"}, {"sessions", "-h"}} {
		var talk strings.Builder
		p := newProgram(Streams{In: strings.NewReader(""), Out: pipe{closedPipe{}}, Err: &talk})
		if code := p.run(t.Context(), args); code != 0 || talk.Len() > 0 {
			t.Errorf("%q leaves with %d: %s", args, code, talk.String())
		}
		out, said, code := quickly(t.Context(), hasty, args...)
		if code != 0 || !strings.Contains(out, "Usage:") || said != "" {
			t.Errorf("%q leaves with %d: %s%s", args, code, out, said)
		}
	}
}

// A library that writes down what it sends would write the token.
func TestTracesAreRefused(t *testing.T) {
	for word, code := range map[string]int{
		"http2debug=1": 2, "http2debug=2": 2, "netdns=go,http2debug=1": 2, "http2debug=0": 0, "": 0, "http2client=0": 0,
	} {
		t.Setenv("GODEBUG", word)
		if _, talk, got := quickly(t.Context(), hasty, "config", "path"); got != code {
			t.Errorf("GODEBUG=%s leaves with %d: %s", word, got, talk)
		}
	}
}

// The script of bash works where the package bash-completion is missing.
func TestCompletionOfBashAlone(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	script, _, code := quickly(t.Context(), hasty, "completion", "bash")
	if code != 0 {
		t.Fatal(code)
	}
	c := exec.CommandContext(t.Context(), bash, "--norc", "--noprofile", "-c", script+`
korescope() { printf 'sessions\n:4\n'; }
COMP_WORDS=(korescope sess) COMP_CWORD=1 COMP_LINE="korescope sess" COMP_POINT=14 COMP_TYPE=9
compopt() { :; }
__start_korescope; printf '%s\n' "${COMPREPLY[@]}"`)
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "sessions") || strings.Contains(string(out), "not found") {
		t.Errorf("%s, %v", out, err)
	}
}

// The line that is copied leads another process to the bot that is on the screen.
func TestCopiedLinesNameTheProfile(t *testing.T) {
	for _, tt := range []struct {
		flags globals
		name  string
		want  string
	}{
		{globals{}, "prod", "korescope --profile prod messages a"},
		{globals{}, config.EnvProfile, "korescope messages a"},
		{globals{host: "h.example.test", bot: "st-1"}, "prod eu", "korescope --profile 'prod eu' --host h.example.test --bot st-1 messages a"},
		{globals{config: "/x y/c.toml"}, "prod", "korescope --config '/x y/c.toml' --profile prod messages a"},
	} {
		p := newProgram(Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard})
		p.flags = tt.flags
		d := &desk{started: p.startedWith(settled{profile: config.Profile{Name: tt.name}})}
		if got := d.line("korescope messages a"); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
	if (&desk{}).line("korescope messages a") != "korescope messages a" {
		t.Error("the demo has no profile to name")
	}
}
