package cli

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// valuesOf marks a flag whose values are few, so that a shell and the prompt
// after ":" offer the same ones.
const valuesOf = "korescope_values"

// offers says which values a flag takes. It fails for a flag that is not there,
// which no declaration names.
func offers(c *cobra.Command, flag string, values ...string) {
	_ = c.Flags().SetAnnotation(flag, valuesOf, slices.Clone(values))
}

// completeFlags hands the values of every flag to the library. It keeps what it is
// given, and with that the whole tree, until the process ends; so only a run that
// completes a line for a shell does it.
func (p *program) completeFlags(root *cobra.Command) {
	// It fails only for a flag that does not exist.
	_ = root.RegisterFlagCompletionFunc("profile", p.completeProfiles)
	completeValues(root)
}

func completeValues(c *cobra.Command) {
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if values := f.Annotations[valuesOf]; len(values) > 0 {
			// It fails only for a flag that does not exist or has a function already.
			_ = c.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
		}
	})
	for _, sub := range c.Commands() {
		completeValues(sub)
	}
}
