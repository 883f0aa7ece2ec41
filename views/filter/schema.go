package filter

import (
	"fmt"
	"slices"
	"strings"

	"korescope/ui/text"
)

// Kind is what a field holds, which decides how it is compared.
type Kind uint8

// The kinds of field.
const (
	Part    Kind = iota // words; any part of them matches
	Start               // words; the whole or the beginning matches
	Number              // numbers
	Length              // numbers in milliseconds; 90s and 2m are understood
	Special             // the field compares by itself
)

// Field is one name that may stand before a colon.
type Field[T any] struct {
	Name string
	Help string // a few words for completion
	Kind Kind
	// Words gives the values of a Part or Start field.
	Words func(T) []string
	// Amount gives the value of a Number or Length field; false when unknown.
	Amount func(T) (int64, bool)
	// Bare is how many milliseconds a Length without a unit counts; 0 is 1000.
	Bare int64
	// Compile makes the test of a Special field.
	Compile func(op Op, value string) (func(T) bool, error)
	// Values are what can be completed.
	Values []string
}

// Schema is the fields of one sort of row.
type Schema[T any] struct {
	What   string // "sessions"
	Fields []Field[T]
	// Anywhere calls see for each text of the row until it says true.
	Anywhere func(row T, see func(string) bool) bool
	// Times does the same with the moments of the row as they are shown. They are
	// written for each row anew, so only words that can stand in one ask for them.
	// nil where Anywhere has them.
	Times func(row T, see func(string) bool) bool
}

// momentLetters are all that a day and a time of day are written with.
const momentLetters = "0123456789:-+"

// Predicate says whether a row is a match.
type Predicate[T any] func(T) bool

// Compile reads a filter for these rows. Failures are *Error.
func (s Schema[T]) Compile(filter string) (Query, Predicate[T], error) {
	q, at, err := parse(filter)
	if err != nil {
		return Query{}, nil, err
	}
	tests := make([]func(T) bool, len(q.Terms))
	for i, t := range q.Terms {
		if tests[i], err = s.test(t); err != nil {
			return Query{}, nil, &Error{At: at[i], Text: err.Error()}
		}
	}
	return q, func(row T) bool {
		for _, test := range tests {
			if !test(row) {
				return false
			}
		}
		return true
	}, nil
}

func (s Schema[T]) test(t Term) (func(T) bool, error) {
	test, err := s.positive(t)
	if err != nil || !t.Not {
		return test, err
	}
	return func(row T) bool { return !test(row) }, nil
}

func (s Schema[T]) positive(t Term) (func(T) bool, error) {
	if t.Field == "" {
		word := newNeedle(t.Value)
		in, anywhere, times := word.in, s.Anywhere, s.Times
		if times == nil || strings.Trim(t.Value, momentLetters) != "" {
			return func(row T) bool { return anywhere(row, in) }, nil
		}
		return func(row T) bool { return anywhere(row, in) || times(row, in) }, nil
	}
	i := slices.IndexFunc(s.Fields, func(f Field[T]) bool { return f.Name == t.Field })
	if i < 0 {
		return nil, fmt.Errorf("there is no field %q; %s have %s",
			text.Clean(t.Field).String(), s.What, strings.Join(s.Names(), ", "))
	}
	f := s.Fields[i]
	switch f.Kind {
	case Number, Length:
		return amountTest(f, t)
	case Special:
		return f.Compile(t.Op, t.Value)
	case Part, Start:
	}
	return wordTest(f, t)
}

// Names lists the fields.
func (s Schema[T]) Names() []string {
	out := make([]string, len(s.Fields))
	for i, f := range s.Fields {
		out[i] = f.Name
	}
	return out
}

func wordTest[T any](f Field[T], t Term) (func(T) bool, error) {
	value := newNeedle(t.Value)
	match := value.in
	switch {
	case t.Op == Exactly:
		match = value.whole
	case t.Op != Has:
		return nil, fmt.Errorf("%s holds words; %s is for numbers", f.Name, t.Op)
	case f.Kind == Start:
		match = value.starts
	}
	return func(row T) bool { return slices.ContainsFunc(f.Words(row), match) }, nil
}

func amountTest[T any](f Field[T], t Term) (func(T) bool, error) {
	if t.Value == "?" && (t.Op == Has || t.Op == Exactly) {
		return func(row T) bool { _, known := f.Amount(row); return !known }, nil
	}
	low, high, err := bounds(f.reader(), t)
	if err != nil {
		return nil, err
	}
	return func(row T) bool {
		n, known := f.Amount(row)
		return known && n >= low && n <= high
	}, nil
}

func (f Field[T]) reader() reader {
	r := reader{name: f.Name, bare: f.Bare, length: f.Kind == Length}
	if r.bare == 0 {
		r.bare = 1000
	}
	return r
}
