package cli

import (
	"context"
	"iter"
	"net/http/httptrace"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"korescope/api"
	"korescope/api/jobs"
	"korescope/views/tests"
)

// trials are the parts for test runs.
type trials struct {
	tests    jobs.Tests
	runs     *runBook
	troubles troubles
	// starting is held by every start until it is kept, so that the cache is not
	// closed between the two.
	starting *sync.RWMutex

	mu     sync.Mutex
	suites []string // known names, for completion
}

// keptMost is how many runs a list shows.
const keptMost = 500

func (d *desk) openTests(o deskOptions) {
	d.suites = slices.Clone(o.profile.TestSuites)
	if d.starting == nil {
		d.starting = new(sync.RWMutex)
	}
	d.engine.Trouble = d.troubles.note
	d.tests = jobs.Tests{
		Engine: d.engine, Bot: botID(o.profile),
		Runner: steady{d.client},
	}
}

// troubles remember, by job, what kept the platform from answering, until it is
// asked for.
type troubles struct {
	mu sync.Mutex
	of map[api.JobID]error
}

func (t *troubles) note(r api.JobRecord, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of = map[api.JobID]error{}
	}
	if r.ID != "" {
		t.of[r.ID] = err
	}
}

func (t *troubles) take(id api.JobID) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	err := t.of[id]
	delete(t.of, id)
	return err
}

// steady lets a start that is under way come to its answer although the asker
// left: a run that was started and whose id nobody knows helps nobody. What
// still waits for its turn then gives up.
type steady struct{ api.TestRunner }

const startGrace = 5 * time.Second

// StartTest starts a run.
func (s steady) StartTest(ctx context.Context, t api.TestStart) (api.TestRun, error) {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var sent atomic.Bool
	own = httptrace.WithClientTrace(own, &httptrace.ClientTrace{GetConn: func(string) { sent.Store(true) }})
	defer context.AfterFunc(ctx, func() {
		if !sent.Load() {
			cancel() // it waits for its turn: nothing is under way
			return
		}
		time.AfterFunc(startGrace, cancel)
	})()
	return s.TestRunner.StartTest(own, t)
}

// StartImport begins the import of a suite. Like the acts of finishing it comes to
// its answer although the asker left.
func (s steady) StartImport(ctx context.Context, i api.SuiteImport) (api.SuiteImported, error) {
	if err := ctx.Err(); err != nil {
		return api.SuiteImported{Suite: i.Name}, err
	}
	own, end := graced(ctx)
	defer end()
	return s.TestRunner.StartImport(own, i)
}

// DeleteSuites deletes suites, likewise.
func (s steady) DeleteSuites(ctx context.Context, names []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	own, end := graced(ctx)
	defer end()
	return s.TestRunner.DeleteSuites(own, names)
}

// runReader answers the questions of the list about single runs. The disk is
// part of the job engine, so there is nothing else to look at first.
type runReader struct{ d *desk }

func (r runReader) Cached(context.Context, tests.Ask) (api.Answer[tests.Heard], error) {
	return api.Answer[tests.Heard]{}, &api.Error{Kind: api.NotCached}
}

func (r runReader) Refresh(ctx context.Context, a tests.Ask, _ api.Lane) iter.Seq2[api.Answer[tests.Heard], error] {
	return func(yield func(api.Answer[tests.Heard], error) bool) {
		free := func() {}
		if a.Start.Suite != "" {
			r.d.starting.RLock()
			free = sync.OnceFunc(r.d.starting.RUnlock)
		}
		defer free()
		for run, err := range r.d.ask(ctx, a) {
			free()
			out := api.Answer[tests.Heard]{
				Value: tests.Heard{Run: run, Trouble: r.d.troubles.take(run.ID)},
				At:    r.d.clock(), Origin: api.FromNetwork, Done: a.Once || run.State.Over(),
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

// ask gives a run as it goes on.
func (d *desk) ask(ctx context.Context, a tests.Ask) iter.Seq2[api.TestRun, error] {
	switch {
	case a.Start.Suite != "":
		return d.tests.Run(ctx, a.Start)
	case a.Once:
		return func(yield func(api.TestRun, error) bool) { yield(d.tests.Status(ctx, a.Suite, a.ID)) }
	}
	return d.tests.Follow(ctx, a.Suite, a.ID)
}

// keptReader reads what is on disk about suites and runs.
type keptReader struct{ d *desk }

func (r keptReader) Cached(ctx context.Context, _ tests.All) (api.Answer[tests.Kept], error) {
	runs, err := r.d.tests.History(ctx, keptMost)
	if err != nil {
		return api.Answer[tests.Kept]{}, err
	}
	found, err := r.d.runs.Suites(ctx)
	if err != nil {
		return api.Answer[tests.Kept]{}, err
	}
	suites := slices.Clone(r.d.profile.TestSuites)
	for _, s := range found {
		if !slices.Contains(suites, s) {
			suites = append(suites, s)
		}
	}
	r.d.learn(suites)
	return api.Answer[tests.Kept]{
		Value: tests.Kept{Runs: runs, Suites: suites}, At: r.d.clock(), Origin: api.FromDisk, Fresh: true, Done: true,
	}, nil
}

func (r keptReader) Refresh(ctx context.Context, k tests.All, _ api.Lane) iter.Seq2[api.Answer[tests.Kept], error] {
	return func(yield func(api.Answer[tests.Kept], error) bool) { yield(r.Cached(ctx, k)) }
}

func (d *desk) learn(suites []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.suites = suites
}

func (d *desk) knownSuites() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.suites
}

func (d *desk) testDeps() tests.Deps {
	return tests.Deps{
		Runs: runReader{d}, Kept: keptReader{d}, Good: d.runs.LastGood,
		Allowed: d.profile.AllowTests || d.profile.AllowWrites,
		Clock:   d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	}
}
