package cli

import (
	"context"
	"crypto/subtle"
	"errors"

	"korescope/config"
	"korescope/ui"
	"korescope/ui/text"
)

// lock is the lock of the dashboard. What unlocks is what the secret comes from: a
// store that has locked itself meanwhile does not give it. Where that asks nobody
// for anything, the secret is typed.
func (d *desk) lock() ui.Lock {
	if d.title != "" || d.profile.LockAfter <= 0 || d.profile.Secret.Source == config.NoSource {
		return ui.Lock{} // the demo and a case folder have no secret
	}
	l := ui.Lock{After: d.profile.LockAfter, Unlock: d.unlock}
	switch d.profile.Secret.Source {
	case config.FromCommand, config.FromFile:
		l.How = text.Format("enter asks for the client secret again: %s", d.profile.Secret.String())
	default:
		l.Typed, l.How = true, text.Lit("type the client secret, which does not show, and enter")
	}
	return l
}

func (d *desk) unlock(ctx context.Context, typed string) error {
	switch d.profile.Secret.Source {
	case config.FromCommand, config.FromFile:
		_, err := d.profile.SecretAgain(ctx)
		return err
	}
	secret, err := d.profile.SecretValue(ctx)
	if err == nil && subtle.ConstantTimeCompare([]byte(secret.Reveal()), []byte(typed)) != 1 {
		err = errors.New("that is not the client secret of this profile")
	}
	return err
}
