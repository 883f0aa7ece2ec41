package cli

import (
	"context"

	"korescope/views"
	"korescope/views/output"
)

// printOne prints one thing that is no list of the platform's: as a record where one
// is asked for, else in the words that are read best.
func printOne[T any](ctx context.Context, p *program, f rowFlags, fields []views.Field[T], value T, plain func() error) error {
	page, err := p.page(f, nil)
	if err != nil {
		return err
	}
	if page.Format == output.Table && f.jq == "" && len(f.fields) == 0 {
		return plain()
	}
	w, err := output.New(p.streams.Out, fields, page)
	if err != nil {
		return err
	}
	if err := w.Write(ctx, value); err != nil {
		return err
	}
	return w.Close(ctx)
}
