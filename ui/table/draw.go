package table

import (
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// gutter is the cursor mark and the row mark; gap stands between columns.
const (
	gutter = 2
	gap    = 1
)

// Draw shows the titles and as many rows as fit: exactly h lines of w cells. The
// height has to be set to h-1 before, or the cursor may be out of sight.
func (t *Table[T, ID]) Draw(w, h int) canvas.Block {
	widths := t.layout(w)
	out := make(canvas.Block, 0, h)
	out = append(out, t.titles(widths))
	for i := t.top; i < min(t.top+h-1, len(t.rows)); i++ {
		out = append(out, t.row(i, widths))
	}
	return out.Fit(w, h)
}

func (t *Table[T, ID]) titles(widths []int) canvas.Line {
	line := canvas.L(canvas.S(theme.Dim, text.Blank(gutter)))
	for i, c := range t.columns {
		if widths[i] == 0 {
			continue
		}
		title, after, token := c.Title, text.Blank(gap), theme.Dim
		if i == t.sorted {
			token = theme.Strong
			title, after = t.arrow(c, widths[i])
		}
		if i == t.picked {
			token = theme.Accent
		}
		line = line.Add(canvas.S(token, align(title, widths[i], c.Right)), canvas.S(token, after))
	}
	return line
}

// arrow puts the mark of the order beside the title, apart from it where there is
// room, else into the gap behind the column: no letter of the title goes for it.
func (t *Table[T, ID]) arrow(c Column[T], w int) (title, after text.Safe) {
	mark := text.Lit("^")
	if t.desc {
		mark = text.Lit("v")
	}
	switch {
	case c.Title.Width()+2 > w:
		return c.Title, mark
	case c.Right:
		return text.Join(" ", mark, c.Title), text.Blank(gap)
	}
	return text.Join(" ", c.Title, mark), text.Blank(gap)
}

func (t *Table[T, ID]) row(i int, widths []int) canvas.Line {
	r := t.all[t.rows[i]]
	spans := make([]canvas.Span, 0, gutter+2*len(t.columns))
	spans = append(spans, t.cursorMark(i), t.rowMark(r))
	for j, c := range t.columns {
		if widths[j] == 0 {
			continue
		}
		if c.Spans != nil {
			spans = append(spans, canvas.L(c.Spans(r, widths[j])...).Fit(widths[j]).Spans...)
		} else {
			cell := c.Cell(r)
			cell.Text = align(cell.Text, widths[j], c.Right)
			if i == t.cursor && j == 0 {
				cell.Token = theme.Cursor
			}
			spans = append(spans, cell)
		}
		spans = append(spans, canvas.S(theme.Plain, text.Blank(gap)))
	}
	return canvas.Line{Spans: spans}
}

func (t *Table[T, ID]) cursorMark(i int) canvas.Span {
	if i == t.cursor {
		return canvas.S(theme.Cursor, text.Lit(">"))
	}
	return canvas.S(theme.Plain, text.Lit(" "))
}

func (t *Table[T, ID]) rowMark(r T) canvas.Span {
	if len(t.marks) > 0 && t.marks[t.id(r)] {
		return canvas.S(theme.Mark, text.Lit("*"))
	}
	return canvas.S(theme.Plain, text.Lit(" "))
}

func align(s text.Safe, w int, right bool) text.Safe {
	if right {
		return s.PadLeft(w)
	}
	return s.Pad(w)
}

// layout gives each column its width; 0 hides it. Columns start at Min, the
// ones of the lowest rank leave until the rest fits, then each grows to Ideal
// in order of rank, and what is left goes to the growing columns.
func (t *Table[T, ID]) layout(w int) []int {
	widths := make([]int, len(t.columns))
	left := w - gutter
	for i, c := range t.columns {
		if c.Wide && !t.wide {
			continue
		}
		widths[i] = c.Min
		left -= c.Min + gap
	}
	for left < 0 {
		out := t.leastShown(widths)
		if out < 0 {
			break
		}
		left += widths[out] + gap
		widths[out] = 0
	}
	for i, c := range t.columns {
		if widths[i] > 0 && left > 0 {
			more := clamp(c.Ideal-widths[i], 0, left)
			widths[i] += more
			left -= more
		}
	}
	for i, c := range t.columns {
		if widths[i] > 0 && c.Grow && left > 0 {
			widths[i] += left
			left = 0
		}
	}
	return widths
}

func (t *Table[T, ID]) leastShown(widths []int) int {
	at := -1
	for i, c := range t.columns {
		if widths[i] > 0 && i > 0 && (at < 0 || c.Rank < t.columns[at].Rank) {
			at = i
		}
	}
	return at
}
