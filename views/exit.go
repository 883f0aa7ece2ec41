package views

import (
	"errors"

	"korescope/api"
)

// The exit codes of the program.
const (
	ExitDone        = 0
	ExitFailed      = 1
	ExitUsage       = 2
	ExitNotFound    = 3
	ExitSignIn      = 4
	ExitLimited     = 5
	ExitHost        = 6
	ExitPartial     = 7
	ExitTests       = 8
	ExitInterrupted = 130
)

// ExitCode says how a command that ended with err leaves. A partial result wins
// over the reason why it is partial: what came was printed.
func ExitCode(err error) int {
	var usage *UsageError
	switch {
	case err == nil, errors.Is(err, ErrPipeClosed):
		return ExitDone
	case errors.Is(err, ErrTestsFailed):
		return ExitTests
	case errors.Is(err, ErrPartial), errors.Is(err, ErrUnseen), api.KindOf(err) == api.Incomplete:
		return ExitPartial
	case errors.As(err, &usage):
		return ExitUsage
	}
	switch api.KindOf(err) {
	case api.Cancelled:
		return ExitInterrupted
	case api.Unreachable, api.TLSProblem, api.NotPlatform, api.Redirected, api.Unavailable,
		api.Encrypted, api.WrongPath, api.Unreadable:
		return ExitHost
	case api.Credentials, api.NotAToken, api.ScopeMissing, api.SignIn:
		return ExitSignIn
	case api.NotFound, api.BadBot, api.NotCached:
		return ExitNotFound
	case api.Limited:
		return ExitLimited
	case api.Misuse, api.NotAllowed:
		return ExitUsage
	case api.Refused, api.TooLarge, api.OutcomeUnknown, api.KindUnknown:
	}
	return ExitFailed
}
