package views

import (
	"korescope/ui/canvas"
	"korescope/ui/table"
)

// Column makes a field a column of a list. env is asked for each cell, because
// clock and zone change while the list stands.
func Column[T any](f Field[T], env func() Env) table.Column[T] {
	return table.Column[T]{
		Name: f.Name, Title: f.Title, Min: f.Min, Ideal: max(f.Ideal, f.Min), Grow: f.Grow > 0, Right: f.Right,
		Rank: -f.At80,
		Cell: func(v T) canvas.Span { return canvas.Span(f.Show(v, env())) },
		Less: f.Compare,
	}
}
