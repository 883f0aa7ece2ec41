package output

import (
	"context"
	"fmt"
	"io"

	"korescope/ui/text"
	"korescope/views"
)

// Format is how rows are printed.
type Format string

// The formats.
const (
	Table  Format = "table"
	JSON   Format = "json"
	NDJSON Format = "ndjson"
	CSV    Format = "csv"
)

// ParseFormat reads the word after -o. Failures are UsageErrors.
func ParseFormat(s string) (Format, error) {
	switch f := Format(s); f {
	case Table, JSON, NDJSON, CSV:
		return f, nil
	}
	return "", views.Usage(fmt.Sprintf("-o %s is no format; it is table, json, ndjson or csv", text.Clean(s)))
}

// Options say how.
type Options struct {
	Format   Format
	Fields   []string // --fields; none is all, or the columns of the table
	JQ       string   // --jq
	Terminal bool     // the output is a terminal
	Width    int      // of the terminal in cells; 0 is 80
	Env      views.Env
}

// shape is one way to print. Rows reach it in the form it asks for.
type shape[T any] interface {
	row(context.Context, T) error
	end(context.Context) error
}

func newShape[T any](w io.Writer, fields []views.Field[T], o Options) (shape[T], error) {
	chosen, err := views.Pick(fields, o.Fields)
	if err != nil {
		return nil, err
	}
	switch o.Format {
	case JSON, NDJSON:
		return &records[T]{fields: chosen, env: o.Env, terminal: o.Terminal, to: &objects{w: w, array: o.Format == JSON, indent: o.Terminal && o.Format == JSON}}, nil
	case CSV:
		return newSheet(w, chosen, o), nil
	case Table:
	}
	if len(o.Fields) == 0 {
		chosen = views.Columns(fields, width(o))
	}
	return newTable(w, chosen, o), nil
}

func width(o Options) int {
	switch {
	case !o.Terminal:
		return 1 << 20
	case o.Width <= 0:
		return 80
	}
	return o.Width
}
