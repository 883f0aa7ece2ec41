package config

import (
	"context"
	"errors"
	"path/filepath"
)

// Source is where a secret comes from.
type Source string

// The sources. The zero Source is none.
const (
	NoSource    Source = ""
	FromCommand Source = "client_secret_command"
	FromFile    Source = "client_secret_file"
	FromEnv     Source = "client_secret_env"
	Inline      Source = "client_secret"

	// FromKeyCommand is no client secret but the second factor of the cache's key.
	FromKeyCommand Source = "cache_key_command"
)

// Ref says where a secret is, without holding it where it could be printed.
type Ref struct {
	Source  Source
	Command []string // program and arguments
	File    string   // absolute path
	Env     string   // name of the variable
	inline  Secret
	keeper  *keeper
}

// SecretCommand is a secret that a program prints on its first line.
func SecretCommand(argv ...string) Ref { return Ref{Source: FromCommand, Command: argv} }

// SecretFile is a secret on the first line of a file closed to others.
func SecretFile(path string) Ref { return Ref{Source: FromFile, File: path} }

// SecretEnv is a secret in an environment variable.
func SecretEnv(name string) Ref { return Ref{Source: FromEnv, Env: name} }

// InlineSecret is a secret in the config file itself.
func InlineSecret(s Secret) Ref { return Ref{Source: Inline, inline: s} }

// String says where, never what: of a command only the program.
func (r Ref) String() string {
	switch r.Source {
	case FromCommand, FromKeyCommand:
		if len(r.Command) == 0 {
			return "command"
		}
		if len(r.Command) == 1 && RefuseBareSecret(r.Command) != nil {
			return "command that is one word and not on the PATH"
		}
		if len(r.Command) == 1 {
			return "command " + clean(filepath.Base(r.Command[0]))
		}
		return "command " + clean(filepath.Base(r.Command[0])) + " …"
	case FromFile:
		return "file " + clean(r.File)
	case FromEnv:
		return "variable " + clean(r.Env)
	case Inline:
		return dots
	}
	return "not set"
}

// SecretValue is the client secret. It is read once, however many ask at the
// same time, and kept while the program runs; a failure is not kept. The error
// says what to do and holds nothing of the secret.
func (p Profile) SecretValue(ctx context.Context) (Secret, error) {
	return p.ask(ctx, false)
}

// SecretAgain reads the secret from where it comes from even when it is known
// already, for when the platform refuses the one in use. All who ask while one
// read is running share it.
func (p Profile) SecretAgain(ctx context.Context) (Secret, error) {
	return p.ask(ctx, true)
}

// CacheFactor is what the key of the cache file is made of beside the client
// secret, so that the secret alone opens no file; empty when the profile names no
// command for it.
func (p Profile) CacheFactor(ctx context.Context) (Secret, error) {
	if p.CacheKey.keeper == nil {
		return Secret{}, nil
	}
	return p.CacheKey.keeper.value(ctx, false)
}

// SecretReader gives the known secret at the first call and reads it again at
// every later one: what a signer needs that asks once, and again after a refusal.
func (p Profile) SecretReader() func(context.Context) (string, error) {
	first := make(chan struct{}, 1)
	first <- struct{}{}
	return func(ctx context.Context) (string, error) {
		again := true
		select {
		case <-first:
			again = false
		default:
		}
		s, err := p.ask(ctx, again)
		return s.Reveal(), err
	}
}

func (p Profile) ask(ctx context.Context, again bool) (Secret, error) {
	if p.Secret.Source == Inline && !p.Secret.inline.Empty() {
		return p.Secret.inline, nil
	}
	if p.Secret.keeper == nil {
		return Secret{}, errors.New("no client secret is configured (run korescope config init, or set KORESCOPE_CLIENT_SECRET)")
	}
	return p.Secret.keeper.value(ctx, again)
}
