package views

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// Field is one property of T, declared once for the table on screen, the table
// of the command line, JSON, CSV and sorting. The constructors in fields.go make
// the usual ones.
type Field[T any] struct {
	// Name is the key in records and the word after --fields.
	Name string
	Layout
	// Sort says how the value is masked; the zero value takes it for free text.
	Sort Sort
	// Show is the value for people. Absent is "-" for words, "?" for numbers.
	Show func(T, Env) Cell
	// Value is the value as it came: nil when absent, else a string, int64,
	// bool, time.Time, []string or json.RawMessage. Nothing else.
	Value func(T) any
	// Compare orders ascending, absent first; nil when sorting has no sense.
	Compare func(a, b T) int

	// masked is the value in records under a mask, where its parts are not all
	// of one sort; nil follows Sort.
	masked func(T, Env) any
}

// Sort is what a value is about, which says how it is masked.
type Sort uint8

// The sorts of value.
const (
	Prose    Sort = iota // free text and words of the bot: what is found in it is hidden
	Opaque               // an id of the platform
	UserName             // a user id
	Desk                 // an identity of debug lines
	Human                // the name of a person
	Ours                 // made or chosen by this program: never hidden
)

// As is the field shown in another way.
func (f Field[T]) As(show func(T, Env) Cell) Field[T] {
	f.Show = show
	return f
}

// By is the field ordered in another way.
func (f Field[T]) By(compare func(a, b T) int) Field[T] {
	f.Compare = compare
	return f
}

// Data is the value in records: as it came, or masked.
func (f Field[T]) Data(v T, e Env) any {
	switch {
	case e.Mask == nil:
		return f.Value(v)
	case f.masked != nil:
		return f.masked(v, e)
	}
	return f.Sort.mask(f.Value(v), e)
}

func (s Sort) mask(v any, e Env) any {
	switch x := v.(type) {
	case string:
		switch s {
		case Opaque:
			return e.MaskedID(x)
		case UserName:
			return e.MaskedUser(api.UserID(x))
		case Desk:
			return e.MaskedIdentity(x)
		case Human:
			return e.MaskedPerson(x)
		case Ours:
			return x
		case Prose:
		}
		return e.Masked(x)
	case []string:
		out := make([]string, len(x))
		for i, one := range x {
			out[i], _ = s.mask(one, e).(string)
		}
		return out
	case json.RawMessage:
		if s == Ours {
			return x
		}
		return e.Payload(x)
	}
	return v
}

// Pick gives the fields named, in that order; none names all. A name that is
// unknown is a UsageError listing the known ones.
func Pick[T any](fields []Field[T], names []string) ([]Field[T], error) {
	var out []Field[T]
	for _, name := range names {
		name = strings.TrimSpace(name)
		named := func(f Field[T]) bool { return strings.EqualFold(f.Name, name) }
		if name == "" || slices.ContainsFunc(out, named) {
			continue
		}
		i := slices.IndexFunc(fields, named)
		if i < 0 {
			return nil, Usage(fmt.Sprintf("there is no field %q; the fields are %s",
				text.Clean(name), strings.Join(Names(fields), ", ")))
		}
		out = append(out, fields[i])
	}
	if len(out) == 0 {
		return fields, nil
	}
	return out, nil
}

// Names lists the record keys.
func Names[T any](fields []Field[T]) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.Name
	}
	return out
}

// Columns gives the fields shown by default in a table of that many cells, in
// their places. From 120 cells on the wide set is used.
func Columns[T any](fields []Field[T], width int) []Field[T] {
	place := func(f Field[T]) int { return f.At80 }
	if width >= 120 {
		place = func(f Field[T]) int { return f.At140 }
	}
	var out []Field[T]
	for _, f := range fields {
		if place(f) > 0 {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Field[T]) int { return place(a) - place(b) })
	return out
}

// Record is v as one JSON object with the keys in the order of the fields, as it
// came or masked. Absent is null, times are RFC 3339 UTC with milliseconds. It is
// valid JSON, but not yet escaped for a terminal.
func Record[T any](fields []Field[T], v T, e Env) ([]byte, error) {
	out := []byte{'{'}
	for i, f := range fields {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(strconv.AppendQuote(out, f.Name), ':')
		b, err := appendJSON(out, f.Data(v, e))
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", f.Name, err)
		}
		out = b
	}
	return append(out, '}'), nil
}

func appendJSON(out []byte, v any) ([]byte, error) {
	switch x := v.(type) {
	case nil:
		return append(out, "null"...), nil
	case int64:
		return strconv.AppendInt(out, x, 10), nil
	case bool:
		return strconv.AppendBool(out, x), nil
	case time.Time:
		return append(append(append(out, '"'), Stamp(x)...), '"'), nil
	case json.RawMessage:
		if !json.Valid(x) {
			return appendJSON(out, string(x))
		}
		return append(out, x...), nil
	case string, []string:
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(x); err != nil {
			return nil, err
		}
		return append(out, strings.TrimSuffix(b.String(), "\n")...), nil
	}
	return nil, fmt.Errorf("a %T cannot stand in a record", v)
}

// Flat is a record value as one piece of text, for CSV: absent is empty,
// lists of words are joined with commas when no word holds one, everything
// else that has parts is compact JSON. number says that it is a number.
func Flat(v any) (s string, number bool) {
	switch x := v.(type) {
	case nil:
		return "", false
	case string:
		return x, false
	case int64:
		return strconv.FormatInt(x, 10), true
	case bool:
		return strconv.FormatBool(x), false
	case time.Time:
		return Stamp(x), false
	case []string:
		if !slices.ContainsFunc(x, func(s string) bool { return strings.ContainsAny(s, ",\"\n") }) {
			return strings.Join(x, ","), false
		}
	}
	b, err := appendJSON(nil, v)
	if err != nil {
		return "", false
	}
	return string(b), false
}

// Stamp is a time in records: RFC 3339, UTC, milliseconds.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
