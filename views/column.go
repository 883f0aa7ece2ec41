package views

import (
	"korescope/ui/canvas"
	"korescope/ui/table"
	"korescope/ui/text"
)

// Layout is where a field stands in a table and how wide it is there.
type Layout struct {
	// Title heads the column, in capitals.
	Title text.Safe

	Min, Ideal int  // cells; Ideal 0 is as wide as the content
	Grow       int  // share of the room that is left over
	Right      bool // numbers stand at the right

	// At80 and At140 are the place among the columns shown at that width,
	// counted from 1; 0 hides the column unless it is asked for.
	At80, At140 int
}

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
