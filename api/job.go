package api

import (
	"strings"
	"time"
)

// JobState is what a job's status word means, after the many spellings of the
// platform have been folded together (reference 26).
type JobState string

// The states of a job. Expired and Unknown are korescope's own: a result that
// the platform has forgotten, and an act whose outcome never came back.
const (
	JobRunning   JobState = "running"
	JobSucceeded JobState = "succeeded"
	JobFailed    JobState = "failed"
	JobExpired   JobState = "expired"
	JobUnknown   JobState = "unknown"
)

// JobWord finds the state behind a status word. Words that nobody has seen are
// not known: keep asking until the deadline and show the raw word.
func JobWord(word string) (state JobState, known bool) {
	folded := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(word))
	switch folded {
	case "inprogress", "pending", "queued", "accepted", "running", "submitted", "initiated", "started":
		return JobRunning, true
	case "success", "successful", "completed", "complete", "passed", "done":
		return JobSucceeded, true
	case "failed", "failure", "fail", "error", "aborted", "cancelled", "canceled", "expired", "timeout":
		return JobFailed, true
	}
	return JobRunning, false
}

// Over reports that a state will not change any more.
func (s JobState) Over() bool { return s != JobRunning && s != "" }

// JobID is the platform's id of a job: ds-, ctr-, bir-, ... Empty for a job whose
// start was sent and whose answer never came.
type JobID string

// JobKind tells jobs apart in the cache.
type JobKind string

// The kinds of job.
const (
	TestJob        JobKind = "test"
	SuiteImportJob JobKind = "suite-import"
	BillingJob     JobKind = "billing"
	ContainmentJob JobKind = "containment"
	PublishJob     JobKind = "publish"
	ImportJob      JobKind = "import"
	ExportJob      JobKind = "export"
	EraseJob       JobKind = "erase"
	DeletionJob    JobKind = "deletion"
)

// JobRecord is what is kept of a job, so that a restart picks it up instead of
// starting a second one. Question identifies what was asked: two jobs with the
// same Kind and Question are the same report.
type JobRecord struct {
	Kind     JobKind
	ID       JobID
	Question string // canonical JSON of the question
	State    JobState
	Word     string     // the platform's own word, for people
	Percent  Maybe[int] // 0 to 100, may go backwards
	Started  time.Time
	Changed  time.Time // last time the platform said anything
	Expires  time.Time // when the platform forgets the result; zero when it does not say
	Result   []byte    // JSON of the domain value, nil until there is one
	Failure  string    // why it failed, in the platform's words, cleaned and cut
}
