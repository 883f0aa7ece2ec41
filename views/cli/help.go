package cli

import "github.com/spf13/cobra"

// usage fits a screen: flags that every command takes are listed once, by
// korescope --help.
const usage = `Usage:
  {{.UseLine}}{{if .HasAvailableSubCommands}}{{if .HasParent}}
  {{.CommandPath}} COMMAND{{end}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableLocalFlags}}

{{if .HasParent}}Flags:{{else}}Flags of every command:{{end}}
{{.LocalFlags.FlagUsagesWrapped 96 | trimTrailingWhitespaces}}{{end}}{{if .HasParent}}

korescope --help lists the flags of every command (--offline, --timeout, --mask...).{{end}}
`

const help = `{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}

{{end}}{{.UsageString}}`

func dress(root *cobra.Command) {
	root.SetUsageTemplate(usage)
	root.SetHelpTemplate(help)
	var plain func(*cobra.Command)
	plain = func(c *cobra.Command) {
		c.Flags().BoolP("help", "h", false, "show this")
		for _, sub := range c.Commands() {
			plain(sub)
		}
	}
	plain(root)
}
