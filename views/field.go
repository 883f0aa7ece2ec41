package views

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"korescope/ui/text"
)

// Field is one property of T, declared once for the table on screen, the table
// of the command line, JSON, CSV and sorting.
type Field[T any] struct {
	// Name is the key in records and the word after --fields.
	Name string
	// Title heads the column, in capitals.
	Title text.Safe
	// Show is the value for people. Absent is "-" for words, "?" for numbers.
	Show func(T, Env) Cell
	// Value is the value in records: nil when absent, else a string, int64,
	// bool, time.Time, []string or json.RawMessage. Nothing else.
	Value func(T) any
	// Compare orders ascending, absent first; nil when sorting has no sense.
	Compare func(a, b T) int

	Min, Ideal int  // cells; Ideal 0 is as wide as the content
	Grow       int  // share of the room that is left over
	Right      bool // numbers stand at the right

	// At80 and At140 are the place among the columns shown at that width,
	// counted from 1; 0 hides the column unless it is asked for.
	At80, At140 int
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

// Record is v as one JSON object with the keys in the order of the fields.
// Absent is null, times are RFC 3339 UTC with milliseconds. It is valid JSON,
// but not yet escaped for a terminal.
func Record[T any](fields []Field[T], v T) ([]byte, error) {
	out := []byte{'{'}
	for i, f := range fields {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(strconv.AppendQuote(out, f.Name), ':')
		b, err := appendJSON(out, f.Value(v))
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
