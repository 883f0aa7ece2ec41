package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/views"
)

// Every command with --mask, in every form, prints nothing that points at a
// person or opens a door; nor does what it says beside. A command that is not
// known to this test fails it.
func TestNoCommandPrintsWhatIsMasked(t *testing.T) {
	world := roomy(t, poisoned)
	bot := world.Credentials()[0].BotID
	var with string
	for _, s := range world.Truth().Sessions(bot, api.Last(20*time.Hour, world.Anchor())) {
		if s.Calls > 0 {
			with = string(s.ID)
		}
	}
	from, to := views.Stamp(world.Anchor().Add(-24*time.Hour)), views.Stamp(world.Anchor())
	span := []string{"--from", from, "--to", to}
	known := map[string][][]string{
		"sessions":            {span, {"--id", with}},
		"messages":            {{with}},
		"llm":                 {{with}, span},
		"timeline":            {{with}},
		"logs":                {append([]string{"canary@example.test"}, span...)},
		"find":                {{"order"}},
		"billing":             {{"--by", "day", "--from", views.Stamp(world.Anchor().Add(-72 * time.Hour)), "--to", to}},
		"containment":         {append([]string{"--daily"}, span...)},
		"pulse":               {span},
		"tail":                {{"--limit", "3"}},
		"pin":                 {{with, "--note", "call " + leakPhone}, {}},
		"same":                {append([]string{with}, span...)},
		"changes":             {span},
		"failures tasks":      {span},
		"failures nodes":      {span},
		"failures intents":    {span},
		"failures utterances": {span},
		"apis":                {{}},
		"bots":                {{}},
		"roles":               {{}},
		"doctor":              {{}},
		"tests history":       {{}},
		"tests status":        {{"Refunds smoke", "ctr-1"}},
		"cache info":          {{}},
		"config show":         {{}},
		"config check":        {{}},
		"config path":         {{}},
		"version":             {{}},
		"journal":             {{}}, "journal verify": {{}},
	}
	// What shows nothing of a customer, or changes something and is tried where
	// that is.
	quiet := []string{
		"publish", "publish status", "import", "import status", "import-functions", "erase", "erase status",
		"demo", "open", "tests run", "tests import", "tests import-status", "tests delete", "tests forget", "export", "unpin", "cache clear", "cache purge", "config init",
		"completion", "completion bash", "completion zsh", "completion fish", "completion powershell", "man", "help", "tests", "cache", "config", "failures",
	}
	formats := []string{"table", "json", "ndjson", "csv"}
	if testing.Short() {
		formats = formats[:1] // with the race detector each takes a minute
	}
	for _, name := range commandNames() {
		calls, found := known[name]
		if !found && !slices.Contains(quiet, name) {
			t.Errorf("the command %s is not known here: say how it is called, so that its output is looked at", name)
		}
		for _, args := range calls {
			for _, format := range formats {
				whole := append(append(strings.Fields(name), args...), "--mask")
				if takes(name) {
					whole = append(whole, "-o", format)
				}
				out, talk, code := run(t, whole...)
				if code == views.ExitUsage {
					t.Errorf("%v is wrong usage: %s", whole, talk)
				}
				nothingLeaks(t, strings.Join(whole, " "), out)
				nothingLeaks(t, "beside: "+strings.Join(whole, " "), talk)
			}
		}
	}
	dir := filepath.Join(t.TempDir(), "case")
	if _, talk, code := run(t, "export", "--to", dir, with); code != 0 {
		t.Fatalf("left with %d: %s", code, talk)
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		nothingLeaks(t, "the case file "+e.Name(), string(b))
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// commandNames are all commands there are, with their parents' names.
func commandNames() []string {
	var out []string
	var below func(c *cobra.Command, before string)
	below = func(c *cobra.Command, before string) {
		for _, sub := range c.Commands() {
			name := strings.TrimSpace(before + " " + sub.Name())
			out = append(out, name)
			below(sub, name)
		}
	}
	below(newProgram(Streams{}).root(), "")
	return out
}

// takes reports a command that prints records.
func takes(name string) bool {
	c, _, err := newProgram(Streams{}).root().Find(strings.Fields(name))
	return err == nil && c.Flags().Lookup("output") != nil
}
