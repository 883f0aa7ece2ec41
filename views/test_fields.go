package views

import (
	"cmp"
	"encoding/json"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// TestFields is the record of `tests run` and `tests status`.
func TestFields() []Field[api.TestRun] {
	num := func(name string, title text.Safe, at int, of func(api.TestRun) api.Maybe[int]) Field[api.TestRun] {
		return Field[api.TestRun]{
			Name: name, Title: title, Min: 4, Ideal: 5, Right: true, At80: at, At140: at,
			Show:    func(r api.TestRun, e Env) Cell { return showInt(of(r), e) },
			Value:   func(r api.TestRun) any { return number(of(r)) },
			Compare: func(a, b api.TestRun) int { return compareMaybe(of(a), of(b)) },
		}
	}
	return []Field[api.TestRun]{
		{
			Name: "testRunId", Title: text.Lit("RUN"), Min: 10, Ideal: 40, At140: 8,
			Show:    func(r api.TestRun, _ Env) Cell { return showWord(r.ID) },
			Value:   func(r api.TestRun) any { return word(r.ID) },
			Compare: func(a, b api.TestRun) int { return cmp.Compare(a.ID, b.ID) },
		},
		{
			Name: "suite", Title: text.Lit("SUITE"), Min: 12, Ideal: 22, At80: 1, At140: 1,
			Show:    func(r api.TestRun, _ Env) Cell { return showWord(r.Suite) },
			Value:   func(r api.TestRun) any { return word(r.Suite) },
			Compare: func(a, b api.TestRun) int { return cmp.Compare(a.Suite, b.Suite) },
		},
		{
			Name: "status", Title: text.Lit("STATUS"), Min: 7, Ideal: 7, At80: 2, At140: 2,
			Show:    func(r api.TestRun, _ Env) Cell { return VerdictBadge(r.Verdict, r.State) },
			Value:   func(r api.TestRun) any { return word(recordVerdict(r)) },
			Compare: func(a, b api.TestRun) int { return cmp.Compare(a.Verdict, b.Verdict) },
		},
		num("percent", text.Lit("%"), 3, func(r api.TestRun) api.Maybe[int] { return r.Percent }),
		num("total", text.Lit("STEPS"), 4, func(r api.TestRun) api.Maybe[int] { return r.Total }),
		num("passed", text.Lit("PASS"), 5, func(r api.TestRun) api.Maybe[int] { return r.Passed }),
		num("failed", text.Lit("FAIL"), 6, func(r api.TestRun) api.Maybe[int] { return r.Failed }),
		{
			Name: "durationMs", Title: text.Lit("TOOK"), Min: 5, Ideal: 7, Right: true, At80: 7, At140: 7,
			Show:    func(r api.TestRun, e Env) Cell { return showMillis(r.Duration, e) },
			Value:   func(r api.TestRun) any { return number(r.Duration) },
			Compare: func(a, b api.TestRun) int { return compareMaybe(a.Duration, b.Duration) },
		},
		{
			Name: "steps", Title: text.Lit("DETAIL"), Min: 6, Ideal: 12,
			Show:  func(r api.TestRun, _ Env) Cell { return dim(text.Format("%d steps", len(r.Steps))) },
			Value: func(r api.TestRun) any { return stepsRecord(r.Steps) },
		},
	}
}

func showMillis(m api.Maybe[int64], e Env) Cell {
	switch {
	case !m.Known:
		return unknown()
	case e.Plain:
		return plain(text.Int(m.Value))
	}
	return plain(Millis(m.Value))
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
	if steps == nil {
		return nil
	}
	type step struct {
		Input    string   `json:"input"`
		Status   string   `json:"status"`
		Expected []string `json:"expected"`
		Actual   []string `json:"actual"`
		Failed   []string `json:"failedAssertions"`
	}
	out := make([]step, len(steps))
	for i, s := range steps {
		out[i] = step{Input: s.Input, Status: string(s.Verdict), Expected: s.Expected, Actual: s.Actual, Failed: s.Failed}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil
	}
	return json.RawMessage(b)
}
