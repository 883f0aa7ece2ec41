package records

import (
	"slices"

	"korescope/ui/table"
	"korescope/views"
)

// wideFrom is the width from which the wide set of columns is shown, as in the
// tables of the command line.
const wideFrom = 120

// widest is what a column takes at most when its width follows its content.
const widest = 48

func (m *Model[K, T, ID]) env() views.Env {
	return views.Env{Now: m.d.Clock(), Zone: m.zone, Mask: m.d.Mask, Bare: m.bare}
}

// columns are all fields in their places: the ones of this width, then those
// that come only with the wide columns.
func (m *Model[K, T, ID]) columns() []table.Column[T] {
	shown := views.Columns(m.d.Fields, m.width)
	out := make([]table.Column[T], 0, len(m.d.Fields))
	for i, f := range shown {
		out = append(out, m.column(f, len(m.d.Fields)-i))
	}
	for _, f := range m.d.Fields {
		if slices.ContainsFunc(shown, func(s views.Field[T]) bool { return s.Name == f.Name }) {
			continue
		}
		c := m.column(f, 0)
		c.Wide = true
		out = append(out, c)
	}
	return out
}

func (m *Model[K, T, ID]) column(f views.Field[T], rank int) table.Column[T] {
	c := views.Column(f, m.env)
	c.Rank = rank
	if f.Ideal == 0 {
		c.Ideal = max(f.Min, f.Title.Width()+1)
		env := m.env()
		for _, r := range m.all {
			c.Ideal = min(max(c.Ideal, f.Show(r, env).Text.Width()), widest)
		}
		c.Min = min(c.Min, c.Ideal)
	}
	return c
}
