package cli

import (
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"korescope/spell"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

func (p *program) root() *cobra.Command {
	var start startOptions
	root := &cobra.Command{
		Use:   "korescope",
		Short: "Find the conversations that went wrong, and why",
		Example: `  korescope demo                                 no credentials needed
  korescope sessions --since 7d -q 'type:dropOff msgs:>8'
  korescope messages 68f1a3d04c7e2b9a5d10e3f7`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          onlyCommands,
		RunE: func(c *cobra.Command, _ []string) error {
			first, err := start.route(p.clock())
			if err != nil {
				return err
			}
			return p.dashboardAt(c.Context(), first)
		},
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			if p.flags.timeout > 0 {
				c.SetContext(output.Until(c.Context(), time.Now().Add(p.flags.timeout)))
			}
			if err := emptyFlag(c); err != nil {
				return err
			}
			if p.seat != nil {
				return nil // a profile is of the whole program
			}
			var err error
			p.profileEnd, err = profiled(p.flags.profileCPU)
			return err
		},
	}
	root.SetHelpCommand(p.helpCommand())
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetVersionTemplate("korescope {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	p.flags.register(root.PersistentFlags())
	start.register(root)
	root.AddCommand(p.openCommand())
	root.AddCommand(
		p.demoCommand(), p.sessionsCommand(), p.messagesCommand(), p.llmCommand(), p.timelineCommand(), p.tailCommand(), p.logsCommand(),
		p.billingCommand(), p.containmentCommand(), p.pulseCommand(), p.failuresCommand(), p.changesCommand(), p.sameCommand(), p.pinCommand(), p.unpinCommand(), p.botsCommand(), p.rolesCommand(), p.testsCommand(),
		p.publishCommand(), p.importCommand(), p.importFunctionsCommand(), p.eraseCommand(),
		p.findCommand(), p.exportCommand(), p.apisCommand(), p.cacheCommand(), p.configCommand(), p.journalCommand(),
		p.doctorCommand(), p.completionCommand(), p.manCommand(),
	)
	if p.seat != nil {
		root.AddCommand(p.sessionWord(), p.profileWord(), p.writesWord(), p.caseWord())
	}
	p.dress(root)
	return root
}

// version is what the build says about itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	v := info.Main.Version
	if v == "" {
		v = "(devel)"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && !strings.Contains(v, s.Value[:min(12, len(s.Value))]) {
			v += " " + s.Value[:min(12, len(s.Value))]
		}
	}
	return v + " " + info.GoVersion
}

// onlyCommands refuses words that are no command, and offers near ones.
func onlyCommands(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return unknownCommand(c, args[0])
}

// group is a command that only holds others.
func group(use, short string, parts ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: onlyCommands, RunE: func(c *cobra.Command, _ []string) error {
		return views.Usage(c.CommandPath() + " needs one of " + strings.Join(subcommands(c), ", "))
	}}
	c.AddCommand(parts...)
	return c
}

func unknownCommand(c *cobra.Command, name string) error {
	sentence := text.Format("there is no command %q", name).String()
	if c.HasParent() {
		sentence = text.Format("%s has no command %q", c.CommandPath(), name).String()
	}
	if near := spell.Nearest(name, subcommands(c)); near != "" {
		return views.Usage(sentence + "; did you mean " + near + "?")
	}
	return views.Usage(sentence + "; the commands are " + strings.Join(subcommands(c), ", "))
}

func subcommands(c *cobra.Command) []string {
	var known []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			known = append(known, sub.Name())
		}
	}
	return known
}

// flagError names the flag that was probably meant.
func flagError(c *cobra.Command, err error) error {
	sentence := text.Clean(err.Error()).String()
	if name, unknown := strings.CutPrefix(err.Error(), "unknown flag: --"); unknown {
		if near := nearFlag(c, name); near != "" {
			sentence += "; did you mean --" + near + "?"
		}
	}
	return &views.UsageError{Text: sentence + " (" + c.CommandPath() + " --help lists the flags)", Err: err}
}

func nearFlag(c *cobra.Command, name string) string {
	var known []string
	collect := func(f *pflag.Flag) {
		if !f.Hidden {
			known = append(known, f.Name)
		}
	}
	c.Flags().VisitAll(collect)
	c.InheritedFlags().VisitAll(collect)
	return spell.Nearest(name, known)
}

// words asks for a number of arguments; a most of -1 is any number. what names
// them in the complaint.
func words(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		for _, a := range args {
			if strings.TrimSpace(a) == "" {
				return views.Usage(c.CommandPath() + " needs " + what + ", and one of the words is empty")
			}
		}
		switch {
		case len(args) < least:
			return views.Usage(c.CommandPath() + " needs " + what)
		case most == 0 && len(args) > 0:
			return views.Usage(text.Format("%s takes no arguments, but there is %q", c.CommandPath(), args[0]).String())
		case most >= 0 && len(args) > most:
			return views.Usage(text.Format("%s takes %s, but there is also %q", c.CommandPath(), what, args[most]).String())
		}
		return nil
	}
}
