package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"korescope/config"
	"korescope/keymap"
)

// ownConfig puts a config file where the program looks for it.
func ownConfig(t *testing.T, file string) {
	t.Helper()
	dir := filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "korescope")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A command of one's own gets the screen and the ids of what the cursor is on, and
// no secret; a word of one's own stands for a line.
func TestOwnWordsAndCommands(t *testing.T) {
	stage(t, "", nil)
	t.Setenv("TERM", "xterm-256color")
	ownConfig(t, `
[aliases]
drops = "sessions type:dropOff"

[[commands]]
name = "ticket"
key = "ctrl+t"
where = ["sessions"]
help = "a ticket for this conversation"
run = ["sh", "-c", "echo \"[$KORESCOPE_SESSION|$1|$2|$KORESCOPE_CLIENT_SECRET|$(env | grep -c SECRET)]\"; exit 3", "sh", "$KORESCOPE_SESSION"]
`)
	line := dial(t, 80, 24)
	over := make(chan int, 1)
	go func() { over <- Run(t.Context(), nil, line.streams()) }()
	line.sees(t, "[0 all")
	line.sees(t, "build=") // the rows are here
	line.types(t, "?ticket")
	line.sees(t, "a ticket for this conversation")
	line.types(t, "\x1b")
	line.sees(t, "[0 all")
	line.types(t, ":ticket second\r")
	line.sees(t, "-- ticket ended with exit status 3; enter goes back --")
	var told string
	for _, l := range strings.Split(string(line.heard()), "\n") {
		if strings.Contains(l, "|second||0]") {
			told = l[strings.LastIndex(l, "[")+1:]
		}
	}
	id, rest, _ := strings.Cut(told, "|")
	if again, _, _ := strings.Cut(rest, "|"); len(id) != 24 || again != id {
		t.Errorf("the command was told %q", told)
	}
	line.types(t, "\r")
	line.sees(t, "ticket: ended with exit status 3")
	line.types(t, ":drops\r")
	line.sees(t, "type:dropOff")
	line.types(t, ":q\r")
	if code := <-over; code != 0 {
		t.Errorf("left with %d", code)
	}
}

func TestMistakesInOwnWordsAndCommands(t *testing.T) {
	t.Parallel()
	run := []string{"true"}
	for name, c := range map[string]struct {
		of   config.Config
		want string
	}{
		"none":           {config.Config{Aliases: map[string]string{"drops": "sessions type:dropOff"}, Commands: []config.Command{{Name: "ticket", Keys: []string{"ctrl+t"}, Run: run}}}, ""},
		"a command":      {config.Config{Aliases: map[string]string{"llm": "sessions"}}, `aliases llm: "llm" is a command already`},
		"a short one":    {config.Config{Aliases: map[string]string{"te": "sessions"}}, `aliases te: "te" is a command already`},
		"for nothing":    {config.Config{Aliases: map[string]string{"drops": "sesions type:dropOff"}}, `aliases drops: there is no command "sesions"`},
		"an action":      {config.Config{Commands: []config.Command{{Name: "go-top", Run: run}}}, `commands 1 name: "go-top" is a command already`},
		"a taken key":    {config.Config{Commands: []config.Command{{Name: "ticket", Keys: []string{"j"}, Run: run}}}, `commands 1 key: "j" also means`},
		"no key":         {config.Config{Commands: []config.Command{{Name: "ticket", Keys: []string{"ctr+t"}, Run: run}}}, "commands 1 key: unknown key"},
		"no place":       {config.Config{Commands: []config.Command{{Name: "ticket", Where: []string{"session"}, Run: run}}}, `commands 1 where: there is no "session"`},
		"a key of two":   {config.Config{Commands: []config.Command{{Name: "a-one", Keys: []string{"ctrl+t"}, Run: run}, {Name: "a-two", Keys: []string{"ctrl+t"}, Run: run}}}, "commands 1 key"},
		"the way out":    {config.Config{Commands: []config.Command{{Name: "ticket", Keys: []string{"ctrl+c"}, Run: run}}}, "commands 1 key: ctrl+c always stops"},
		"different ends": {config.Config{Commands: []config.Command{{Name: "a-one", Where: []string{string(keymap.Sessions)}, Keys: []string{"ctrl+t"}, Run: run}, {Name: "a-two", Where: []string{string(keymap.Calls)}, Keys: []string{"ctrl+t"}, Run: run}}}, ""},
	} {
		var said []string
		for _, p := range handProblems(c.of) {
			said = append(said, strings.Join(p.Path, " ")+": "+p.What)
		}
		if got := strings.Join(said, "\n"); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
