package output

import (
	"bufio"
	"context"
	"errors"
	"io"
	"syscall"

	"korescope/views"
)

// Writer prints rows of one sort. It is for one goroutine.
type Writer[T any] struct {
	buf   *bufio.Writer
	shape shape[T]
	rows  int
}

// New checks the options and makes a Writer. Nothing is printed yet: an unknown
// field or a jq program that does not parse is a UsageError. With Options.Env.Mask
// records are masked.
func New[T any](w io.Writer, fields []views.Field[T], o Options) (*Writer[T], error) {
	o.Env.Plain = !o.Terminal
	out := &Writer[T]{buf: bufio.NewWriterSize(pipe{w}, 32<<10)}
	if o.JQ != "" {
		q, err := newQuery(out.buf, o)
		if err != nil {
			return nil, err
		}
		chosen, err := views.Pick(fields, o.Fields)
		if err != nil {
			return nil, err
		}
		out.shape = &records[T]{fields: chosen, env: o.Env, to: q}
		return out, nil
	}
	s, err := newShape(out.buf, fields, o)
	if err != nil {
		return nil, err
	}
	out.shape = s
	return out, nil
}

// Write prints rows and passes them on at once.
func (w *Writer[T]) Write(ctx context.Context, rows ...T) error {
	for _, row := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.shape.row(ctx, row); err != nil {
			return err
		}
		w.rows++
	}
	return w.buf.Flush()
}

// Settle prints what a table holds back to find its widths: of what comes row by
// row nobody knows when there is enough of it.
func (w *Writer[T]) Settle() error {
	if t, ok := w.shape.(*table[T]); ok && t.widths == nil {
		if err := t.begin(); err != nil {
			return err
		}
	}
	return w.buf.Flush()
}

// Rows is how many rows were handed in.
func (w *Writer[T]) Rows() int { return w.rows }

// Close prints what belongs after the last row, so that what came is whole: an
// array is closed, an empty one is []. Call it also after a failure once rows
// were printed; leave it out to print nothing at all.
func (w *Writer[T]) Close(ctx context.Context) error {
	if err := w.shape.end(ctx); err != nil {
		return errors.Join(err, w.buf.Flush())
	}
	return w.buf.Flush()
}

// pipe gives the reader's leaving a name.
type pipe struct{ w io.Writer }

func (p pipe) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		err = views.ErrPipeClosed
	}
	return n, err
}
