package output

import (
	"context"
	"io"
	"strings"

	"korescope/ui/text"
	"korescope/views"
)

// sample is how many rows are looked at before widths are fixed and the first
// line is printed.
const sample = 500

const gap = 2 // cells between columns

// table prints aligned columns. On a terminal cells are cut to fit; on a pipe
// nothing is cut, and a cell wider than the sample pushes the rest of its line.
type table[T any] struct {
	w      io.Writer
	fields []views.Field[T]
	env    views.Env
	cut    bool
	width  int
	rows   [][]text.Safe // before widths are known
	widths []int
}

func newTable[T any](w io.Writer, fields []views.Field[T], o Options) *table[T] {
	return &table[T]{w: w, fields: fields, env: o.Env, cut: o.Terminal, width: width(o)}
}

func (t *table[T]) row(_ context.Context, v T) error {
	cells := make([]text.Safe, len(t.fields))
	for i, f := range t.fields {
		cells[i] = f.Show(v, t.env).Text
	}
	if t.widths != nil {
		return t.line(cells)
	}
	if t.rows = append(t.rows, cells); len(t.rows) < sample {
		return nil
	}
	return t.begin()
}

func (t *table[T]) end(context.Context) error {
	if t.widths != nil {
		return nil
	}
	return t.begin()
}

func (t *table[T]) begin() error {
	titles := make([]text.Safe, len(t.fields))
	for i, f := range t.fields {
		titles[i] = f.Title
	}
	t.widths = t.fit(titles)
	if err := t.line(titles); err != nil {
		return err
	}
	for _, cells := range t.rows {
		if err := t.line(cells); err != nil {
			return err
		}
	}
	t.rows = nil
	return nil
}

func (t *table[T]) line(cells []text.Safe) error {
	var b strings.Builder
	room := t.width
	for i, c := range cells {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", gap))
			room -= gap
		}
		w := t.widths[i]
		if t.cut {
			w = min(w, room)
			c = c.Cut(max(w, 0))
		}
		switch {
		case t.fields[i].Right:
			c = c.PadLeft(max(w, c.Width()))
		case i < len(cells)-1:
			c = c.Pad(max(w, c.Width()))
		}
		if t.cut {
			b.WriteString(c.String())
		} else {
			b.WriteString(c.Spelt()) // no cell has a width there
		}
		if room -= c.Width(); t.cut && room <= gap {
			break
		}
	}
	_, err := io.WriteString(t.w, strings.TrimRight(b.String(), " ")+"\n")
	return err
}

// fit chooses the widths: what is needed when there is room; otherwise every
// column gets its least, then what it likes to have, then what it needs, those
// that grow first in the last step.
func (t *table[T]) fit(titles []text.Safe) []int {
	needs, widths := make([]int, len(titles)), make([]int, len(titles))
	room := t.width - gap*(len(titles)-1)
	for i, f := range t.fields {
		needs[i] = titles[i].Width()
		for _, cells := range t.rows {
			needs[i] = max(needs[i], cells[i].Width())
		}
		if !t.cut {
			continue
		}
		widths[i] = min(needs[i], max(f.Min, titles[i].Width()))
		room -= widths[i]
	}
	if !t.cut {
		return needs
	}
	raise := func(to func(i int) int, when func(i int) bool) {
		for i := range widths {
			if more := min(to(i)-widths[i], room); when(i) && more > 0 {
				widths[i] += more
				room -= more
			}
		}
	}
	likes := func(i int) int {
		if ideal := t.fields[i].Ideal; ideal > 0 {
			return min(needs[i], ideal)
		}
		return needs[i]
	}
	grows := func(i int) bool { return t.fields[i].Grow > 0 }
	steady := func(i int) bool { return !grows(i) }
	raise(likes, steady)
	raise(likes, grows)
	need := func(i int) int { return needs[i] }
	raise(need, grows)
	raise(need, steady)
	return widths
}
