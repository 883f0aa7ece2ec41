package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"korescope/cache"
	"korescope/config"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/theme"
	"korescope/views"
)

// program is one run of korescope: its streams and what every command shares.
type program struct {
	streams Streams
	env     func(string) string
	clock   func() time.Time
	flags   globals
}

// Run carries out the command line and returns the exit code.
func Run(ctx context.Context, args []string, s Streams) int {
	p := &program{streams: s, env: os.Getenv, clock: time.Now}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := p.root()
	root.SetArgs(args)
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	err := root.ExecuteContext(ctx)
	return p.leave(err)
}

// leave says what went wrong, once, and finds the exit code.
func (p *program) leave(err error) int {
	var sig *signalled
	switch {
	case err == nil:
		return views.ExitDone
	case errors.As(err, &sig):
		return sig.Code()
	}
	p.complain(err)
	return views.ExitCode(err)
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "korescope",
		Short:         "Find the conversations that went wrong, and why",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return p.dashboard(c.Context()) },
	}
	p.flags.register(root.PersistentFlags())
	root.AddCommand(p.demoCommand())
	return root
}

// sources is where the settings of this run come from.
func (p *program) sources() config.Sources {
	names := make([]string, 0, len(theme.Names()))
	for _, n := range theme.Names() {
		names = append(names, string(n))
	}
	return config.Sources{
		Flags: config.Flags{Profile: p.flags.profile, Host: p.flags.host, Bot: p.flags.bot, Config: p.flags.config},
		Env:   p.env, Themes: names, Keys: keyProblems,
	}
}

func keyProblems(overrides map[string][]string) []config.KeyProblem {
	_, issues := keymap.New(keymap.Defaults(), overrides)
	out := make([]config.KeyProblem, 0, len(issues))
	for _, i := range issues {
		out = append(out, config.KeyProblem{Action: string(i.Action), Key: i.Key, What: i.What, Hint: i.Hint})
	}
	return out
}

// settings reads everything and reports every problem at once.
func (p *program) settings(ctx context.Context) (config.Config, config.Profile, keymap.Map, error) {
	c, profile, issues := config.Load(ctx, p.sources())
	if err := issues.Err(); err != nil {
		return c, profile, keymap.Map{}, &views.UsageError{Text: err.Error(), Err: err}
	}
	keys, problems := keymap.New(keymap.Defaults(), c.Keys)
	if len(problems) > 0 {
		return c, profile, keymap.Map{}, views.Usage(problems[0].String())
	}
	return c, profile, keys, nil
}

func (p *program) dashboard(ctx context.Context) error {
	if err := wantTerminal(p.streams); err != nil {
		return err
	}
	c, profile, keys, err := p.settings(ctx)
	if err != nil {
		return err
	}
	mode := cache.Normal
	switch {
	case p.flags.offline:
		mode = cache.Offline
	case p.flags.fresh:
		mode = cache.Fresh
	}
	dirs := config.Dirs(p.sources())
	d, err := sit(ctx, deskOptions{
		config: c, profile: profile, keys: keys, cacheDir: dirs.Cache, cacheOff: p.flags.noCache,
		mode: mode, clock: p.clock, mask: profile.Mask != nil && *profile.Mask,
	})
	if err != nil {
		return err
	}
	err = play(ctx, p.streams, func(ctx context.Context) *ui.App { return d.shell(ctx, nil) }, dirs.State)
	return errors.Join(err, d.close())
}

func (p *program) complain(err error) {
	problem := views.Explain(err, views.Situation{Now: p.clock(), Zone: time.UTC})
	_, _ = fmt.Fprintf(p.streams.Err, "korescope: %s\n", problem.Sentence)
	if !problem.Hint.Empty() {
		_, _ = fmt.Fprintf(p.streams.Err, "  %s\n", problem.Hint)
	}
}
