package change_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views/change"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sheet is a page on a stage.
type sheet struct {
	*viewtest.Stage

	out   change.Outlook
	err   error
	steps []api.Change
	fails error
	after []change.Fact
	shut  bool
	sent  int
}

func f(name, value string) change.Fact {
	return change.Fact{Name: text.Clean(name), Value: text.Clean(value)}
}

func warn(name, value string) change.Fact {
	out := f(name, value)
	out.Warn = true
	return out
}

func publishing() *sheet {
	return &sheet{out: change.Outlook{
		Facts: []change.Fact{
			f("bot", "RetailBot  published"), f("id, on", "st-1f0c2d9e-7a41-5b6c-9d3e-2b8f6a4c1e70  https://bots.example.test"),
			f("last publish", "done  11:29:04"), f("changed since", "3  dialog 2, stream 1"),
			warn("test inDevelopment", "Refunds smoke  FAIL  11:58:12"), f("open conversations", ">=57 now"),
			f("comment", "back to the previous order lookup  (trained anew)"),
			f("newest changes", "11:51:40  dialog  Updated service node GetOrder of Refund"),
			f("", "11:50:02  stream  Updated variable PAYMENTS_URL"), f("", "11:49:31  dialog  Updated message node Greeting"),
		},
		Accept: []string{"RetailBot", "st-1f0c2d9e-7a41-5b6c-9d3e-2b8f6a4c1e70"}, Wants: text.Lit("Type the bot's name, RetailBot, to go on."),
	}}
}

func importing() *sheet {
	return &sheet{out: change.Outlook{
		Facts: []change.Fact{
			f("bot", "RetailBot  published"), f("id, on", "st-1f0c2d9e-7a41-5b6c-9d3e-2b8f6a4c1e70  https://bots.example.test"),
			f("last publish", "done  11:29:04"), f("changed since", "0"), f("the file", "bot.json names RetailBot, version 84"),
			f("configuration", "config.json"), f("files of functions", "1"),
			warn("saved before it", "NO: The app lacks a scope. Ask for Bot Definition > Bot Export."),
		},
		Accept: []string{"RetailBot"}, Wants: text.Lit("Type the bot's name, RetailBot, to go on."),
	}}
}

func erasing() *sheet {
	return &sheet{
		out: change.Outlook{
			Facts: []change.Fact{
				warn("in", "EVERY bot of the account"), f("user", "u-5d..f45  kept here: 3 sessions, 25 messages, 6 LLM calls"),
				f("user", "b..n@..test  kept here: 0 sessions, 0 messages, 0 LLM calls"),
				f("not erased", "account owners and members, bot owners and co-developers: the platform refuses them"),
			},
			Accept: []string{"2"}, Wants: text.Lit("Type the number of users, 2, to erase them for good."),
		},
		steps: []api.Change{{
			Call: api.EraseUsers, ID: "eud-5b1e90c3-7d2a-5f64-8b0c-1a3e5d7f9b2c", State: api.JobFailed, Word: "done", Percent: api.Known(100),
			Failure: "1 of 2 users were not erased",
			Parts:   []api.ChangePart{{Name: "u-5d..f45", Type: "user", State: api.JobSucceeded}, {Name: "b..n@..test", Type: "user", Word: "NOT_ALLOWED", State: api.JobFailed}},
		}},
		after: []change.Fact{
			f("removed here too", "1 users, 3 sessions"), f("cache searched", "nothing names them"),
			warn("not touched", "the case folder /home/ana/cases/1430-refund holds an erased user"),
		},
	}
}

func (s *sheet) open(t *testing.T, w, h int) *sheet {
	t.Helper()
	s.Stage = viewtest.NewStage(t)
	d := change.Deps{
		Title: text.Lit("publish"), Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain,
		Look:  func(context.Context) (change.Outlook, error) { return s.out, s.err },
		After: func(context.Context, api.Change) []change.Fact { return s.after },
		Writes: func() time.Time {
			return s.Clock.Now().Add(map[bool]time.Duration{false: time.Minute, true: -time.Minute}[s.shut])
		},
		Send: func(context.Context) iter.Seq2[api.Change, error] {
			s.sent++
			return func(yield func(api.Change, error) bool) {
				for i, is := range s.steps {
					err := s.fails
					if i < len(s.steps)-1 {
						err = nil
					}
					if !yield(is, err) {
						return
					}
				}
			}
		},
	}
	s.Open(change.New(d), viewtest.Options{Writes: !s.shut}, w, h)
	s.Rest()
	s.Clock.Move(time.Second)
	return s
}

func TestGoldens(t *testing.T) {
	unclear := func() *sheet {
		s := publishing()
		s.steps, s.fails = []api.Change{{Call: api.Publish, State: api.JobUnknown}}, &api.Error{Kind: api.OutcomeUnknown, Endpoint: api.Publish}
		return s
	}
	off := func() *sheet { s := publishing(); s.shut = true; return s }
	refused := func() *sheet {
		s := importing()
		s.out.Accept = nil
		s.out.Facts = append(s.out.Facts, warn("refused", "the file names another bot; --other-bot goes on all the same"))
		return s
	}
	var pictures []viewtest.Picture
	for _, p := range []struct {
		name  string
		sheet func() *sheet
		keys  []string
	}{
		{"publish", publishing, []string{"Retai", "enter"}},
		{"publish-off", off, []string{"enter"}},
		{"publish-unclear", unclear, []string{"RetailBot", "enter"}},
		{"import", importing, []string{"RetailBot"}},
		{"import-refused", refused, []string{"enter"}},
		{"erase", erasing, []string{"1", "enter"}},
		{"erase-done", erasing, []string{"2", "enter"}},
	} {
		draw := func(t *testing.T, w, h int) *viewtest.Stage {
			t.Helper()
			s := p.sheet().open(t, w, h)
			for _, k := range p.keys {
				s.Keys(k)
				s.Clock.Move(time.Second)
			}
			return s.Stage
		}
		pictures = append(pictures, viewtest.Picture{Name: p.name, W: 80, H: 24, Draw: draw}, viewtest.Picture{Name: p.name, W: 60, H: 16, Draw: draw})
	}
	viewtest.Gallery(t, "change", pictures)
}
