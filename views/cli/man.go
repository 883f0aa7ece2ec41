package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (p *program) manCommand() *cobra.Command {
	return p.leads(&cobra.Command{
		Use:     "man",
		Short:   "Print the manual page",
		Example: "  korescope man > korescope.1 && man ./korescope.1",
		Args:    words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := p.streams.Out.Write([]byte(manual(c.Root())))
			return err
		},
	}, place{})
}

// manual is the page in the language of man(7), made from the commands
// themselves.
func manual(root *cobra.Command) string {
	m := &page{}
	m.macro("TH", "KORESCOPE", "1")
	m.macro("SH", "NAME")
	m.text("korescope - " + root.Short)
	m.macro("SH", "SYNOPSIS")
	m.text("korescope [COMMAND] [FLAGS]")
	m.macro("SH", "DESCRIPTION")
	m.text("Without a command the dashboard opens. Commands print records on stdout and nothing else; talk, progress and warnings go to stderr.")
	m.macro("SH", "COMMANDS")
	m.commands(root)
	m.macro("SH", "FLAGS OF EVERY COMMAND")
	m.flags(root.PersistentFlags())
	m.macro("SH", "ENVIRONMENT")
	m.text("KORESCOPE_HOST, KORESCOPE_BOT_ID, KORESCOPE_CLIENT_ID, KORESCOPE_CLIENT_SECRET, KORESCOPE_PROFILE, KORESCOPE_CONFIG, KORESCOPE_ALLOW_TESTS, KORESCOPE_ALLOWANCE_FILE, NO_COLOR, and the XDG variables.")
	m.macro("SH", "FILES")
	m.text("$XDG_CONFIG_HOME/korescope/config.toml, $XDG_CACHE_HOME/korescope/, $XDG_STATE_HOME/korescope/")
	m.macro("SH", "EXIT STATUS")
	for _, e := range exits() {
		m.macro("TP")
		m.text(e.code)
		m.text(e.what)
	}
	return m.b.String()
}

type exit struct{ code, what string }

func exits() []exit {
	return []exit{
		{"0", "done"}, {"1", "failed"}, {"2", "wrong usage or configuration"}, {"3", "not found"},
		{"4", "sign-in refused or scope missing"}, {"5", "rate limited, budget spent"},
		{"6", "host not reachable or not answering as the platform"},
		{"7", "partial: what came is printed, what is missing is said on stderr"},
		{"8", "tests ran and failed"}, {"130", "interrupted"},
	}
}

type page struct{ b strings.Builder }

func (m *page) macro(name string, args ...string) {
	m.b.WriteString("." + name)
	for _, a := range args {
		m.b.WriteString(` "` + a + `"`)
	}
	m.b.WriteByte('\n')
}

// text is running text: backslashes, hyphens and a leading dot or quote mean
// themselves.
func (m *page) text(s string) {
	for line := range strings.Lines(s) {
		line = strings.TrimSuffix(line, "\n")
		line = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(line)
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			line = `\&` + line
		}
		m.b.WriteString(line + "\n")
	}
}

func (m *page) commands(parent *cobra.Command) {
	for _, c := range parent.Commands() {
		if !c.IsAvailableCommand() || c.Name() == "help" {
			continue
		}
		if c.HasAvailableSubCommands() {
			m.commands(c)
			continue
		}
		m.macro("SS", strings.TrimPrefix(c.UseLine(), "korescope "))
		m.text(strings.TrimSpace(c.Short + ".\n" + c.Long))
		m.flags(c.LocalNonPersistentFlags())
		if c.HasExample() {
			m.macro("PP")
			m.macro("nf")
			m.text(c.Example)
			m.macro("fi")
		}
	}
}

func (m *page) flags(set *pflag.FlagSet) {
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		what, about := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = fmt.Sprintf("-%s, %s", f.Shorthand, name)
		}
		m.macro("TP")
		m.text(strings.TrimSpace(name + " " + what))
		m.text(about)
	})
}
