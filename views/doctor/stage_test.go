package doctor_test

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/doctor"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stand is a doctor on a stage, with the checks of one round after the other.
type stand struct {
	*viewtest.Stage
	t      *testing.T
	rounds [][]doctor.Check
	begun  int
	all    []bool // what each round was asked for
	looked int    // checks that were made
}

func set(t *testing.T, rounds ...[]doctor.Check) *stand {
	t.Helper()
	return &stand{Stage: viewtest.NewStage(t), t: t, rounds: rounds}
}

// checks are those of the next round; the last one is repeated.
func (s *stand) checks(all bool) []doctor.Check {
	s.all = append(s.all, all)
	round := s.rounds[min(s.begun, len(s.rounds)-1)]
	s.begun++
	out := make([]doctor.Check, len(round))
	for i, c := range round {
		out[i] = doctor.Check{Name: c.Name, Look: func(ctx context.Context) doctor.Finding {
			if !s.Guard.Inside() {
				s.t.Errorf("%s was looked at outside a command", c.Name)
			}
			s.looked++
			if c.Look == nil {
				for _, err := range viewtest.NewReader[int, int](s.t, s.Guard).Refresh(ctx, 0, api.Person) {
					s.t.Errorf("something came: %v", err)
				}
			}
			return c.Look(ctx)
		}}
	}
	return out
}

func (s *stand) open(w, h int, route views.DoctorRoute) *stand {
	s.t.Helper()
	s.Open(doctor.New(doctor.Deps{Checks: s.checks, Clock: s.Clock.Now}, route), viewtest.Options{}, w, h)
	return s
}

func ok(found string) doctor.Finding {
	return doctor.Finding{State: doctor.OK, Found: text.Clean(found)}
}

func skip(why string) doctor.Finding {
	return doctor.Finding{State: doctor.Skipped, Found: text.Clean(why)}
}

// well is a round in which nothing is wrong but the clock.
func well() []doctor.Check {
	dear := "not asked by itself; --all or :doctor all asks"
	return []doctor.Check{
		always("host", ok("https://bots.example.test answers in 120ms, TLS, certificate good for 81d")),
		always("clock", doctor.Finding{
			State: doctor.Warn, Found: text.Lit("the platform's clock is 10m ahead of this machine's"),
			Advice: text.Lit("Set this machine's clock, for example with NTP; until then tokens are dated by the platform's."),
		}),
		always("credential", ok("client id cs-7d0e5b…d754 is accepted for bot st-2c6f1e…f613")),
		always("scope sessions", ok("Bot Sessions: granted")),
		always("scope messages", ok("Chat History: granted")),
		always("scope llm", ok("Fetch Gen AI and LLM Usage Logs: granted")),
		always("scope metrics", skip("Metrics: "+dear)),
		always("scope billing", skip("Billing Sessions: "+dear)),
		always("scope logs", skip("Debug Logs: "+dear)),
		always("scope tests", skip("not probed: every call that needs it starts or changes something")),
		always("limits", ok("57 of 60 requests left in this minute, 1,797 of 1,800 in this hour; gate open")),
		always("terminal", ok("80x24, xterm-256color, 256 colours, in tmux, copying by OSC 52, C.UTF-8")),
		always("cache", ok("/home/pat/.cache/korescope/prod-eu-8d5fa226-c8c1ffe1.db, 212.0 MB of at most 500.0 MB, mode 0600 in a folder 0700, encrypted, on a local file system")),
		always("settings", ok("profile prod-eu, /home/pat/.config/korescope/config.toml; settings: 6 from the file, 17 by default")),
		always("version", ok("korescope v0.1.0 go1.26.8, linux/amd64")),
	}
}

// refused is the same machine after its secret was changed.
func refused(t *testing.T) []doctor.Check {
	t.Helper()
	p := viewtest.NewStage(t).Explain(&api.Error{Kind: api.Credentials})
	round := well()
	round[1] = always("clock", ok("agrees with the platform's"))
	round[2] = always("credential", doctor.Finding{State: doctor.Failed, Found: p.Sentence, Advice: p.Hint, Err: &api.Error{Kind: api.Credentials}})
	for i := 3; i < 6; i++ {
		round[i] = always(round[i].Name, skip("not asked: the sign-in was refused"))
	}
	return round
}

// hanging is a round whose third check does not come back.
func hanging(first []doctor.Check) []doctor.Check {
	round := append([]doctor.Check{}, first...)
	round[2] = doctor.Check{Name: "credential"}
	return round
}
