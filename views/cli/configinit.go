package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
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
no flag says is asked on the terminal. A file that exists is never touched. The
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
	return c
}

func (p *program) configInit(ctx context.Context, o initOptions) error {
	path := config.Path(p.sources())
	if path == "" {
		return p.configPath()
	}
	profile, err := p.firstProfile(ctx, o)
	if err != nil {
		return err
	}
	switch err := config.Write(path, profile); {
	case errors.Is(err, fs.ErrExist):
		return &views.UsageError{Text: text.Format("%s exists and stays as it is; edit it, or name another file with --config", path).String(), Err: err}
	case err != nil:
		var issues config.Issues
		if errors.As(err, &issues) {
			return &views.UsageError{Text: "such a profile would not be read back", Err: err}
		}
		return err
	}
	p.talk.say(text.Format("wrote %s; korescope config check reads it back", path))
	return nil
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
	case len(o.secretCommand) > 0:
		profile.Secret = config.SecretCommand(o.secretCommand...)
	case o.secretFile != "":
		profile.Secret = config.SecretFile(o.secretFile)
	case o.secretEnv != "":
		profile.Secret = config.SecretEnv(o.secretEnv)
	}
	asks := p.streams.InTTY != nil && p.streams.ErrTTY != nil && !p.flags.noInput
	if profile.Name == "" {
		profile.Name = "main"
	}
	if !asks {
		return profile, lacking(profile)
	}
	in := bufio.NewReader(p.streams.In)
	for _, q := range []struct {
		what text.Safe
		into *string
	}{
		{text.Lit("Host of the platform (https://...)"), &profile.Host},
		{text.Lit("Bot id (st-...)"), &profile.BotID},
		{text.Lit("Client id (cs-...)"), &profile.ClientID},
	} {
		if *q.into != "" {
			continue
		}
		answer, err := p.askFor(ctx, in, q.what)
		if err != nil {
			return profile, err
		}
		*q.into = answer
	}
	if profile.Secret.Source == config.NoSource {
		var err error
		if profile.Secret, err = p.askSecret(ctx, in); err != nil {
			return profile, err
		}
	}
	return profile, lacking(profile)
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

// askSecret asks where the secret is; one that is typed does not show.
func (p *program) askSecret(ctx context.Context, in *bufio.Reader) (config.Ref, error) {
	answer, err := p.askFor(ctx, in, text.Lit("The client secret comes from: a command line, file:PATH, env:NAME, or nothing to type it"))
	if err != nil {
		return config.Ref{}, err
	}
	if path, ok := strings.CutPrefix(answer, "file:"); ok {
		return config.SecretFile(path), nil
	}
	if name, ok := strings.CutPrefix(answer, "env:"); ok {
		return config.SecretEnv(name), nil
	}
	if answer != "" {
		return config.SecretCommand(strings.Fields(answer)...), nil
	}
	if _, err := fmt.Fprint(p.streams.Err, "Client secret (kept in the file, which is closed to others): "); err != nil {
		return config.Ref{}, err
	}
	secret, err := p.unseen(ctx)
	return config.InlineSecret(config.Hide(secret)), err
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
