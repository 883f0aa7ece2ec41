package cli

import (
	"github.com/spf13/cobra"

	"korescope/config"
	"korescope/views"
)

func (p *program) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish",
		Short: "Print the completion script of a shell",
		Example: `  source <(korescope completion bash)
  korescope completion zsh > "${fpath[1]}/_korescope"
  korescope completion fish > ~/.config/fish/completions/korescope.fish`,
		ValidArgs: []string{"bash", "zsh", "fish"},
		Args:      words(1, 1, "the name of one shell: bash, zsh or fish"),
		RunE: func(c *cobra.Command, args []string) error {
			out := p.streams.Out
			switch args[0] {
			case "bash":
				return c.Root().GenBashCompletionV2(out, true)
			case "zsh":
				return c.Root().GenZshCompletion(out)
			case "fish":
				return c.Root().GenFishCompletion(out, true)
			}
			return views.Usage("completion knows bash, zsh and fish")
		},
	}
}

// completeProfiles offers the profiles of the config file.
func (p *program) completeProfiles(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	src := p.sources()
	src.Partial = true
	set, _, _ := config.Load(c.Context(), src) // a file with mistakes offers what it can
	return set.ProfileNames(), cobra.ShellCompDirectiveNoFileComp
}
