package kore

import (
	"encoding/json"
	"slices"
	"strings"

	"korescope/api"
)

// decodeRun reads a run on top of what is known of it (reference 14.2). Every
// part but the status may be absent.
func decodeRun(r row, run api.TestRun) api.TestRun {
	result := r.sub("result")
	run.Word = cleanText(r.text("status"), 60)
	if run.Word == "" {
		run.Word = cleanText(result.text("status"), 60)
	}
	run.Percent = percentOf(r)
	counts := result.sub("stepDetails")
	run.Passed, run.Failed = counts.number("passed"), counts.number("failed")
	run.Total = counts.number("total")
	if !run.Total.Known {
		run.Total = r.number("totalTestStepsCount")
	}
	run.Started, _ = result.time("startTime") // a hint; absent when it is no time
	run.Duration = result.long("duration")
	run.Steps = nil
	for _, raw := range result.list("executionResults") {
		run.Steps = append(run.Steps, decodeStep(raw))
	}
	run.Verdict, run.State = verdictOf(run)
	if details, ok := result.find("errorDetails"); run.Verdict == api.VerdictFailed && ok && !hollow(details) && counts == nil && run.Steps == nil {
		// Not one step is told of, and a reason is: nothing was tested.
		run.Verdict, run.State = api.VerdictError, api.JobFailed
	}
	if run.Verdict == api.VerdictFailed || run.Verdict == api.VerdictError {
		run.Failure = failureOf(result)
		if run.Failure == "" {
			run.Failure = failureOf(r)
		}
		if run.Failure == "" && run.State == api.JobFailed && run.Word == "" {
			run.Failure = "finished without a verdict"
		}
	}
	run.Raw, _ = json.Marshal(r) // of values that were just decoded
	return run
}

// verdictOf tells the verdict of a run from the state of its job: a run that
// failed its steps is a job that succeeded.
func verdictOf(run api.TestRun) (api.Verdict, api.JobState) {
	state, _ := api.JobWord(run.Word)
	switch word := letters(run.Word); {
	case word == "passed" || word == "success" || word == "successful":
		return api.VerdictPassed, api.JobSucceeded
	case word == "failed" || word == "failure" || word == "fail":
		return api.VerdictFailed, api.JobSucceeded
	case state == api.JobFailed:
		return api.VerdictError, api.JobFailed
	case state == api.JobSucceeded, word == "" && counted(run):
		return verdictByCount(run)
	}
	return api.VerdictRunning, api.JobRunning
}

// verdictByCount is for runs that are over without a word for how.
func verdictByCount(run api.TestRun) (api.Verdict, api.JobState) {
	failed := slices.ContainsFunc(run.Steps, func(s api.TestStep) bool { return s.Verdict == api.VerdictFailed })
	switch {
	case failed || run.Failed.Value > 0:
		return api.VerdictFailed, api.JobSucceeded
	case counted(run) && run.Passed.Value == run.Total.Value:
		return api.VerdictPassed, api.JobSucceeded
	}
	return api.VerdictError, api.JobFailed
}

// counted reports that every step is accounted for.
func counted(run api.TestRun) bool {
	return run.Passed.Known && run.Failed.Known && run.Total.Known && run.Total.Value > 0 &&
		run.Passed.Value+run.Failed.Value >= run.Total.Value
}

func letters(word string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(word))
}

// decodeStep reads one step. Its verdict is its status alone: textMismatch is
// also true on steps that passed.
func decodeStep(raw json.RawMessage) api.TestStep {
	s := api.TestStep{Raw: slices.Clone(raw)}
	r, ok := readRow(raw)
	if !ok {
		return s
	}
	s.Input = r.text("input")
	if s.Input == "" {
		s.Input = r.text("event")
	}
	s.Verdict = stepVerdict(r.text("status"))
	var expected, actual, failed []string
	outputs, _ := r.find("outputs")
	for _, raw := range listOrOne(outputs) {
		o, _ := readRow(raw)
		expected = append(expected, wanted(o)...)
		failed = append(failed, unmet(o.sub("assertions"))...)
	}
	came, _ := r.find("actualOutput", "actualOutputs")
	for _, raw := range outputsOf(came) {
		actual = append(actual, readable(raw))
		if o, isObject := readRow(raw); isObject {
			failed = append(failed, unmet(o.sub("assertions"))...)
		}
	}
	wants, answers := sent(outputs), sent(came)
	s.Expected, s.Actual = known(wants, compact(expected)), known(answers, compact(actual))
	s.Failed = known(wants, compact(failed))
	return s
}

// sent reports a value that is there and not null.
func sent(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

// known makes a list that was sent and has nothing in it an empty one.
func known(sent bool, list []string) []string {
	if sent && list == nil {
		return []string{}
	}
	return list
}

func stepVerdict(word string) api.Verdict {
	state, seen := api.JobWord(word)
	switch {
	case word == "":
		return ""
	case state == api.JobSucceeded:
		return api.VerdictPassed
	case state == api.JobRunning && seen:
		return api.VerdictRunning
	case slices.Contains([]string{"failed", "failure", "fail"}, letters(word)):
		return api.VerdictFailed
	}
	return api.VerdictError
}

// outputsOf accepts any JSON: a list, one object or a bare text.
func outputsOf(raw json.RawMessage) []json.RawMessage {
	if list := listOrOne(raw); list != nil {
		return list
	}
	if textOf(raw) != "" {
		return []json.RawMessage{raw}
	}
	return nil
}

// readable folds what the bot said as the transcript does.
func readable(raw json.RawMessage) string {
	f := &fold{}
	if o, ok := readRow(raw); ok {
		f.text(o, api.FromBot)
	} else {
		f.text(row{"text": raw}, api.FromBot)
	}
	return strings.Join(f.lines, "\n")
}

// wanted are the texts that one output should have: those its text assertion
// names, else the text it was recorded with.
func wanted(o row) []string {
	var out []string
	text := o.sub("assertions").sub("text")
	if on := text.boolean("enabled"); !on.Known || on.Value {
		for _, raw := range text.list("contains") {
			item, isObject := readRow(raw)
			if !isObject {
				item = row{"text": raw}
			}
			f := &fold{}
			f.text(item, api.FromBot)
			out = append(out, strings.Join(f.lines, "\n"))
		}
	}
	if len(compact(out)) > 0 {
		return out
	}
	f := &fold{}
	f.text(o, api.FromBot)
	return []string{strings.Join(f.lines, "\n")}
}

// unmet names the assertions that did not hold, each with what was wanted.
func unmet(assertions row) []string {
	var out []string
	for _, kind := range []struct{ key, name string }{{"text", "text"}, {"flowLevel", "flow"}, {"context", "context"}} {
		a := assertions.sub(kind.key)
		if on := a.boolean("enabled"); a == nil || on.Known && !on.Value {
			continue
		}
		all := a.list("contains")
		var failed []string
		for _, raw := range all {
			if item, _ := readRow(raw); stepVerdict(item.text("status")) == api.VerdictFailed {
				failed = append(failed, assertion(kind.name, raw))
			}
		}
		if len(failed) == 0 && stepVerdict(a.text("status")) == api.VerdictFailed {
			for _, raw := range all {
				failed = append(failed, assertion(kind.name, raw))
			}
			if len(failed) == 0 {
				failed = []string{kind.name}
			}
		}
		out = append(out, failed...)
	}
	return out
}

func assertion(name string, raw json.RawMessage) string {
	item, ok := readRow(raw)
	if !ok {
		item = row{"text": raw}
	}
	f := &fold{}
	f.text(item, api.FromBot)
	what := strings.Join(f.lines, "\n")
	for _, key := range []string{"nodeId", "nodeName", "expression", "key", "name"} {
		if what == "" {
			what = item.text(key)
		}
	}
	if value := item.text("value"); value != "" && what != value {
		what = strings.TrimPrefix(what+" = "+value, " = ")
	}
	if what == "" {
		return name
	}
	return name + ": " + what
}
