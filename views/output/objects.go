package output

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"korescope/views"
)

// taker gets one object after the other, already escaped.
type taker interface {
	object(context.Context, []byte) error
	end(context.Context) error
}

// records turns rows into objects.
type records[T any] struct {
	fields   []views.Field[T]
	env      views.Env
	terminal bool
	to       taker
	buf      []byte
}

func (r *records[T]) row(ctx context.Context, v T) error {
	b, err := views.Record(r.fields, v, r.env)
	if err != nil {
		return err
	}
	r.buf = escape(r.buf[:0], b, r.terminal)
	return r.to.object(ctx, r.buf)
}

func (r *records[T]) end(ctx context.Context) error { return r.to.end(ctx) }

// objects prints an array, or one object a line.
type objects struct {
	w      io.Writer
	array  bool
	indent bool
	any    bool
}

func (o *objects) object(_ context.Context, b []byte) error {
	var out bytes.Buffer
	switch {
	case o.array && o.any:
		out.WriteString(",\n")
	case o.array:
		out.WriteString("[\n")
	}
	o.any = true
	if o.indent {
		out.WriteString("  ")
		if err := json.Indent(&out, b, "  ", "  "); err != nil {
			return err
		}
	} else if err := json.Compact(&out, b); err != nil {
		return err
	}
	if !o.array {
		out.WriteByte('\n')
	}
	_, err := o.w.Write(out.Bytes())
	return err
}

func (o *objects) end(context.Context) error {
	last := "\n]\n"
	switch {
	case !o.array:
		return nil
	case !o.any:
		last = "[]\n"
	}
	_, err := io.WriteString(o.w, last)
	return err
}
