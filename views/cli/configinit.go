package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"korescope/config"
	"korescope/ui/text"
	"korescope/views"
)

// initOptions are the flags of `config init`. None takes a secret: arguments are
// visible to everybody on the host.
type initOptions struct {
	clientID, scope       string
	secretFile, secretEnv string
	secretCommand         []string
	allowTests            bool
}

func (p *program) initCommand() *cobra.Command {
	var o initOptions
	c := &cobra.Command{
		Use:   "init",
		Short: "Write a config file with one profile",
		Long: `Write a config file with one profile and every other setting as a comment. What
no flag says is asked on the terminal. Personal data is hidden on screen unless
--no-mask says otherwise. A file that exists is never touched. The
secret is never a flag: say where it comes from, or type it when asked.`,
		Example: `  korescope config init
  korescope config init --profile prod-eu --host platform.kore.ai --bot st-... \
      --client-id cs-... --secret-command pass,show,kore/prod-eu`,
		Args: words(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.configInit(ctx, o) })
		},
	}
	f := c.Flags()
	f.StringVar(&o.clientID, "client-id", "", "client `id`, cs-...")
	f.StringVar(&o.scope, "scope", string(config.BotScope), "bot (App Builder) or admin (Admin Console)")
	f.StringSliceVar(&o.secretCommand, "secret-command", nil, "program and arguments that print the secret, with commas")
	f.StringVar(&o.secretFile, "secret-file", "", "`file` that holds the secret")
	f.StringVar(&o.secretEnv, "secret-env", "", "`variable` that holds the secret")
	f.BoolVar(&o.allowTests, "allow-tests", false, "test suites may be run")
	return p.leads(c, place{closed: "config init asks for a secret and writes a file: write it in a shell"})
}

func (p *program) configInit(ctx context.Context, o initOptions) error {
	path := config.Path(p.sources())
	if path == "" {
		return p.configPath(ctx, rowFlags{format: "table"})
	}
	// Before anything is asked: whoever typed four answers wants them kept.
	if _, err := os.Lstat(path); err == nil {
		return fileStays(path, fs.ErrExist)
	}
	profile, err := p.firstProfile(ctx, o)
	if err != nil {
		return err
	}
	switch err := config.Write(path, profile); {
	case errors.Is(err, fs.ErrExist):
		return fileStays(path, err)
	case err != nil:
		var issues config.Issues
		if errors.As(err, &issues) {
			return &views.UsageError{Text: "such a profile would not be read back", Err: err}
		}
		return err
	}
	p.talk.say(text.Format("wrote %s; next: korescope doctor tries it, korescope sessions lists what is there", path))
	return nil
}

func fileStays(path string, err error) error {
	return &views.UsageError{Text: text.Format("%s exists and stays as it is; edit it, or name another file with --config", path).String(), Err: err}
}

// firstProfile takes the flags and asks for what they leave open.
func (p *program) firstProfile(ctx context.Context, o initOptions) (config.Profile, error) {
	profile := config.Profile{
		Name: p.flags.profile, Host: p.flags.host, BotID: p.flags.bot, ClientID: o.clientID,
		Scope: config.Scope(o.scope), AllowTests: o.allowTests,
	}
	switch {
	case o.scope != string(config.BotScope) && o.scope != string(config.AdminScope):
		return profile, views.Usage("--scope is bot or admin")
	case config.RefuseBareSecret(o.secretCommand) != nil && len(o.secretCommand) > 0:
		return profile, views.Usage("--secret-command " + config.RefuseBareSecret(o.secretCommand).Error())
	case len(o.secretCommand) > 0:
		profile.Secret = config.SecretCommand(o.secretCommand...)
	case o.secretFile != "":
		profile.Secret = config.SecretFile(o.secretFile)
	case o.secretEnv != "":
		profile.Secret = config.SecretEnv(o.secretEnv)
	}
	// Whoever wants to see personal data says so.
	hides := !p.flags.noMask
	profile.Mask = &hides
	asks := p.streams.InTTY != nil && p.streams.ErrTTY != nil && !p.flags.noInput
	if profile.Name == "" {
		profile.Name = "main"
	}
	if asks {
		if err := p.askAll(ctx, &profile); err != nil {
			return profile, err
		}
	}
	if err := lacking(profile); err != nil {
		return profile, err
	}
	for _, q := range questions(&profile) {
		if wrong := q.wrong(*q.into); *q.into != "" && wrong != "" {
			return profile, views.Usage(q.flag + " " + wrong)
		}
	}
	profile.Host = p.withScheme(profile.Host)
	return profile, nil
}

// question is one that a profile needs answered. wrong is what is wrong with an
// answer, "" when nothing is.
type question struct {
	flag  string
	what  text.Safe
	into  *string
	wrong func(string) string
}

func questions(profile *config.Profile) []question {
	unlike := func(prefix, what string) func(string) string {
		return func(s string) string {
			if strings.HasPrefix(s, prefix) {
				return "begins with " + prefix + ", as " + what + " do; the two are mixed up"
			}
			return ""
		}
	}
	bot := text.Lit("Bot id (st-...)")
	if profile.Scope == config.AdminScope {
		bot = text.Lit("Bot id (st-..., or nothing for all bots of the account)")
	}
	return []question{
		{"--host", text.Lit("Host of the platform, for example platform.kore.ai"), &profile.Host, func(s string) string {
			if _, err := config.ParseHost(s); err != nil {
				return err.Error()
			}
			return ""
		}},
		{"--bot", bot, &profile.BotID, unlike("cs-", "client ids")},
		{"--client-id", text.Lit("Client id of the app (cs-...)"), &profile.ClientID, unlike("st-", "bot ids")},
	}
}

// askAgain is how often a question is asked.
const askAgain = 3

// askAll asks for what the flags leave open, again where the answer cannot be
// right.
func (p *program) askAll(ctx context.Context, profile *config.Profile) error {
	in := bufio.NewReader(p.streams.In)
	p.talk.say(text.Format("profile %s; what is typed goes into the config file only", profile.Name))
	// First, and unseen: what is pasted at the first question is the secret.
	if profile.Secret.Source == config.NoSource {
		var err error
		if profile.Secret, err = p.askSecret(ctx, in); err != nil {
			return err
		}
	}
	for _, q := range questions(profile) {
		optional := q.flag == "--bot" && profile.Scope == config.AdminScope
		for try := 0; *q.into == "" && try < askAgain; try++ {
			answer, err := p.askFor(ctx, in, q.what)
			if err != nil {
				return err
			}
			wrong := ""
			if answer != "" || !optional {
				wrong = q.wrong(answer)
			}
			if wrong != "" {
				p.talk.hint(text.Clean("that " + wrong))
				continue
			}
			if *q.into = answer; optional {
				break
			}
		}
	}
	return p.askMask(ctx, in, profile)
}

// askMask asks whether personal data is hidden on screen, unless a flag said so.
func (p *program) askMask(ctx context.Context, in *bufio.Reader, profile *config.Profile) error {
	for try := 0; !p.flags.mask && !p.flags.noMask && try < askAgain; try++ {
		answer, err := p.askFor(ctx, in, text.Lit("Hide personal data on screen [Y/n]"))
		if err != nil {
			return err
		}
		switch strings.ToLower(answer) {
		case "", "y", "yes":
			return nil
		case "n", "no":
			*profile.Mask = false
			return nil
		}
		p.talk.hint(text.Lit("y or n"))
	}
	return nil
}

// withScheme is the host with http:// where it is this machine and no scheme was
// written: a simulator or a tunnel speaks no TLS.
func (p *program) withScheme(host string) string {
	if strings.Contains(host, "://") {
		return host
	}
	plain, err := config.ParseHost("http://" + host)
	if err != nil {
		return host // not this machine
	}
	p.talk.say(text.Format("%s is on this machine, so it is asked over plain http; write https:// before it for TLS", host))
	return plain
}

// lacking names every flag that is missing.
func lacking(p config.Profile) error {
	var lack []string
	for _, f := range []struct {
		name  string
		given bool
	}{
		{"--host", p.Host != ""},
		{"--bot", p.BotID != "" || p.Scope == config.AdminScope},
		{"--client-id", p.ClientID != ""},
		{"one of --secret-command, --secret-file, --secret-env", p.Secret.Source != config.NoSource},
	} {
		if !f.given {
			lack = append(lack, f.name)
		}
	}
	if len(lack) == 0 {
		return nil
	}
	return views.Usage("config init still needs " + strings.Join(lack, ", ") + " (on a terminal it asks)")
}

func (p *program) askFor(ctx context.Context, in *bufio.Reader, what text.Safe) (string, error) {
	if _, err := fmt.Fprintf(p.streams.Err, "%s: ", what); err != nil {
		return "", err
	}
	return typed(ctx, func() (string, error) { return in.ReadString('\n') })
}

// typed waits for an answer or for the interrupt, whichever comes first.
func typed(ctx context.Context, read func() (string, error)) (string, error) {
	type answer struct {
		line string
		err  error
	}
	came := make(chan answer, 1)
	go func() {
		line, err := read()
		came <- answer{line, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case a := <-came:
		if a.err != nil {
			return "", fmt.Errorf("read the answer: %w", a.err)
		}
		return strings.TrimSpace(a.line), nil
	}
}

// askSecret asks for the secret itself, which does not show, and where nothing is
// typed, for where it is.
func (p *program) askSecret(ctx context.Context, in *bufio.Reader) (config.Ref, error) {
	p.talk.hint(text.Lit("Type or paste the client secret: it does not show, and the file is closed to"))
	p.talk.hint(text.Lit("others. Enter alone when a command, a file or a variable holds it."))
	if _, err := fmt.Fprint(p.streams.Err, "Client secret: "); err != nil {
		return config.Ref{}, err
	}
	secret, err := p.unseen(ctx)
	if err != nil || secret != "" {
		return config.InlineSecret(config.Hide(secret)), err
	}
	for range askAgain {
		answer, err := p.askFor(ctx, in, text.Lit("Where it is (pass show kore/main, file:PATH or env:NAME; never the secret itself)"))
		if err != nil {
			return config.Ref{}, err
		}
		ref, wrong := secretFrom(answer)
		if wrong == nil {
			return ref, nil
		}
		p.talk.hint(text.Clean(wrong.Error()))
	}
	return config.Ref{}, nil
}

// secretFrom reads where a secret is. One word that is no program may be the
// secret itself: it is refused, and not repeated.
func secretFrom(answer string) (config.Ref, error) {
	if path, ok := strings.CutPrefix(answer, "file:"); ok {
		return config.SecretFile(path), nil
	}
	if name, ok := strings.CutPrefix(answer, "env:"); ok {
		return config.SecretEnv(name), nil
	}
	argv := strings.Fields(answer)
	return config.SecretCommand(argv...), config.RefuseBareSecret(argv)
}

// unseen reads a line that does not show, and leaves the terminal as it was
// whatever happens.
func (p *program) unseen(ctx context.Context) (string, error) {
	fd := int(p.streams.InTTY.Fd())
	saved, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("read the terminal's state: %w", err)
	}
	line, err := typed(ctx, func() (string, error) {
		b, err := term.ReadPassword(fd)
		return string(b), err
	})
	if rerr := term.Restore(fd, saved); rerr != nil {
		err = errors.Join(err, rerr)
	}
	if _, werr := fmt.Fprintln(p.streams.Err); werr != nil {
		err = errors.Join(err, werr)
	}
	return line, err
}
