package views

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

func situation() Situation {
	return Situation{Now: at("2025-10-17T12:00:00Z"), Zone: time.FixedZone("CEST", 2*3600), Host: "kore.example.test", Bot: "st-1"}
}

func TestExplain(t *testing.T) {
	wrap := func(e *api.Error) error { return fmt.Errorf("list sessions: %w", e) }
	tests := map[string]struct {
		err            error
		sentence, hint string // parts
		remedy         Remedy
		exit           int
	}{
		"cancelled":                   {context.Canceled, "Stopped.", "kept", TryAgain, ExitInterrupted},
		"cancelled by kind":           {wrap(&api.Error{Kind: api.Cancelled}), "Stopped.", "", TryAgain, ExitInterrupted},
		"deadline":                    {context.DeadlineExceeded, "No answer from kore.example.test.", "VPN", TryAgain, ExitHost},
		"lost start":                  {wrap(&api.Error{Kind: api.OutcomeUnknown, Endpoint: api.RunSuite}), "the run may be on, or not", ":tests status SUITE RUN", NoRemedy, ExitFailed},
		"lost change":                 {wrap(&api.Error{Kind: api.OutcomeUnknown, Endpoint: api.DeleteSuite}), "whether it was done is not known", "not sent again", NoRemedy, ExitFailed},
		"run not allowed":             {wrap(&api.Error{Kind: api.NotAllowed, Endpoint: api.RunSuite}), "does not allow test runs; nothing was sent", "allow_tests = true", NoRemedy, ExitUsage},
		"change not allowed":          {wrap(&api.Error{Kind: api.NotAllowed, Endpoint: api.DeleteSuite}), "calls that change something; nothing was sent", "allow_writes = true", NoRemedy, ExitUsage},
		"unreachable":                 {wrap(&api.Error{Kind: api.Unreachable}), "No answer from kore.example.test.", "--offline", TryAgain, ExitHost},
		"tls":                         {wrap(&api.Error{Kind: api.TLSProblem}), "could not be trusted", "certificate authority", Diagnose, ExitHost},
		"html":                        {wrap(&api.Error{Kind: api.NotPlatform, Status: 200}), "(HTTP 200)", "proxy", Diagnose, ExitHost},
		"encrypted":                   {wrap(&api.Error{Kind: api.Encrypted}), "payload encryption may be enforced", "Enforce Request and Response", Diagnose, ExitHost},
		"redirected":                  {wrap(&api.Error{Kind: api.Redirected, Target: "other.example.test"}), "on to other.example.test", "host in the profile", Diagnose, ExitHost},
		"credentials":                 {wrap(&api.Error{Kind: api.Credentials}), "client id or secret is wrong, or the bot does not belong to this app", "(st-1)", SignIn, ExitSignIn},
		"credentials, skew":           {wrap(&api.Error{Kind: api.Credentials, Skew: -10 * time.Minute}), "refused the credentials", "clock is 10m behind", SignIn, ExitSignIn},
		"no token":                    {wrap(&api.Error{Kind: api.NotAToken}), "did not take the token for a JWT", "HS256", SignIn, ExitSignIn},
		"scope":                       {wrap(&api.Error{Kind: api.ScopeMissing, Endpoint: api.GetSessions, Scope: "Bot Sessions"}), `"Bot Sessions" is missing, or the bot was not published`, "publish", SignIn, ExitSignIn},
		"scope of endpoint":           {wrap(&api.Error{Kind: api.ScopeMissing, Endpoint: api.GetLLMLogs}), `"Fetch Gen AI and LLM Usage Logs"`, "", SignIn, ExitSignIn},
		"scope unknown":               {wrap(&api.Error{Kind: api.ScopeMissing}), "the scope for this call", "", SignIn, ExitSignIn},
		"other refusal":               {wrap(&api.Error{Kind: api.SignIn, Said: "no\x1b[2J", Skew: time.Hour}), "words not known here", "the clock. The platform's clock is 1h ahead", SignIn, ExitSignIn},
		"bad bot":                     {wrap(&api.Error{Kind: api.BadBot}), "no bot st-1", "bot_id", SignIn, ExitNotFound},
		"not found":                   {wrap(&api.Error{Kind: api.NotFound}), "does not exist", "id", FixTyping, ExitNotFound},
		"refused":                     {wrap(&api.Error{Kind: api.Refused, Said: "Date range should be less than 7 days"}), `: "Date range should be less than 7 days".`, "shorter", Narrow, ExitFailed},
		"wrong path":                  {wrap(&api.Error{Kind: api.WrongPath, Endpoint: "getSessions", Status: 405}), "the call getSessions. (HTTP 405)", "host", Diagnose, ExitHost},
		"limited":                     {wrap(&api.Error{Kind: api.Limited, Until: at("2025-10-17T12:00:37.2Z")}), "per minute", "in 38 s, at 14:00:37", Wait, ExitLimited},
		"limited, hour":               {wrap(&api.Error{Kind: api.Limited, Hour: true, Until: at("2025-10-17T12:10:01Z")}), "per hour", "in 11 min", Wait, ExitLimited},
		"limited, no end":             {wrap(&api.Error{Kind: api.Limited}), "per minute", "Wait a minute", Wait, ExitLimited},
		"unavailable":                 {wrap(&api.Error{Kind: api.Unavailable, Status: 503}), "(HTTP 503)", "minute", TryAgain, ExitHost},
		"unreadable":                  {wrap(&api.Error{Kind: api.Unreadable, Endpoint: "getMessages"}), "answer to getMessages is not what", "", TryAgain, ExitHost},
		"too large":                   {wrap(&api.Error{Kind: api.TooLarge}), "larger", "shorter", Narrow, ExitFailed},
		"not cached":                  {wrap(&api.Error{Kind: api.NotCached}), "Offline", "--offline", GoOnline, ExitNotFound},
		"misuse":                      {wrap(&api.Error{Kind: api.Misuse, Err: errors.New("no window")}), "is wrong: no window.", "", FixTyping, ExitUsage},
		"stranger":                    {errors.New("disk \x1b]0;x full"), "It failed: ", "doctor", TryAgain, ExitFailed},
		"partial":                     {errors.Join(ErrPartial, &api.Error{Kind: api.Unavailable, Status: 502}), "not complete. The platform is not available right now. (HTTP 502)", "", TryAgain, ExitPartial},
		"partial for no known reason": {fmt.Errorf("read sessions: %w", ErrPartial), "What is shown is not complete.", "Ask again", TryAgain, ExitPartial},
		"tests":                       {fmt.Errorf("smoke: %w", ErrTestsFailed), "not all of them passed", "", NoRemedy, ExitTests},
		"usage":                       {fmt.Errorf("read flags: %w", Usage("no such flag")), "no such flag", "", FixTyping, ExitUsage},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := Explain(tt.err, situation())
			if !strings.Contains(p.Sentence.String(), tt.sentence) || !strings.Contains(p.Hint.String(), tt.hint) {
				t.Errorf("sentence %q\nhint %q", p.Sentence, p.Hint)
			}
			if p.Remedy != tt.remedy || p.Token == theme.Plain {
				t.Errorf("remedy %q, token %d", p.Remedy, p.Token)
			}
			if strings.ContainsRune(p.Sentence.String()+p.Hint.String()+p.Said.String(), 0x1b) {
				t.Error("an escape came through")
			}
			if got := ExitCode(tt.err); got != tt.exit {
				t.Errorf("exit %d, want %d", got, tt.exit)
			}
		})
	}
}

// Every kind the API layer knows has a sentence and a hint of its own.
func TestEveryKindHasItsWords(t *testing.T) {
	stranger := Explain(&api.Error{}, situation())
	seen := map[text.Safe]api.Kind{}
	for k := api.Cancelled; k <= api.Misuse; k++ {
		p := Explain(&api.Error{Kind: k}, situation())
		if p.Hint.Empty() || p.Hint == stranger.Hint {
			t.Errorf("%s has no hint", k)
		}
		if other, ok := seen[p.Sentence]; ok {
			t.Errorf("%s says the same as %s", k, other)
		}
		if !strings.HasSuffix(p.Sentence.String(), ".") && !strings.HasSuffix(p.Sentence.String(), ")") {
			t.Errorf("%s: no sentence: %q", k, p.Sentence)
		}
		seen[p.Sentence] = k
	}
}

func TestScopeIsNamedWhereItIsGiven(t *testing.T) {
	at := situation()
	at.Admin = true
	p := Explain(&api.Error{Kind: api.ScopeMissing, Endpoint: api.GetSessions, Scope: "Bot Sessions"}, at)
	if !strings.Contains(p.Sentence.String(), `"Bot Analytics > Bot Sessions"`) {
		t.Error(p.Sentence)
	}
}

func TestExplainNothing(t *testing.T) {
	if p := Explain(nil, situation()); p != (Problem{}) {
		t.Error(p)
	}
}

func TestExitOfStops(t *testing.T) {
	limited := &api.Error{Kind: api.Limited}
	tests := map[string]struct {
		err  error
		want int
	}{
		"nothing":        {nil, 0},
		"closed pipe":    {fmt.Errorf("print: %w", ErrPipeClosed), 0},
		"partial":        {errors.Join(ErrPartial, limited), 7},
		"partial by %w":  {fmt.Errorf("%w: %w", ErrPartial, limited), 7},
		"tests":          {fmt.Errorf("smoke: %w", ErrTestsFailed), 8},
		"usage as cause": {&UsageError{Text: "x", Err: limited}, 2},
	}
	for name, tt := range tests {
		if got := ExitCode(tt.err); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}
