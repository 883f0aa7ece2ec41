// Package jobs starts the platform's asynchronous jobs, follows them to their
// end and remembers them: test runs, imports of suites, the billing summary and
// the containment report.
//
// It promises that a job which is already running is followed instead of
// started again, also after a restart; that a job with an effect is started
// once and never again by itself; that every change is kept before it is told;
// and that a job ends in success, failure, "expired" (the platform has
// forgotten it) or "unknown" (nobody said how it ended in time), never in a
// guess. Leaving leaves the record open, for the next asker.
//
// Times in records are those of the clock that was handed in, not of the
// platform, so that clocks which differ end no job early. Nothing here writes
// to a screen, and waiting is done through the function handed in.
package jobs
