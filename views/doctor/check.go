package doctor

import (
	"context"

	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
)

// State is how a check ended, spelled as in records.
type State string

// The states.
const (
	OK      State = "ok"
	Warn    State = "warn" // works, but somebody should know
	Failed  State = "FAIL"
	Skipped State = "skipped" // not looked at, and why
)

// Finding is what a check found.
type Finding struct {
	State  State
	Found  text.Safe
	Advice text.Safe // what to do; empty when there is nothing to do
	Err    error     // of a FAIL: what the exit code is taken from
}

// Check is one thing to look at. Look may wait; it ends with its context.
type Check struct {
	Name string // as in records
	Look func(ctx context.Context) Finding
	Asks bool // it may send a request
}

// Result is a check that was made.
type Result struct {
	Name string
	Finding
}

// Run makes the checks in order and hands on each result as it comes. It ends
// early when ctx ends or give fails. failed is the error of the first check that
// failed.
func Run(ctx context.Context, checks []Check, give func(Result) error) (failed, err error) {
	for _, c := range checks {
		if err := ctx.Err(); err != nil {
			return failed, err
		}
		r := Result{c.Name, c.Look(ctx)}
		if err := ctx.Err(); err != nil {
			return failed, err
		}
		if err := give(r); err != nil {
			return failed, err
		}
		if r.State == Failed && failed == nil {
			failed = r.Err
		}
	}
	return failed, nil
}

// token is how a state looks; the word says the same.
func (s State) token() theme.Token {
	switch s {
	case OK:
		return theme.Good
	case Warn:
		return theme.Warn
	case Failed:
		return theme.Alarm
	case Skipped:
		return theme.Dim
	}
	return theme.Faint
}

// Fields is the record of `doctor`.
func Fields() []views.Field[Result] {
	word := func(name string, title text.Safe, least, at int, of func(Result) text.Safe) views.Field[Result] {
		return views.OwnField(name, views.Layout{Title: title, Min: least, At80: at, At140: at}, func(r Result) string { return of(r).String() })
	}
	fields := []views.Field[Result]{
		word("name", text.Lit("CHECK"), 14, 1, func(r Result) text.Safe { return text.Clean(r.Name) }),
		word("state", text.Lit("STATE"), 7, 2, func(r Result) text.Safe { return text.Clean(string(r.State)) }),
		word("finding", text.Lit("FINDING"), 20, 3, func(r Result) text.Safe { return r.Found }),
		word("advice", text.Lit("ADVICE"), 20, 4, func(r Result) text.Safe { return r.Advice }),
	}
	fields[2].Grow, fields[3].Grow = 2, 1
	return fields
}
