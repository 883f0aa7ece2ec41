package api

import (
	"context"
	"iter"
)

// TestRunner runs conversation test suites. StartTest and the suite calls have
// effects: they are sent once and never retried. When the answer of a start is
// lost the error is of kind OutcomeUnknown.
type TestRunner interface {
	StartTest(ctx context.Context, s TestStart) (TestRun, error)
	TestStatus(ctx context.Context, suite string, id JobID) (TestRun, error)
	StartImport(ctx context.Context, s SuiteImport) (SuiteImported, error)
	ImportStatus(ctx context.Context, id JobID) (SuiteImported, error)
	DeleteSuites(ctx context.Context, names []string) error
}

// ReportSource starts and fetches the two reports. A start may be repeated: it
// only wastes budget. Billing has no job id in its status: the answer is of
// whichever job came last, so the caller compares ids.
type ReportSource interface {
	StartBilling(ctx context.Context, q BillingQuery) (JobRecord, error)
	BillingStatus(ctx context.Context) (BillingReport, error)
	StartContainment(ctx context.Context, q ContainmentQuery) (JobRecord, error)
	ContainmentStatus(ctx context.Context, id JobID) (ContainmentReport, error)
}

// LogSource reads debug logs and billed sessions.
type LogSource interface {
	DebugLogs(ctx context.Context, q LogQuery, lane Lane) iter.Seq2[Page[DebugLine], error]
	Billed(ctx context.Context, q BilledQuery, lane Lane) iter.Seq2[Page[BilledSession], error]
}

// AccountSource reads what an admin credential sees.
type AccountSource interface {
	Bots(ctx context.Context, lane Lane) iter.Seq2[Page[Bot], error]
	Roles(ctx context.Context, lane Lane) iter.Seq2[Page[RoleAssignment], error]
}
