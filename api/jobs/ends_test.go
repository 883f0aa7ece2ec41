package jobs

import (
	"testing"
	"time"

	"korescope/api"
)

// Every way a job can end, for reports and for tests.
func TestHowJobsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		say           func(job, poll int) (api.JobRecord, string, bool, error)
		once          bool
		state         api.JobState
		failure, word string
		starts        int
	}{
		"stuck": {
			say: func(int, int) (api.JobRecord, string, bool, error) { return running(40) }, state: api.JobUnknown,
			failure: `no final status after 10m0s; the last word was "IN_PROGRESS"`, word: "IN_PROGRESS", starts: 1,
		},
		"a word nobody knows": {
			say: func(int, int) (api.JobRecord, string, bool, error) {
				return api.JobRecord{State: api.JobRunning, Word: "AWAITING_CAPACITY"}, "", false, nil
			}, state: api.JobUnknown, failure: `no final status after 10m0s; the last word was "AWAITING_CAPACITY"`, word: "AWAITING_CAPACITY", starts: 1,
		},
		"no word at all": {
			say:   func(int, int) (api.JobRecord, string, bool, error) { return api.JobRecord{}, "", false, nil },
			state: api.JobUnknown, failure: "no final status after 10m0s", starts: 1,
		},
		"a stuck test": {
			say: func(int, int) (api.JobRecord, string, bool, error) { return running(40) }, once: true, state: api.JobUnknown,
			failure: `no final status after 30m0s; the last word was "IN_PROGRESS"`, word: "IN_PROGRESS", starts: 1,
		},
		"failed": {
			say: func(int, int) (api.JobRecord, string, bool, error) {
				return api.JobRecord{State: api.JobFailed, Word: "FAILED", Failure: "out of memory"}, "", false, nil
			}, state: api.JobFailed, failure: "out of memory", word: "FAILED", starts: 1,
		},
		"refused": {
			say: func(int, int) (api.JobRecord, string, bool, error) {
				return api.JobRecord{}, "", false, refused("no such period")
			},
			state: api.JobFailed, failure: "no such period", word: "IN_PROGRESS", starts: 1,
		},
		"done without a result": {
			say: func(int, int) (api.JobRecord, string, bool, error) {
				return api.JobRecord{State: api.JobSucceeded, Word: "SUCCESS"}, "", false, nil
			}, state: api.JobFailed, failure: "finished without a result", word: "SUCCESS", starts: 1,
		},
		"a result without a word": {
			say: func(int, int) (api.JobRecord, string, bool, error) { return api.JobRecord{}, "x", true, nil }, state: api.JobSucceeded, starts: 1,
		},
		"lost": {
			say: func(int, int) (api.JobRecord, string, bool, error) {
				return api.JobRecord{}, "", false, refused("Invalid request id")
			},
			state: api.JobExpired, failure: "Invalid request id", word: "IN_PROGRESS", starts: 2,
		},
		"lost, then found": {
			say: func(job, poll int) (api.JobRecord, string, bool, error) {
				if job == 1 {
					return api.JobRecord{}, "", false, &api.Error{Kind: api.NotFound}
				}
				return doneAfter(2)(job, poll)
			}, state: api.JobSucceeded, word: "SUCCESS", starts: 2,
		},
		"a lost test is not run again": {
			say: func(int, int) (api.JobRecord, string, bool, error) {
				return api.JobRecord{}, "", false, refused("Invalid request id")
			},
			once: true, state: api.JobExpired, failure: "Invalid request id", word: "IN_PROGRESS", starts: 1,
		},
		"not known yet": {
			say: func(job, poll int) (api.JobRecord, string, bool, error) {
				if poll < 3 {
					return api.JobRecord{}, "", false, refused("Invalid request id")
				}
				return doneAfter(3)(job, poll)
			}, once: true, state: api.JobSucceeded, word: "SUCCESS", starts: 1,
		},
		"expired": {
			say: func(int, int) (api.JobRecord, string, bool, error) {
				at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) // the platform's clock is another one
				return api.JobRecord{State: api.JobRunning, Word: "IN_PROGRESS", Started: at, Expires: at.Add(time.Minute)}, "", false, nil
			}, state: api.JobExpired, failure: "not finished before the platform forgets it", word: "IN_PROGRESS", starts: 2,
		},
		"flapping": {
			say: func(job, poll int) (api.JobRecord, string, bool, error) {
				if poll > 9 {
					return doneAfter(0)(job, poll)
				}
				return running([]int{40, 25, 0}[poll%3])
			}, state: api.JobSucceeded, word: "SUCCESS", starts: 1,
		},
		"unreachable for a while": {
			say: func(job, poll int) (api.JobRecord, string, bool, error) {
				if kinds := []api.Kind{api.Unavailable, api.Unreachable, api.Limited, api.NotPlatform}; poll <= len(kinds) {
					return api.JobRecord{}, "", false, &api.Error{Kind: kinds[poll-1]}
				}
				return doneAfter(0)(job, poll)
			}, once: true, state: api.JobSucceeded, word: "SUCCESS", starts: 1,
		},
		"unreachable for good": {
			say: func(int, int) (api.JobRecord, string, bool, error) {
				return api.JobRecord{}, "", false, &api.Error{Kind: api.Unreachable}
			},
			once: true, state: api.JobUnknown, failure: `no final status after 30m0s; the last word was "IN_PROGRESS"`, word: "IN_PROGRESS", starts: 1,
		},
	} {
		r, p := newRig(), &platform{say: c.say}
		s := p.spec("q")
		if c.once {
			once(&s)
		}
		o := ask(t.Context(), r.Engine, s)
		rec := o.last().Record
		if o.err != nil || rec.State != c.state || rec.Failure != c.failure || rec.Word != c.word || p.starts != c.starts {
			t.Errorf("%s: %s, %q, %q after %d starts, %v", name, rec.State, rec.Failure, rec.Word, p.starts, o.err)
		}
		if kept, found, _ := r.store.FindJob(t.Context(), s.Kind, "q"); !found || kept.State != c.state {
			t.Errorf("%s: kept as %s", name, kept.State)
		}
		if open, _ := r.store.OpenJobs(t.Context(), s.Kind); len(open) > 0 {
			t.Errorf("%s: %d records stay open", name, len(open))
		}
	}
}
