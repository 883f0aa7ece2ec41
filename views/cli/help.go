package cli

import (
	"bytes"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"korescope/views"
)

// usage fits a screen: flags that every command takes stand in one paragraph.
const usage = `Usage:
  {{.UseLine}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} COMMAND

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if and .HasParent .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsagesWrapped 96 | trimTrailingWhitespaces}}{{end}}

Everywhere: --profile NAME, --host HOST, --bot ID, --config FILE, --timeout 90s,
  --offline (ask nobody), --fresh (skip the cache), --no-cache (nothing on disk),
  --no-input (never ask), --mask, --no-mask, --version, --help
`

const help = `{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}

{{end}}{{.UsageString}}`

func (p *program) dress(root *cobra.Command) {
	root.SetUsageTemplate(usage)
	root.SetHelpTemplate(help)
	render := root.HelpFunc()
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		if left := c.Flags().Args(); len(left) > 0 && c.HasAvailableSubCommands() {
			p.wrongHelp = unknownCommand(c, left[0])
			return
		}
		// The library complains aloud when the reader has left.
		var page bytes.Buffer
		c.SetOut(&page)
		render(c, args)
		c.SetOut(p.streams.Out)
		_, _ = p.streams.Out.Write(page.Bytes()) // a closed pipe ends quietly
	})
	var plain func(*cobra.Command)
	plain = func(c *cobra.Command) {
		c.Flags().BoolP("help", "h", false, "")
		if f := c.Flags().Lookup("help"); f != nil {
			f.Hidden = true
		}
		for _, sub := range c.Commands() {
			plain(sub)
		}
	}
	plain(root)
}

// helpCommand is help in a word of its own; what is no command is wrong usage.
func (p *program) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Say what a command does",
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, err := c.Root().Find(args)
			if err != nil {
				return unknownCommand(c.Root(), args[0])
			}
			if len(rest) > 0 && found.HasAvailableSubCommands() {
				return unknownCommand(found, rest[0])
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	}
}

// emptyFlag refuses an option that was given without saying anything: an empty id
// is not every id. A filter and a remark may be empty.
func emptyFlag(c *cobra.Command) (err error) {
	may := []string{"query", "note", "comment", "description"}
	c.Flags().Visit(func(f *pflag.Flag) {
		empty := f.Value.Type() == "string" && strings.TrimSpace(f.Value.String()) == ""
		if list, ok := f.Value.(pflag.SliceValue); ok {
			all := list.GetSlice()
			empty = len(all) == 0 || slices.ContainsFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" })
		}
		if err == nil && empty && !slices.Contains(may, f.Name) {
			err = views.Usage("--" + f.Name + " is empty; leave it out, or say what is meant")
		}
	})
	return err
}
