package views

import (
	"cmp"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// TestFields is the record of `tests run` and `tests status`.
func TestFields() []Field[api.TestRun] {
	type run = api.TestRun
	num := func(name string, title text.Safe, at int, of func(run) api.Maybe[int]) Field[run] {
		return CountField(name, Layout{Title: title, Min: 4, Ideal: 5, At80: at, At140: at}, of)
	}
	return []Field[run]{
		WholeIDField("testRunId", Layout{Title: text.Lit("RUN"), Min: 10, Ideal: 40, At140: 8}, func(r run) api.JobID { return r.ID }),
		WordField("suite", Layout{Title: text.Lit("SUITE"), Min: 12, Ideal: 22, At80: 1, At140: 1}, func(r run) string { return r.Suite }),
		OwnField("status", Layout{Title: text.Lit("STATUS"), Min: 7, Ideal: 7, At80: 2, At140: 2}, recordVerdict).
			As(func(r run, _ Env) Cell { return VerdictBadge(r.Verdict, r.State) }).
			By(func(a, b run) int { return cmp.Compare(a.Verdict, b.Verdict) }),
		num("percent", text.Lit("%"), 3, func(r run) api.Maybe[int] { return r.Percent }),
		num("total", text.Lit("STEPS"), 4, func(r run) api.Maybe[int] { return r.Total }),
		num("passed", text.Lit("PASS"), 5, func(r run) api.Maybe[int] { return r.Passed }),
		num("failed", text.Lit("FAIL"), 6, func(r run) api.Maybe[int] { return r.Failed }),
		MillisField("durationMs", Layout{Title: text.Lit("TOOK"), Min: 5, Ideal: 7, At80: 7, At140: 7},
			func(r run) api.Maybe[int64] { return r.Duration }),
		JSONField("steps", Layout{Title: text.Lit("DETAIL"), Min: 6, Ideal: 12}, func(r run) any { return stepsRecord(r.Steps) },
			func(r run, _ Env) Cell { return dim(text.Format("%d steps", len(r.Steps))) }),
		TimeField("startTime", Layout{Title: text.Lit("START"), Min: 12, Ideal: 19, At140: 9}, startOf),
		WordField("version", Layout{Title: text.Lit("VERSION"), Min: 9, Ideal: 13, At140: 10}, func(r run) string { return string(r.Version) }),
	}
}

// startOf is when a run began. Of one that was started elsewhere, whose version
// nobody told, only the first look at it is known.
func startOf(r api.TestRun) time.Time {
	if r.Version == "" {
		return time.Time{}
	}
	return r.Started
}

// recordVerdict is the status word of a record: running, passed, failed, error.
// A run whose outcome is not known, or was forgotten, is an error of the run.
func recordVerdict(r api.TestRun) api.Verdict {
	switch {
	case r.Verdict == api.VerdictRunning && r.State.Over():
		return api.VerdictError
	case r.Verdict == "":
		return api.VerdictRunning
	}
	return r.Verdict
}

// VerdictBadge is how a run or a step ended, in a word.
func VerdictBadge(v api.Verdict, state api.JobState) Cell {
	switch state {
	case api.JobUnknown:
		return Cell{Text: text.Lit("UNKNOWN"), Token: theme.Warn}
	case api.JobExpired:
		return Cell{Text: text.Lit("EXPIRED"), Token: theme.Warn}
	}
	switch v {
	case api.VerdictPassed:
		return Cell{Text: text.Lit("ok"), Token: theme.Good}
	case api.VerdictFailed:
		return Cell{Text: text.Lit("FAIL"), Token: theme.Bad}
	case api.VerdictError:
		return Cell{Text: text.Lit("ERROR"), Token: theme.Bad}
	}
	return Cell{Text: text.Lit("run"), Token: theme.Info}
}

func stepsRecord(steps []api.TestStep) any {
	type step struct {
		Input    any      `json:"input"`
		Status   any      `json:"status"`
		Expected []string `json:"expected"`
		Actual   []string `json:"actual"`
		Failed   []string `json:"failedAssertions"`
	}
	if steps == nil {
		return nil
	}
	out := make([]step, len(steps))
	for i, s := range steps {
		out[i] = step{Input: word(s.Input), Status: word(s.Verdict), Expected: s.Expected, Actual: s.Actual, Failed: s.Failed}
	}
	return out
}
