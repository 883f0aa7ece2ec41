package tests

import (
	"cmp"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/views/feed"
)

// row is one run with the questions about it.
type row struct {
	n       int // of its feed
	key     string
	run     api.TestRun
	trouble error // the last look failed in a way that may pass
	feed    *feed.Feed[Ask, Heard]
}

// stage is where a run stands, as the list shows it.
type stage uint8

const (
	starting   stage = iota // sent, no answer yet
	notStarted              // refused: there is no run
	running
	unwatched // under way by the last word, and nobody asks
	passed
	failed
	broken  // could not be carried out
	unsure  // the outcome is not known
	expired // the platform has forgotten it
)

func (r *row) asking() bool { return r.feed != nil && r.feed.Loading() }

func (r *row) failure() error {
	if r.feed != nil && r.feed.Err() != nil {
		return r.feed.Err()
	}
	return r.trouble
}

func (r *row) stage() stage {
	none := r.run.ID == ""
	switch r.run.State {
	case api.JobUnknown:
		return unsure
	case api.JobExpired:
		return expired
	case api.JobFailed:
		if none {
			return notStarted
		}
		return broken
	case api.JobSucceeded:
		return ended(r.run.Verdict)
	case api.JobRunning:
	}
	switch {
	case none && r.asking():
		return starting
	case !r.asking():
		return unwatched
	}
	return running
}

func ended(v api.Verdict) stage {
	switch v {
	case api.VerdictPassed:
		return passed
	case api.VerdictFailed:
		return failed
	case api.VerdictRunning, api.VerdictError:
	}
	return broken
}

func (s stage) open() bool { return s == starting || s == running || s == unwatched }

// Left estimates how long a run still takes, from its percentage and the time
// that took.
func Left(run api.TestRun, now time.Time) (time.Duration, bool) {
	spent := run.Changed.Sub(run.Started)
	if !run.Percent.Known || run.Percent.Value <= 0 || run.Percent.Value > 100 || spent <= 0 || run.Started.IsZero() {
		return 0, false
	}
	whole := spent * 100 / time.Duration(run.Percent.Value)
	return max(run.Started.Add(whole).Sub(now), 0), true
}

// named finds the row of a run.
func (m *Model) named(id api.JobID) *row {
	for _, r := range m.rows {
		if id != "" && r.run.ID == id {
			return r
		}
	}
	return nil
}

// same finds the row that is about the same run, also one without an id.
func (m *Model) same(run api.TestRun) *row {
	if run.ID != "" {
		return m.named(run.ID)
	}
	for _, r := range m.rows {
		if r.run.ID == "" && r.run.Suite == run.Suite && r.run.Started.UnixMilli() == run.Started.UnixMilli() {
			return r
		}
	}
	return nil
}

// keep takes in what is kept, and follows what is still on.
func (m *Model) keep(k Kept) tea.Cmd {
	m.rows = slices.DeleteFunc(m.rows, func(r *row) bool { return r.run.ID == "" && r.stage() == unwatched })
	var cmds []tea.Cmd
	for _, run := range k.Runs {
		r := m.same(run)
		if r == nil {
			r = m.fresh(run)
		} else if !r.asking() && !run.Changed.Before(r.run.Changed) {
			r.run = run
		}
		if run.ID != "" && r.stage() == unwatched && r.feed == nil {
			cmds = append(cmds, m.ask(r, Ask{Suite: run.Suite, ID: run.ID}))
		}
	}
	m.arrange()
	return tea.Batch(cmds...)
}

// hear takes in an answer about a run.
func (m *Model) hear(r *row, h Heard) {
	was := r.run
	r.run, r.trouble = h.Run, h.Trouble
	if r.run.Started.IsZero() {
		r.run.Started = was.Started
	}
	if was.ID != "" || r.run.ID == "" {
		return
	}
	// What was taken for a new run may be one that is in the list already.
	for i, other := range m.rows {
		if other == r || other.run.ID != r.run.ID {
			continue
		}
		if other.feed != nil {
			other.feed.Stop()
		}
		m.rows = slices.Delete(m.rows, i, i+1)
		return
	}
}

// arrange puts the newest run first.
func (m *Model) arrange() {
	slices.SortStableFunc(m.rows, func(a, b *row) int {
		return cmp.Or(b.run.Started.Compare(a.run.Started), b.n-a.n)
	})
	m.table.SetRows(m.rows)
}

// today counts the runs of this day, as far as they are known here.
func (m *Model) today() int {
	now, n := m.d.Clock().In(m.zone), 0
	for _, r := range m.rows {
		at := r.run.Started.In(m.zone)
		if at.Year() == now.Year() && at.YearDay() == now.YearDay() && r.stage() != notStarted {
			n++
		}
	}
	return n
}
