package kore

import (
	"context"
	"strings"

	"korescope/api"
)

// runAsk is the body of a suite's run (reference 14.1).
type runAsk struct {
	Version api.Version `json:"version"`
	Email   string      `json:"userEmailId"`
}

// StartTest starts one run of a suite. It is sent once: a start whose answer
// is lost, or comes without an id, is OutcomeUnknown. Names with a slash are
// Misuse. The profile must allow tests or writes.
//
// POST /api/public/stream/{bot}/conversation/testsuite/{suite}/run (reference
// 14.1).
func (c *Client) StartTest(ctx context.Context, s api.TestStart) (api.TestRun, error) {
	run := api.TestRun{Suite: s.Suite, Version: s.Version, Verdict: api.VerdictRunning, State: api.JobRunning}
	if s.Version != api.Published && s.Version != api.InDevelopment {
		return run, misuse("the version is neither published nor inDevelopment")
	}
	err := c.act(ctx, api.Act{Call: api.RunSuite, Target: s.Suite + " (" + string(s.Version) + ")"}, func(line *begun) (_ api.JobID, err error) {
		run, err = c.startTest(ctx, line, s, run)
		return run.ID, err
	})
	return run, err
}

func (c *Client) startTest(ctx context.Context, line *begun, s api.TestStart, run api.TestRun) (api.TestRun, error) {
	a, err := c.put(ctx, question{
		endpoint: api.RunSuite, named: map[string]string{"suite": s.Suite},
		body: runAsk{Version: s.Version, Email: s.Email}, lane: api.Person, line: line,
	})
	if err != nil {
		return run, err
	}
	r, err := objectOf(api.RunSuite, a)
	if err != nil {
		return run, noID(api.RunSuite, api.Write)
	}
	run.ID = api.JobID(r.text("testRunId", "_id", "dsId"))
	if run.ID == "" {
		return run, notStarted(api.RunSuite, r)
	}
	// A word in the answer of the start is no verdict yet.
	run.Word, run.Percent = cleanText(r.text("status"), 60), percentOf(r)
	return run, nil
}

// TestStatus reads one run with its steps, as far as the platform shows them.
//
// GET /api/public/stream/{bot}/conversation/testsuite/{suite}/{id}/status
// (reference 14.2).
func (c *Client) TestStatus(ctx context.Context, suite string, id api.JobID) (api.TestRun, error) {
	run := api.TestRun{ID: id, Suite: suite, Verdict: api.VerdictRunning, State: api.JobRunning}
	a, err := c.put(ctx, question{
		endpoint: api.SuiteStatus, named: map[string]string{"suite": suite, "id": string(id)}, lane: api.Person,
	})
	if err != nil {
		return run, err
	}
	r, err := objectOf(api.SuiteStatus, a)
	if err != nil {
		return run, err
	}
	if r["status"] == nil && r["result"] == nil && r["_id"] == nil {
		return run, unexpected(api.SuiteStatus, a)
	}
	return decodeRun(r, run), nil
}

// notStarted is a start that was answered without an id: refused in the job's
// own words, or nobody knows.
func notStarted(endpoint string, r row) error {
	if state, _ := api.JobWord(r.text("status")); state == api.JobFailed {
		return &api.Error{Kind: api.Refused, Endpoint: endpoint, Status: 200, Said: failureOf(r)}
	}
	return noID(endpoint, api.Write)
}

// importAsk is the body of a suite's import (reference 13.1).
type importAsk struct {
	File        string   `json:"fileName"` // despite its name a file id
	Name        string   `json:"name"`
	Tags        []string `json:"tags,omitempty"`
	Description string   `json:"description,omitempty"`
	Email       string   `json:"userEmailId"`
}

// StartImport makes a suite from an uploaded file. It is sent once. A name that
// could not be run later, because of a slash, is Misuse.
//
// POST /api/public/stream/{bot}/conversation/testsuite/import (reference 13.1).
func (c *Client) StartImport(ctx context.Context, s api.SuiteImport) (api.SuiteImported, error) {
	out := api.SuiteImported{Suite: s.Name, State: api.JobRunning}
	switch {
	case !oneSegment(s.Name):
		return out, misuse("a suite's name cannot be empty, a dot or hold a slash")
	case s.FileID == "":
		return out, misuse("no uploaded file is named")
	}
	err := c.act(ctx, api.Act{Call: api.ImportSuite, Target: s.Name + " from file " + s.FileID}, func(line *begun) (_ api.JobID, err error) {
		out, err = c.startImport(ctx, line, s, out)
		return out.ID, err
	})
	return out, err
}

func (c *Client) startImport(ctx context.Context, line *begun, s api.SuiteImport, out api.SuiteImported) (api.SuiteImported, error) {
	a, err := c.put(ctx, question{
		endpoint: api.ImportSuite, lane: api.Person, line: line,
		body: importAsk{File: s.FileID, Name: s.Name, Tags: s.Tags, Description: s.Description, Email: s.Email},
	})
	if err != nil {
		return out, err
	}
	r, err := objectOf(api.ImportSuite, a)
	if err != nil {
		return out, noID(api.ImportSuite, api.Write)
	}
	out = decodeImport(r, s.Name)
	if out.ID == "" {
		return out, notStarted(api.ImportSuite, r)
	}
	return out, nil
}

// ImportStatus reads how an import stands.
//
// GET /api/public/stream/{bot}/conversation/testsuite/import/{id}/status
// (reference 13.2).
func (c *Client) ImportStatus(ctx context.Context, id api.JobID) (api.SuiteImported, error) {
	a, err := c.put(ctx, question{
		endpoint: api.ImportSuiteStatus, named: map[string]string{"id": string(id)}, lane: api.Person,
	})
	if err != nil {
		return api.SuiteImported{ID: id, State: api.JobRunning}, err
	}
	r, err := objectOf(api.ImportSuiteStatus, a)
	if err != nil {
		return api.SuiteImported{ID: id, State: api.JobRunning}, err
	}
	out := decodeImport(r, "")
	out.ID = id
	return out, nil
}

// decodeImport reads both answers. The suite's own id differs between two
// places of one answer, so names are used throughout.
func decodeImport(r row, name string) api.SuiteImported {
	made := r.sub("response")
	job := decodeJob(api.SuiteImportJob, r)
	if job.Word == "" {
		job = settle(job, made != nil)
	}
	out := api.SuiteImported{
		ID: job.ID, State: job.State, Word: job.Word, Percent: job.Percent,
		Suite: name, Expires: job.Expires, Failure: job.Failure,
	}
	if s := made.text("name"); s != "" {
		out.Suite = s
	}
	if steps, ok := made.find("testSteps"); ok {
		out.Steps = api.Known(len(listOrOne(steps)))
	}
	return out
}

// deleteAsk is the body of the deletion (reference 15).
type deleteAsk struct {
	Names []string `json:"testSuiteNames"`
}

// DeleteSuites deletes suites by name. It is sent once.
//
// DELETE /api/public/stream/{bot}/conversation/testsuite (reference 15).
func (c *Client) DeleteSuites(ctx context.Context, names []string) error {
	if len(compact(names)) == 0 {
		return misuse("no suite is named")
	}
	return c.act(ctx, api.Act{Call: api.DeleteSuite, Target: strings.Join(compact(names), ", ")}, func(line *begun) (api.JobID, error) {
		return "", c.deleteSuites(ctx, line, compact(names))
	})
}

func (c *Client) deleteSuites(ctx context.Context, line *begun, names []string) error {
	a, err := c.put(ctx, question{endpoint: api.DeleteSuite, body: deleteAsk{Names: names}, lane: api.Person, line: line})
	if err != nil {
		return err
	}
	r := row(a.object)
	if state, _ := api.JobWord(r.text("status")); state == api.JobFailed {
		return &api.Error{Kind: api.Refused, Endpoint: api.DeleteSuite, Status: 200, Said: failureOf(r)}
	}
	return nil
}
