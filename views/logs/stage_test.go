package logs_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/views"
	"korescope/views/logs"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stand is a debug log on a stage, with what its readers say.
type stand struct {
	*viewtest.Stage
	t        *testing.T
	lines    *viewtest.Reader[api.LogQuery, []api.DebugLine]
	messages *viewtest.Reader[api.MessageQuery, []api.Message]
	mask     *views.Masker
	route    views.LogsRoute
	options  viewtest.Options
}

// set is the log of the told session, before anybody answers.
func set(t *testing.T) *stand {
	t.Helper()
	s := &stand{Stage: viewtest.NewStage(t), t: t}
	s.lines = viewtest.NewReader[api.LogQuery, []api.DebugLine](t, s.Guard)
	s.messages = viewtest.NewReader[api.MessageQuery, []api.Message](t, s.Guard)
	s.route = views.LogsRoute{Session: viewtest.Told()}
	return s
}

// told is the log with everything in it. Details come only when they are asked
// for.
func told(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.messages.Says(viewtest.Named(viewtest.Messages()), viewtest.Noon())
	s.answers(viewtest.Lines())
	return s
}

// answers lets the platform have these lines under the name at the channel, and
// details for a moment alone.
func (s *stand) answers(all []api.DebugLine) {
	s.lines.Net = func(q api.LogQuery) []viewtest.Step[[]api.DebugLine] {
		var out []api.DebugLine
		for _, l := range all {
			if q.Identity != viewtest.LogName || !q.Window.Zero() && !q.Window.Holds(l.Time) {
				continue
			}
			if q.Detail && l.Detail == nil {
				l = viewtest.Detailed(l)
			}
			out = append(out, l)
		}
		return []viewtest.Step[[]api.DebugLine]{viewtest.Whole(out, viewtest.Noon())}
	}
}

// typed is the log asked for by name, of the last day.
func typed(t *testing.T) *stand {
	t.Helper()
	s := told(t)
	s.route = views.LogsRoute{Query: api.LogQuery{Identity: viewtest.LogName, Window: api.Last(24*time.Hour, viewtest.Noon())}}
	return s
}

func (s *stand) open(w, h int) *stand {
	s.t.Helper()
	m, err := logs.New(logs.Deps{
		Lines: s.lines, Messages: s.messages, Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain, Mask: s.mask,
	}, s.route)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Open(m, s.options, w, h)
	return s
}
