package views

import (
	"time"

	"korescope/ui"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Env is what a value needs to know about where it is shown.
type Env struct {
	Now  time.Time
	Zone *time.Location // nil is UTC
	// Plain asks for what a script can read: times in RFC 3339 UTC, whole ids,
	// plain numbers. Screens and terminals leave it false.
	Plain bool
	// Mask hides what points at a person; nil shows everything but secret
	// fields of payloads.
	Mask *Masker
	// Bare is a value that is shown in spite of the mask, because somebody asked
	// to see it for a moment; empty for none.
	Bare string
	// hidden hears of every value that the mask hides; see [Hidden].
	hidden func(ui.Hidden)
}

func (e Env) zone() *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// Cell is text with its meaning.
type Cell struct {
	Text  text.Safe
	Token theme.Token
}

func plain(s text.Safe) Cell { return Cell{Text: s} }

func dim(s text.Safe) Cell { return Cell{Text: s, Token: theme.Dim} }

// Stop is a failure that has no cause in the API layer, comparable with
// errors.Is.
type Stop string

// Error is the text itself.
func (s Stop) Error() string { return string(s) }

// The stops that have an exit code of their own.
const (
	// ErrPipeClosed means that the reader of the output went away.
	ErrPipeClosed Stop = "the reader of the output went away"
	// ErrTestsFailed means that test suites ran and did not pass.
	ErrTestsFailed Stop = "tests failed"
	// ErrAlert means that a limit was passed somebody asked to hear of.
	ErrAlert Stop = "the alert fired"
	// ErrPartial means that rows are known to be missing.
	ErrPartial Stop = "partial result"
	// ErrUnseen means that a change was accepted, or may have been, and that its end
	// was not seen. What is known of it was said: nobody must be told to ask again.
	ErrUnseen Stop = "the end was not seen"
)

// UsageError is a mistake in what was typed: a flag, a filter, a time, a
// setting. Its text is a whole sentence for the person who typed it.
type UsageError struct {
	Text string
	Err  error
}

// Usage makes a UsageError.
func Usage(sentence string) error { return &UsageError{Text: sentence} }

// Error is the sentence.
func (e *UsageError) Error() string { return e.Text }

// Unwrap gives the cause, if there is one.
func (e *UsageError) Unwrap() error { return e.Err }
