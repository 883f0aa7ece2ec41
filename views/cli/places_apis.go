package cli

import (
	"cmp"
	"context"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
	"korescope/views/feed"
)

// apiReader reads how every call was answered last; only the disk knows.
func apiReader(d *desk) feed.Reader[allAPIs, []apiRow] {
	return feed.Disk(func(ctx context.Context, _ allAPIs) (api.Answer[[]apiRow], error) {
		rows, err := d.lastAnswers(ctx)
		return api.Answer[[]apiRow]{Value: rows, At: d.clock()}, err
	})
}

// apiColumns are the fields of `apis` as the screen shows them: sortable, with
// how the last call ended told by colour and word, and how fast it was.
func apiColumns(admin bool) []views.Field[apiRow] {
	type place struct{ least, ideal, grow, at80, at140 int }
	places := map[string]place{
		"name": {20, 28, 0, 1, 1}, "scope": {16, 31, 1, 2, 4}, "limitClass": {7, 10, 0, 3, 5}, "effect": {6, 6, 0, 4, 6},
		"lastStatus": {4, 4, 0, 5, 8}, "lastAt": {8, 12, 0, 6, 9}, "method": {6, 6, 0, 0, 2}, "path": {20, 36, 0, 0, 3}, "screen": {12, 12, 0, 0, 7},
	}
	fields := apiFields(admin)
	for i := range fields {
		f := &fields[i]
		p := places[f.Name]
		f.Min, f.Ideal, f.Grow, f.At80, f.At140 = p.least, p.ideal, p.grow, p.at80, p.at140
		value := f.Value
		f.Compare = func(a, b apiRow) int { return compareValues(value(a), value(b)) }
		switch show := f.Show; f.Name {
		case "lastStatus":
			f.Show = lastCell
		case "scope":
			f.Show = func(r apiRow, e views.Env) views.Cell {
				if r.Scope == "" && !admin {
					return views.Cell{Text: text.Lit("admin only"), Token: theme.Dim}
				}
				return show(r, e)
			}
		}
	}
	took := views.MillisField("took", views.Layout{Title: text.Lit("TOOK"), Min: 5, Ideal: 5, At80: 7, At140: 10},
		func(r apiRow) api.Maybe[int64] {
			return api.Maybe[int64]{Value: r.last.Took.Milliseconds(), Known: !r.last.At.IsZero()}
		})
	return append(fields, took.As(func(r apiRow, _ views.Env) views.Cell {
		if r.last.At.IsZero() {
			return views.Cell{Text: text.Lit("-"), Token: theme.Dim}
		}
		return views.Cell{Text: views.Millis(r.last.Took.Milliseconds())}
	}))
}

// lastCell is how the last call ended: "-" was never made, "none" was never
// answered.
func lastCell(r apiRow, _ views.Env) views.Cell {
	switch {
	case r.last.At.IsZero():
		return views.Cell{Text: text.Lit("-"), Token: theme.Dim}
	case r.last.Status == 0:
		return views.Cell{Text: text.Lit("none"), Token: theme.Bad}
	case r.last.Status >= 400:
		return views.Cell{Text: text.Int(r.last.Status), Token: theme.Bad}
	}
	return views.Cell{Text: text.Int(r.last.Status), Token: theme.Good}
}

// compareValues orders values of records, absent first.
func compareValues(a, b any) int {
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return cmp.Compare(x, y)
		}
	case int64:
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, y)
		}
	case time.Time:
		if y, ok := b.(time.Time); ok {
			return x.Compare(y)
		}
	}
	switch {
	case a == nil && b != nil:
		return -1
	case a != nil && b == nil:
		return 1
	}
	return 0
}
