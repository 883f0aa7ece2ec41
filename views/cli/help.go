package cli

import "github.com/spf13/cobra"

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

func dress(root *cobra.Command) {
	root.SetUsageTemplate(usage)
	root.SetHelpTemplate(help)
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
