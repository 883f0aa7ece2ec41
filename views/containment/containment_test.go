package containment_test

import (
	"fmt"
	"testing"
	"time"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/views"
	"korescope/views/containment"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type stand struct {
	*viewtest.Stage
	t       *testing.T
	report  *viewtest.Reader[api.ContainmentQuery, api.ContainmentReport]
	ran     *viewtest.Reader[containment.Task, []api.SessionID]
	route   views.ContainmentRoute
	options viewtest.Options
}

func set(t *testing.T) *stand {
	t.Helper()
	s := &stand{Stage: viewtest.NewStage(t), t: t}
	s.report = viewtest.NewReader[api.ContainmentQuery, api.ContainmentReport](t, s.Guard)
	s.ran = viewtest.NewReader[containment.Task, []api.SessionID](t, s.Guard)
	return s
}

func (s *stand) open(w, h int) *stand {
	s.t.Helper()
	s.Open(containment.New(containment.Deps{Report: s.report, Ran: s.ran, Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain}, s.route), s.options, w, h)
	return s
}

func row(period, task, status string, runs, self, drop, agent int) api.ContainmentRow {
	return api.ContainmentRow{
		Period: period, Task: task, TaskType: "dialog", Status: status, Executions: api.Known(runs),
		Sessions: api.Known(self + drop + agent), SelfService: api.Known(self), DropOff: api.Known(drop), Agent: api.Known(agent),
	}
}

func tasks() []api.ContainmentRow {
	unsent := row("2025-10-17", "Old report", "success", 4, 1, 1, 0)
	unsent.Agent = api.Maybe[int]{}
	return []api.ContainmentRow{
		row("2025-10-17", "Order status", "success", 1830, 1540, 120, 90),
		row("2025-10-17", "Order status", "failtask", 74, 10, 13, 4),
		row("2025-10-17", "Refund", "success", 309, 140, 90, 60),
		row("2025-10-17", "Refund", "failtask", 503, 30, 430, 61),
		row("2025-10-17", "", "success", 377, 45, 268, 64),
		row("2025-10-17", "Talk to a person at the service desk in Lower Saxony", "success", 498, 0, 10, 480),
		row("2025-10-17", "Opening hours", "success", 655, 640, 3, 0),
		unsent,
	}
}

// told answers the window and the window before differently.
func told(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.report.Net = func(q api.ContainmentQuery) []viewtest.Step[api.ContainmentReport] {
		rows := tasks()
		if q.Window.To.Before(viewtest.Noon().Add(-time.Hour)) {
			rows = []api.ContainmentRow{
				row("2025-10-16", "Refund", "success", 800, 500, 90, 100),
				row("2025-10-16", "Order status", "success", 1900, 1700, 130, 80),
			}
		}
		return []viewtest.Step[api.ContainmentReport]{viewtest.Whole(api.ContainmentReport{Rows: rows}, viewtest.Noon())}
	}
	return s
}

type state struct {
	name string
	set  func(t *testing.T) *stand
	do   []string
}

func states() []state {
	return []state{
		{"loading", set, nil},
		{"loaded", told, nil},
		{"before", told, []string{"b"}},
		{"daily", told, []string{"d"}},
		{"sorted", told, []string{"<", "O"}},
		{"running", func(t *testing.T) *stand {
			s := set(t)
			s.report.Has(api.ContainmentReport{Rows: tasks()}, viewtest.Noon().Add(-14*time.Minute), false)
			s.report.Net = func(api.ContainmentQuery) []viewtest.Step[api.ContainmentReport] {
				step := viewtest.Whole(api.ContainmentReport{Rows: tasks(), Job: api.JobRecord{}}, viewtest.Noon().Add(-14*time.Minute))
				step.Answer.Done = false
				return []viewtest.Step[api.ContainmentReport]{step, {Never: true}}
			}
			return s
		}, nil},
		{"failed", func(t *testing.T) *stand { s := set(t); s.report.Fails(viewtest.Offline()); return s }, nil},
		{"expired", func(t *testing.T) *stand {
			s := set(t)
			s.report.Has(api.ContainmentReport{Rows: tasks()}, viewtest.Noon().Add(-2*time.Hour), false).
				Fails(&api.Error{Kind: api.NotFound, Said: "Invalid request id"})
			return s
		}, nil},
		{"empty", func(t *testing.T) *stand {
			s := set(t)
			s.report.Says(api.ContainmentReport{}, viewtest.Noon())
			return s
		}, nil},
		{"help", told, []string{"?"}},
	}
}

func TestGoldens(t *testing.T) {
	var out []viewtest.Picture
	for _, st := range states() {
		out = append(out, viewtest.Both(st.name, func(t *testing.T, w, h int) *viewtest.Stage {
			t.Helper()
			s := st.set(t).open(w, h)
			s.Keys(st.do...)
			return s.Stage
		})...)
	}
	viewtest.Gallery(t, "containment", out)
}

func TestStorm(t *testing.T) {
	all := map[string]func(t *testing.T) *viewtest.Stage{}
	for _, st := range states() {
		all[st.name] = func(t *testing.T) *viewtest.Stage { return st.set(t).open(80, 24).Stage }
	}
	viewtest.Storms(t, all)
}

// Success and failure of a task are one row: what hurts is the task.
func TestOutcomesOfATaskAreAddedUp(t *testing.T) {
	s := told(t).open(140, 40)
	s.Has("812", "38%", "520", "64%")
}

// Enter shows the drop-offs of the task under the cursor and of no other, as a
// list that a line opens as well; what the metrics do not name is said.
func TestOpeningShowsTheDropOffsOfTheTask(t *testing.T) {
	many := func(n int) []api.SessionID {
		out := make([]api.SessionID, n)
		for i := range out {
			out[i] = api.SessionID(fmt.Sprintf("s-%d", i))
		}
		return out
	}
	for _, tt := range []struct {
		name  string
		known []api.SessionID
		err   error
		keys  []string
		opens string // the filter; "" for nothing
		says  string
	}{
		{"all are named", many(811), nil, nil, `type:dropOff task:="Refund"`, "811 conversations"},
		{"some are named", many(5), nil, nil, `type:dropOff task:="Refund"`, "the report counts 811"},
		{"another row", many(900), nil, []string{"j"}, "type:dropOff", "every drop-off of the window"},
		{"none is named", many(0), nil, nil, "", "cannot be told from others"},
		{"no right", nil, &api.Error{Kind: api.ScopeMissing}, nil, "", "is not known"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := told(t)
			s.ran.Net = func(k containment.Task) []viewtest.Step[[]api.SessionID] {
				if k.Name != "Refund" || k.Window.Length() != 24*time.Hour {
					t.Errorf("asked for %+v", k)
				}
				return []viewtest.Step[[]api.SessionID]{viewtest.Whole(tt.known, viewtest.Noon())}
			}
			if tt.err != nil {
				s.ran.Fails(tt.err)
			}
			s.open(80, 24)
			s.Keys(append(tt.keys, "enter")...)
			s.Has(tt.says)
			var got views.SessionsRoute
			for _, r := range s.Opened {
				if is, ok := r.(views.SessionsRoute); ok {
					got = is
				}
			}
			if got.Filter != tt.opens || tt.opens != "" && got.Query.Window.Length() != 24*time.Hour {
				t.Errorf("opened %+v", s.Opened)
			}
		})
	}
}

// What is asked for stays asked for: against the window before, in the place, in
// the command line.
func TestWhatIsAskedForStays(t *testing.T) {
	s := told(t)
	s.route.Query = api.ContainmentQuery{Tasks: "Refund", Kind: api.KindInteractive, Status: api.StatusClosed}
	var asked []api.ContainmentQuery
	answer := s.report.Net
	s.report.Net = func(q api.ContainmentQuery) []viewtest.Step[api.ContainmentReport] {
		asked = append(asked, q)
		return answer(q)
	}
	s.open(140, 40)
	s.Has("[Refund, interactive, closed]")
	s.Keys("b", "d")
	for _, q := range asked {
		if q.Tasks != "Refund" || q.Kind != api.KindInteractive || q.Status != api.StatusClosed {
			t.Errorf("asked %+v", q)
		}
	}
	if len(asked) < 3 {
		t.Errorf("%d questions", len(asked))
	}
}
