package cache

import (
	"cmp"
	"time"

	"korescope/api"
)

// How long jobs, reports, debug lines and account lists serve and stay: pure
// functions, as in policy.go.

const (
	// lateLine: debug lines are there at the latest so long after their time.
	lateLine = 2 * time.Minute
	// lateBilled: the time zone of billed sessions is not documented, and they
	// are closed late; a day covers both.
	lateBilled = 24 * time.Hour
	// lateReport: by then the numbers of a period are final.
	lateReport = 24 * time.Hour
	// slowFor is how long a report of a running period, or an account list,
	// counts as fresh.
	slowFor = 5 * time.Minute
	// keepAccount is how long account lists stay.
	keepAccount = 24 * time.Hour
	// platformLines is how long the platform keeps debug lines.
	platformLines = 7 * 24 * time.Hour
)

// within reports a time that lies less than d before now, and not after it: the
// clock may have been set back.
func within(t, now time.Time, d time.Duration) bool {
	age := now.Sub(t)
	return age >= 0 && age < d
}

// mergeJob is what is kept of two records of one job: the later one, and in
// doubt the one that is over. What the platform gave once is not lost to a
// record without it: a result that it has forgotten since is still a result.
func mergeJob(have, add api.JobRecord) api.JobRecord {
	later, earlier := add, have
	switch before, after := have.Changed.UnixMilli(), add.Changed.UnixMilli(); {
	case before > after, before == after && have.State.Over() && !add.State.Over():
		later, earlier = have, add
	}
	later.Question = cmp.Or(later.Question, earlier.Question)
	if later.Result == nil {
		later.Result = earlier.Result
	}
	if later.Started.IsZero() {
		later.Started = earlier.Started
	}
	if later.Expires.IsZero() {
		later.Expires = earlier.Expires
	}
	return later
}

// jobKeep is how long a job stays after it was last written.
func (o Options) jobKeep(kind api.JobKind) time.Duration {
	if kind == api.TestJob {
		return o.TestRetention
	}
	return o.ReportRetention
}

// reportSettled reports numbers that will not change any more: the period was
// over for a day when they were read.
func reportSettled(w api.Window, fetched time.Time) bool {
	return fetched.Sub(w.To) >= lateReport
}

// reportStanding says how a kept report answers a question about a window that
// may be a little younger than its own: fresh when nobody needs to ask, partial
// when what happened since is missing.
func reportStanding(asked, kept api.Window, fetched, now time.Time) (fresh, partial bool) {
	missing := upToNow(asked, now).To.Sub(upToNow(kept, fetched).To)
	partial = missing >= slowFor
	settled := asked == kept && reportSettled(kept, fetched)
	return settled || !partial && within(fetched, now, slowFor), partial
}
