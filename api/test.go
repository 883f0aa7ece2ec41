package api

import (
	"encoding/json"
	"time"
)

// Version is what of a bot a test suite is run against.
type Version string

// The versions.
const (
	Published     Version = "published"
	InDevelopment Version = "inDevelopment"
)

// Verdict is how a test run or a step ended. Passed and failed are verdicts of a
// job that succeeded; VerdictError is a run that could not be carried out.
type Verdict string

// The verdicts, spelled as in records; VerdictRunning is none yet.
const (
	VerdictRunning Verdict = "running"
	VerdictPassed  Verdict = "passed"
	VerdictFailed  Verdict = "failed"
	VerdictError   Verdict = "error"
)

// TestStart asks for one run of a suite. It has an effect and is sent once.
type TestStart struct {
	Suite   string
	Version Version
	Email   string // bot owner or a developer it is shared with
	Anew    bool   // also beside a run of the same suite that is still on
}

// TestRun is one run of a conversation test suite (reference 14).
type TestRun struct {
	ID       JobID // ctr-...; "" when the start's answer never came
	Suite    string
	Version  Version
	Verdict  Verdict
	State    JobState
	Word     string
	Percent  Maybe[int]
	Total    Maybe[int]
	Passed   Maybe[int]
	Failed   Maybe[int]
	Started  time.Time
	Changed  time.Time
	Duration Maybe[int64] // milliseconds
	Steps    []TestStep
	Failure  string
	Raw      json.RawMessage
}

// TestStep is one step: what was typed, what should have come and what came.
type TestStep struct {
	Input    string
	Verdict  Verdict
	Expected []string // texts the step wants to see; nil: the platform did not say
	Actual   []string // texts that came, readable; nil: the platform did not say
	// Failed names the assertions that did not hold: text, flow, context, each
	// with what was wanted; nil: none was told of.
	Failed []string
	Raw    json.RawMessage
}

// SuiteImport asks for a suite to be made from an uploaded file (reference 13).
type SuiteImport struct {
	FileID      string
	Name        string
	Description string
	Tags        []string
	Email       string
}

// SuiteImported is how an import stands.
type SuiteImported struct {
	ID      JobID // ds-...
	State   JobState
	Word    string
	Percent Maybe[int]
	Suite   string // name
	Steps   Maybe[int]
	Expires time.Time
	Failure string
}
