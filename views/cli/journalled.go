package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"korescope/api"
	"korescope/views"
)

// journalled writes every call that changes something to the journal, before it
// is sent and after. What the profile does not allow is not written: the client
// keeps it back.
type journalled struct {
	api.TestRunner
	journal      journal
	writes, runs bool
	late         func(id api.JobID, err error) // the second line could not be written
}

// act carries out one call between its two lines.
func (j *journalled) act(allowed bool, call, target string, do func() (api.JobID, error)) error {
	if !allowed {
		_, err := do()
		return err
	}
	done, err := j.journal.begin(call, target)
	if err != nil {
		return &views.UsageError{Text: "nothing was sent, because the journal of changes cannot be kept: " + err.Error(), Err: err}
	}
	id, err := do()
	if lost := done(answerWords(id, err)); lost != nil && j.late != nil {
		j.late(id, lost)
	}
	return err
}

// answerWords is an answer for the journal: what was made, or which sort of
// failure it was. It holds nothing that a customer said.
func answerWords(id api.JobID, err error) string {
	var e *api.Error
	switch {
	case err == nil && id == "":
		return "done"
	case err == nil:
		return "done: " + string(id)
	case errors.As(err, &e) && e.Status != 0:
		return fmt.Sprintf("%s (HTTP %d)", e.Kind, e.Status)
	}
	return api.KindOf(err).String()
}

// StartTest runs a suite.
func (j *journalled) StartTest(ctx context.Context, s api.TestStart) (run api.TestRun, err error) {
	// A start that is kept back is still a run of that suite.
	run = api.TestRun{Suite: s.Suite, Version: s.Version, Verdict: api.VerdictError, State: api.JobFailed}
	err = j.act(j.runs, api.RunSuite, s.Suite+" ("+string(s.Version)+")", func() (api.JobID, error) {
		run, err = j.TestRunner.StartTest(ctx, s)
		return run.ID, err
	})
	return run, err
}

// StartImport makes a suite.
func (j *journalled) StartImport(ctx context.Context, s api.SuiteImport) (is api.SuiteImported, err error) {
	err = j.act(j.writes, api.ImportSuite, s.Name+" from file "+s.FileID, func() (api.JobID, error) {
		is, err = j.TestRunner.StartImport(ctx, s)
		return is.ID, err
	})
	return is, err
}

// DeleteSuites deletes suites.
func (j *journalled) DeleteSuites(ctx context.Context, names []string) error {
	return j.act(j.writes, api.DeleteSuite, strings.Join(names, ", "), func() (api.JobID, error) {
		return "", j.TestRunner.DeleteSuites(ctx, names)
	})
}
