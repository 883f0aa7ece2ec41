package views

import "korescope/api"

// The pages that change something. Opening one sends nothing.
type (
	// PublishRoute is the page of a publish.
	PublishRoute struct{ Start api.PublishStart }
	// ImportRoute is the page of an import; the files are paths of this machine.
	ImportRoute struct {
		Definition, Config string
		Functions          []string
		OtherBot           bool
	}
	// FunctionsRoute is the page of an import of functions.
	FunctionsRoute struct{ Files []string }
	// EraseRoute is the page of an erasure.
	EraseRoute struct{ Erasure api.Erasure }
	// SuiteImportRoute is the page that makes a suite of a file of this machine.
	SuiteImportRoute struct{ Name, File string }
	// SuitesDeleteRoute is the page that deletes suites.
	SuitesDeleteRoute struct{ Names []string }
	// ChangeRoute follows a change that was started before; without an id the one
	// that is under way.
	ChangeRoute struct {
		Kind api.JobKind
		ID   api.JobID
	}
)
