package views

import (
	"errors"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Remedy is what helps, as a stable verb. Where a key does it, the verb is that
// key's action; NoRemedy means that only the hint helps.
type Remedy string

// The remedies.
const (
	NoRemedy  Remedy = ""
	TryAgain  Remedy = "refresh"     // ask again
	Wait      Remedy = "wait"        // asked again by itself when the time comes
	Diagnose  Remedy = "open-doctor" // connection, rights, clock
	SignIn    Remedy = "sign-in"     // credentials must be put right before anything works
	Narrow    Remedy = "set-window"  // a smaller question
	GoOnline  Remedy = "online"      // leave offline mode
	FixTyping Remedy = "edit"        // what was typed
)

// Situation is what an explanation may name.
type Situation struct {
	Now   time.Time
	Zone  *time.Location
	Host  string // host of the profile
	Bot   api.BotID
	Admin bool // the profile signs with an Admin Console credential
	// Mask hides what points at a person in the words of others: what the
	// platform said, what was typed. Nil hides nothing.
	Mask *Masker
}

func (s Situation) host() text.Safe {
	if s.Host == "" {
		return text.Lit("the host")
	}
	return text.Clean(s.Host)
}

// thisMachine reports a host that is this machine itself.
func thisMachine(host string) bool {
	_, name, _ := strings.Cut(host, "://")
	return strings.HasPrefix(name, "127.") || strings.HasPrefix(name, "[::1]") || strings.HasPrefix(name, "localhost")
}

// Problem is a failure in words: what happened, what to do about it.
type Problem struct {
	Sentence text.Safe // one sentence with a full stop
	Hint     text.Safe // one sentence that says what to do
	Said     text.Safe // the platform's own words, cleaned; may be empty
	Remedy   Remedy
	Token    theme.Token
}

// Explain turns any error into a Problem, the same for a screen and for the
// command line. It never prints what an unknown error holds beyond its own text,
// cleaned.
func Explain(err error, at Situation) Problem {
	if err == nil {
		return Problem{}
	}
	var usage *UsageError
	if errors.As(err, &usage) {
		return Problem{Sentence: text.Clean(at.Mask.Text(usage.Text)), Remedy: FixTyping, Token: theme.Bad}
	}
	if errors.Is(err, ErrTestsFailed) {
		return Problem{
			Sentence: text.Lit("Tests ran, and not all of them passed."), Token: theme.Bad,
			Hint: text.Lit("The steps show what was expected and what came."),
		}
	}
	if errors.Is(err, ErrUnseen) {
		return Problem{Sentence: text.Lit("Its end was not seen."), Token: theme.Warn}
	}
	if errors.Is(err, ErrAlert) {
		return Problem{Sentence: text.Lit("The alert fired."), Token: theme.Bad}
	}
	e := &api.Error{Kind: api.KindOf(err), Err: err}
	errors.As(err, &e)
	if at.Mask != nil {
		quiet := *e
		quiet.Said = at.Mask.Text(e.Said)
		if e.Err != nil {
			quiet.Err = quietError{e.Err, at.Mask}
		}
		e, err = &quiet, quietError{err, at.Mask}
	}
	p := explain(e, err, at)
	if errors.Is(err, ErrPartial) {
		p.Token = theme.Warn
		if e.Kind == api.KindUnknown {
			p.Sentence, p.Hint = text.Lit("What is shown is not complete."), text.Lit("Ask again to read what is missing.")
		} else {
			p.Sentence = text.Join(" ", text.Lit("What is shown is not complete."), p.Sentence)
		}
	}
	p.Said = text.Clean(e.Said)
	if p.Token == theme.Plain {
		p.Token = theme.Bad
	}
	return p
}

// quietError says what another error says, masked before it is cleaned:
// characters that were made visible would part a number in two.
type quietError struct {
	error
	mask *Masker
}

func (e quietError) Error() string { return e.mask.Text(e.error.Error()) }

func (e quietError) Unwrap() error { return e.error }

func explain(e *api.Error, err error, at Situation) Problem {
	switch e.Kind {
	case api.Cancelled:
		return Problem{
			Sentence: text.Lit("Stopped."), Token: theme.Dim, Remedy: TryAgain,
			Hint: text.Lit("What was read before is kept; ask again to go on."),
		}
	case api.Unreachable, api.TLSProblem, api.NotPlatform, api.Encrypted, api.Redirected, api.Unavailable:
		return explainHost(e, at)
	case api.Credentials, api.NotAToken, api.ScopeMissing, api.SignIn, api.BadBot:
		return explainSignIn(e, at)
	case api.Limited:
		return explainLimit(e, at)
	case api.NotFound, api.Refused, api.WrongPath, api.Unreadable, api.TooLarge, api.NotCached, api.Misuse, api.Incomplete:
		return explainRequest(e)
	case api.OutcomeUnknown, api.NotAllowed:
		return explainAct(e)
	case api.KindUnknown:
	}
	return Problem{
		Sentence: text.Format("It failed: %s.", err),
		Hint:     text.Lit("Try again; if it stays, korescope doctor looks at connection, rights, clock and cache."),
		Remedy:   TryAgain,
	}
}

func explainHost(e *api.Error, at Situation) Problem {
	if p, known := explainCause(e, at); known {
		return p
	}
	host := at.host()
	switch e.Kind {
	case api.TLSProblem:
		return Problem{
			Sentence: text.Format("The secure connection to %s could not be trusted.", host),
			Hint:     text.Lit("Check the name of the host, this machine's clock and, behind a company proxy, that its certificate authority is installed; there is no switch to skip the check."),
			Remedy:   Diagnose,
		}
	case api.NotPlatform:
		return Problem{
			Sentence: text.Format("Something else than the platform answers at %s: a web page, a proxy or a cut answer.%s%s", host, status(e), through(e.Cause.Proxy)),
			Hint:     text.Lit("Check host in the profile, and whether a proxy or a VPN sign-in page stands between."),
			Remedy:   Diagnose,
		}
	case api.Encrypted:
		return Problem{
			Sentence: text.Lit("The answer has an unexpected shape; payload encryption may be enforced for this app."),
			Hint:     text.Lit("Turn off \"Enforce Request and Response Payload Encryption\" for the app, or use an app without it."),
			Remedy:   Diagnose,
		}
	case api.Redirected:
		return Problem{
			Sentence: text.Format("%s sends requests on to %s; redirects are never followed, because they would carry the token along.", host, orElse(e.Target, "another address")),
			Hint:     text.Lit("If that address is your platform, write it as host in the profile."),
			Remedy:   Diagnose,
		}
	case api.Unavailable:
		if errors.Is(e, api.ErrReplaced) {
			return Problem{
				Sentence: text.Lit("Twice somebody else's usage report took the place of ours: the platform keeps one at a time for a bot."),
				Hint:     text.Lit("Others of the bot make reports now; try again in a minute."),
				Token:    theme.Warn, Remedy: TryAgain,
			}
		}
		return Problem{
			Sentence: text.Format("The platform is not available right now.%s", status(e)),
			Hint:     text.Lit("It was asked more than once; try again in a minute."),
			Token:    theme.Warn, Remedy: TryAgain,
		}
	}
	return Problem{
		Sentence: text.Format("No answer from %s.", host),
		Hint:     text.Lit("Check network, VPN and host in the profile; what was read before can still be looked at with --offline."),
		Token:    theme.Warn, Remedy: TryAgain,
	}
}

// through names the proxy that stood between.
func through(proxy string) text.Safe {
	if proxy == "" {
		return text.Safe{}
	}
	return text.Format(" It was asked through the proxy %s.", proxy)
}

func explainSignIn(e *api.Error, at Situation) Problem {
	p := Problem{Remedy: SignIn, Token: theme.Alarm}
	switch e.Kind {
	case api.Credentials:
		p.Sentence = text.Lit("The platform refused the credentials: client id or secret is wrong, or the bot does not belong to this app.")
		p.Hint = text.Format("Check client_id, the secret and bot_id (%s) in the profile; a wrong bot looks exactly like a wrong secret.%s", orElse(string(at.Bot), "not set"), skew(e.Skew))
	case api.NotAToken:
		p.Sentence = text.Lit("The platform did not take the token for a JWT.")
		p.Hint = text.Lit("Check that the app signs with HS256 and does not enforce JWE, and that no proxy changes the auth header.")
		if apart := skew(e.Skew); !apart.Empty() {
			p.Sentence = text.Format("The platform refused the token, whose time is wrong for it.%s", apart)
			p.Hint = text.Lit("Set this machine's clock, for example with NTP. The difference is kept: the next try is dated by the platform's clock.")
		}
	case api.ScopeMissing:
		p.Sentence = text.Format("The app may not do this: the scope %s is missing, or the bot was not published since it was given.", quoted(scope(e, at.Admin)))
		p.Hint = text.Lit("Give the app that scope, publish the bot, then try again.")
		p.Token = theme.Bad
	case api.BadBot:
		p.Sentence = text.Format("The platform knows no bot %s.", orElse(string(at.Bot), "of that id"))
		p.Hint = text.Lit("Check bot_id in the profile; korescope bots lists what an admin credential can see.")
	default:
		p.Sentence = text.Lit("The platform refused the sign-in in words not known here.")
		p.Hint = text.Format("Causes to check in this order: the secret, the bot's id, the app's scopes and a publish after giving them, the clock.%s", skew(e.Skew))
	}
	return p
}

func explainLimit(e *api.Error, at Situation) Problem {
	p := Problem{
		Sentence: text.Lit("The platform's limit of requests per minute is used up."),
		Hint:     text.Lit("Wait a minute, then try again."),
		Remedy:   Wait, Token: theme.Warn,
	}
	if e.Hour {
		p.Sentence = text.Lit("The platform's limit of requests per hour is used up.")
		p.Hint = text.Lit("Work with what is here (--offline), or try again later.")
	}
	if left := e.Until.Sub(at.Now); !e.Until.IsZero() && left > 0 {
		p.Hint = text.Format("There is room again in %s, at %s; what is on disk can be read meanwhile (--offline).",
			wait(left), Clock(e.Until, at.Zone))
	}
	return p
}

// refusedHint is what helps where the same request will be refused again.
func refusedHint(e *api.Error) text.Safe {
	if of, known := api.EndpointNamed(e.Endpoint); known && of.Effect == api.Write {
		return text.Lit("Nothing was changed; the same request will be refused again.")
	}
	return text.Lit("Try a shorter time window or fewer ids; the same request will be refused again.")
}

func explainRequest(e *api.Error) Problem {
	switch e.Kind {
	case api.NotFound:
		return Problem{
			Sentence: text.Lit("What was asked for does not exist on the platform."),
			Hint:     text.Lit("Check the id; old sessions are removed by the platform, and ids of another bot are not found."),
			Remedy:   FixTyping, Token: theme.Warn,
		}
	case api.Refused:
		return Problem{
			Sentence: text.Format("The platform refused the request%s.", said(e)),
			Hint:     refusedHint(e),
			Remedy:   Narrow,
		}
	case api.WrongPath:
		return Problem{
			Sentence: text.Format("This platform does not know the call %s.%s", orElse(e.Endpoint, "that was made"), status(e)),
			Hint:     text.Lit("Check host in the profile; an older or a restricted installation may lack the call."),
			Remedy:   Diagnose,
		}
	case api.Unreadable:
		return Problem{
			Sentence: text.Format("The answer to %s is not what the platform's reference describes.", orElse(e.Endpoint, "the request")),
			Hint:     text.Lit("Try again; if it stays, the platform has changed and korescope needs to learn it."),
			Remedy:   TryAgain,
		}
	case api.Incomplete:
		return Problem{
			Sentence: text.Format("Less came than the platform announced%s.", because(e)),
			Hint:     text.Lit("Ask again; if it stays, the rest has to be looked for in the platform's own console."),
			Remedy:   TryAgain, Token: theme.Warn,
		}
	case api.TooLarge:
		return Problem{
			Sentence: text.Lit("The answer is larger than what is read at once."),
			Hint:     text.Lit("Ask for a shorter time window or fewer sessions."),
			Remedy:   Narrow,
		}
	case api.NotCached:
		return Problem{
			Sentence: text.Lit("Offline, and nothing about this is on disk."),
			Hint:     text.Lit("Ask without --offline, or for a window that was read before."),
			Remedy:   GoOnline, Token: theme.Warn,
		}
	}
	return Problem{
		Sentence: text.Format("The request was not sent, because it is wrong%s.", because(e)),
		Hint:     text.Lit("Check what was asked for."),
		Remedy:   FixTyping,
	}
}
