package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/kore"
	"korescope/cache/team"
	"korescope/config"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// program is one run of korescope: its streams and what every command shares.
type program struct {
	streams Streams
	env     func(string) string
	clock   func() time.Time
	flags   globals
	wait    func(context.Context, time.Duration) error // between looks at a job; nil sleeps
	within  func(context.Context, time.Duration) (context.Context, context.CancelFunc)
	heard   func(api.Observed) // every request that was made; nil: nobody
	waits   func(kore.Waiting) // every wait for the budget; nil: nobody
	talk    *talk
	// teamPatience is how long an act of the team's server may take; 0: the usual.
	teamPatience time.Duration
	writable     bool            // the profile allows changes
	dry          *dry            // the network of a dry run; nil: the real one
	at           views.Situation // for explaining what went wrong

	seat   *desk                    // the dashboard's, for a command that runs inside it; nil outside
	places map[*cobra.Command]place // where commands lead after ":"
	order  []*cobra.Command         // as they were declared

	// first is the first screen of the dashboard; nil is the usual one.
	first func(*desk) (ui.Route, error)

	profileEnd func() error // ends the profile that was asked for

	wrongHelp error // help was asked for what is no command
}

// Run carries out the command line and returns the exit code.
func Run(ctx context.Context, args []string, s Streams) int { return newProgram(s).run(ctx, args) }

func newProgram(s Streams) *program {
	p := &program{streams: s, env: os.Getenv, clock: time.Now, within: context.WithTimeout, at: views.Situation{Zone: time.UTC}}
	p.talk = &talk{w: s.Err, tty: s.ErrTTY != nil, clock: p.clock}
	return p
}

func (p *program) run(ctx context.Context, args []string) int {
	// Unless somebody listens for it, a closed pipe kills the process without a
	// word to the code that writes.
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	defer signal.Stop(broken)
	p.writable = p.mayWrite(ctx, args)
	root := p.root() //nolint:contextcheck // commands get the context of their execution
	if len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		p.completeFlags(root)
	}
	root.SetArgs(args)
	root.SetIn(p.streams.In)
	root.SetOut(p.streams.Out)
	root.SetErr(p.streams.Err)
	if err := p.quiet(); err != nil {
		return p.leave(err)
	}
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = p.wrongHelp
	}
	if p.profileEnd != nil {
		err = errors.Join(err, p.profileEnd())
	}
	return p.leave(err)
}

// quiet refuses to run while a library is told to write what it sends: that holds
// the token and what customers said.
func (p *program) quiet() error {
	for setting := range strings.SplitSeq(p.env("GODEBUG"), ",") {
		name, value, _ := strings.Cut(setting, "=")
		if strings.HasPrefix(name, "http2debug") && value != "0" {
			return views.Usage("GODEBUG=" + text.Clean(setting).String() + " writes every request with its token to the terminal; unset it")
		}
	}
	return nil
}

// leave says what went wrong, once, and finds the exit code.
func (p *program) leave(err error) int {
	var sig *signalled
	var nobody *unread
	switch {
	case errors.As(err, &sig):
		return sig.Code()
	case err == nil, errors.Is(err, views.ErrPipeClosed):
		return views.ExitDone
	case errors.Is(err, views.ErrUnseen):
		return views.ExitCode(err) // told by who met it
	case errors.As(err, &nobody):
		if nobody.err == nil {
			return views.ExitDone
		}
		return views.ExitCode(nobody.err)
	}
	p.complain(err)
	return views.ExitCode(err)
}

func (p *program) complain(err error) {
	var issues config.Issues
	if errors.As(err, &issues) {
		for _, i := range issues {
			p.talk.say(text.Clean(i.String()))
		}
		return
	}
	p.at.Now = p.clock()
	problem := views.Explain(err, p.at)
	p.talk.say(problem.Sentence)
	p.talk.hint(problem.Hint)
}

// limited is the context for asking; it ends with --timeout. Printing what came
// may take longer.
func (p *program) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.flags.timeout > 0 {
		return p.within(ctx, p.flags.timeout)
	}
	return context.WithCancel(ctx)
}

// sources is where the settings of this run come from.
func (p *program) sources() config.Sources {
	names := make([]string, 0, len(theme.Names()))
	for _, n := range theme.Names() {
		names = append(names, string(n))
	}
	return config.Sources{
		Flags: config.Flags{Profile: p.flags.profile, Host: p.flags.host, Bot: p.flags.bot, Config: p.flags.config},
		Env:   p.env, Themes: names, Keys: keyProblems, Columns: columnNames(), Team: team.Check, Hands: handProblems,
	}
}

// columnNames are the columns that a config file may name, by list.
func columnNames() map[string][]string {
	return map[string][]string{
		"sessions": views.Names(views.SessionFields()),
		"messages": views.Names(views.MessageFields()),
		"llm":      views.Names(views.LLMFields()),
		"logs":     views.Names(views.DebugFields()),
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

// settled is the settings of a run, before anything is opened.
type settled struct {
	config  config.Config
	profile config.Profile
	keys    keymap.Map
	dirs    config.Folders
	issues  config.Issues // warnings
}

// settings reads everything and reports every problem at once. partial allows
// what a connection needs to be missing.
func (p *program) settings(ctx context.Context, partial bool) (settled, error) {
	if p.seat != nil {
		return p.seated()
	}
	if err := p.flags.check(); err != nil {
		return settled{}, err
	}
	src := p.sources()
	src.Partial = partial
	set, err := settle(ctx, src)
	if err != nil {
		return settled{}, err
	}
	for _, i := range set.issues {
		p.talk.say(text.Clean(i.String()))
	}
	p.at = views.Situation{
		Zone: set.profile.Location(), Host: set.profile.Host,
		Bot: botID(set.profile), Admin: set.profile.Scope == config.AdminScope,
	}
	if p.flags.mask {
		if p.at.Mask, err = views.NewMasker(set.profile.MaskRules); err != nil {
			return settled{}, err
		}
	}
	return set, nil
}

// settle reads settings from where they come from and says nothing.
func settle(ctx context.Context, src config.Sources) (settled, error) {
	c, profile, issues := config.Load(ctx, src)
	if err := issues.Err(); err != nil {
		return settled{}, &views.UsageError{Text: "the settings are wrong", Err: issues}
	}
	keys, problems := keymap.New(bindings(c))
	if len(problems) > 0 {
		return settled{}, views.Usage(problems[0].String())
	}
	return settled{config: c, profile: profile, keys: keys, dirs: config.Dirs(src), issues: issues}, nil
}
