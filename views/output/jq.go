package output

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/itchyny/gojq"

	"korescope/ui/text"
	"korescope/views"
)

// query runs a jq program over the whole array or over each object. It reads no
// environment, no file and no module.
type query struct {
	w      io.Writer
	code   *gojq.Code
	each   bool // over each object
	bare   bool // strings without quotes
	cells  bool // a terminal shows them
	indent bool
	rows   []any
	halted bool
}

func newQuery(w io.Writer, o Options) (*query, error) {
	if o.Format == CSV {
		return nil, views.Usage("--jq makes JSON; use it with -o json, ndjson or table, and @csv inside the program for CSV")
	}
	parsed, err := gojq.Parse(o.JQ)
	if err != nil {
		return nil, &views.UsageError{Err: err, Text: fmt.Sprintf("--jq does not parse: %s", text.Clean(err.Error()))}
	}
	code, err := gojq.Compile(parsed, gojq.WithEnvironLoader(func() []string { return nil }))
	if err != nil {
		return nil, &views.UsageError{Err: err, Text: fmt.Sprintf("--jq does not compile: %s", text.Clean(err.Error()))}
	}
	return &query{
		w: w, code: code, each: o.Format == NDJSON, bare: o.Format == Table, cells: o.Terminal,
		indent: o.Terminal && o.Format == JSON,
	}, nil
}

func (q *query) object(ctx context.Context, b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber() // long numbers keep their digits
	var v any
	if err := dec.Decode(&v); err != nil {
		return err
	}
	if q.each {
		return q.run(ctx, v)
	}
	q.rows = append(q.rows, v)
	return nil
}

func (q *query) end(ctx context.Context) error {
	if q.each {
		return nil
	}
	if q.rows == nil {
		q.rows = []any{}
	}
	return q.run(ctx, q.rows)
}

func (q *query) run(ctx context.Context, v any) error {
	if q.halted {
		return nil
	}
	ctx, stop := bounded(ctx)
	defer stop()
	for results := q.code.RunWithContext(ctx, v); ; {
		result, ok := results.Next()
		if !ok {
			return nil
		}
		if err, failed := result.(error); failed {
			return q.failed(ctx, err)
		}
		if err := q.print(result); err != nil {
			return err
		}
	}
}

func (q *query) failed(ctx context.Context, err error) error {
	var halt *gojq.HaltError
	if errors.As(err, &halt) && halt.Value() == nil {
		q.halted = true
		return nil
	}
	if ctx.Err() != nil {
		return endOf(ctx)
	}
	return fmt.Errorf("run --jq: %w", err)
}

func (q *query) print(v any) error {
	if s, ok := v.(string); ok && q.bare {
		for _, line := range text.CleanLines(s, 0) {
			words := line.Spelt()
			if q.cells {
				words = line.String()
			}
			if _, err := fmt.Fprintln(q.w, words); err != nil {
				return err
			}
		}
		return nil
	}
	b, err := gojq.Marshal(v)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if q.indent {
		err = json.Indent(&out, b, "", "  ")
	} else {
		_, err = out.Write(b)
	}
	if err != nil {
		return err
	}
	_, err = q.w.Write(append(escape(nil, out.Bytes(), q.cells), '\n'))
	return err
}
