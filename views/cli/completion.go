package cli

import (
	"context"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/config"
	"korescope/views"
)

const (
	// offered is how far back ids of sessions are offered, and how many.
	offeredBack  = 7 * 24 * time.Hour
	offeredCount = 50
	// offeredWithin bounds what a shell waits for: the secret's command runs too.
	offeredWithin = 2 * time.Second
)

// bashAlone stands in for what the script takes from the package
// bash-completion, where that is not installed.
const bashAlone = `if ! declare -F _get_comp_words_by_ref >/dev/null 2>&1; then
    _get_comp_words_by_ref()
    {
        cur="${COMP_WORDS[COMP_CWORD]}"
        prev="${COMP_WORDS[COMP_CWORD-1]}"
        words=("${COMP_WORDS[@]}")
        cword=$COMP_CWORD
    }
fi
if ! declare -F __ltrim_colon_completions >/dev/null 2>&1; then
    __ltrim_colon_completions() { :; }
fi
`

func (p *program) completionCommand() *cobra.Command {
	return p.leads(&cobra.Command{
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
				if _, err := io.WriteString(out, bashAlone); err != nil {
					return err
				}
				return c.Root().GenBashCompletionV2(out, true)
			case "zsh":
				return c.Root().GenZshCompletion(out)
			case "fish":
				return c.Root().GenFishCompletion(out, true)
			}
			return views.Usage("completion knows bash, zsh and fish")
		},
	}, place{})
}

// completeProfiles offers the profiles of the config file.
func (p *program) completeProfiles(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	src := p.sources()
	src.Partial = true
	set, _, _ := config.Load(c.Context(), src) // a file with mistakes offers what it can
	return set.ProfileNames(), cobra.ShellCompDirectiveNoFileComp
}

// completeSessions offers the sessions that are cached, newest first, without
// those already typed. It asks nobody.
func (p *program) completeSessions(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	const how = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	if c.Name() == "timeline" && len(args) > 0 {
		return nil, how
	}
	ctx, stop := context.WithTimeout(c.Context(), offeredWithin)
	defer stop()
	set, err := settle(ctx, p.sources())
	if err != nil {
		return nil, how
	}
	p.flags.offline, p.heard = true, nil
	d, err := p.open(ctx, set)
	if err != nil {
		return nil, how
	}
	defer d.leave()
	now := p.clock()
	a, err := d.sessions.Cached(ctx, api.SessionQuery{Window: api.Last(offeredBack, now)})
	if err != nil {
		return nil, how
	}
	plainID := regexp.MustCompile(`^[\w-]+$`) // a shell reads what is offered
	var out []string
	for _, s := range a.Value {
		id := string(s.ID)
		if !plainID.MatchString(id) || !strings.HasPrefix(id, typed) || slices.Contains(args, id) || len(out) == offeredCount {
			continue
		}
		out = append(out, cobra.CompletionWithDesc(id, s.Start.UTC().Format(time.RFC3339)+" "+string(s.Containment)))
	}
	return out, how
}
