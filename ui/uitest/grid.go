// Package uitest draws screens through a terminal emulator and drives the real
// program in one, so that tests look at what a person would see. It is for
// tests only.
package uitest

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

// newLineMode makes the emulator return the carriage at a line feed: with an
// input that is no terminal Bubble Tea leaves that to the terminal.
const newLineMode = "\x1b[20h"

// Grid is a picture of a terminal: its text, and the runs of cells that do not
// look ordinary.
type Grid struct {
	W, H  int
	Lines []string
	Runs  []string
}

// Draw puts content, as a program would print it, into an emulator of w by h
// cells. Content that does not fit fails the test.
func Draw(t *testing.T, content string, w, h int) Grid {
	t.Helper()
	g := picture(content, w, h)
	for i, l := range strings.Split(content, "\n") {
		if i >= h {
			t.Fatalf("content has more than %d rows", h)
		}
		_ = l
	}
	return g
}

func picture(content string, w, h int) Grid {
	var p painter
	defer p.close()
	return p.paint(content, w, h)
}

// painter paints one picture after the other. An emulator takes 4 MB for itself,
// so that one of its own for every picture would cost more than the program that
// is looked at.
type painter struct {
	e    *vt.Emulator
	w, h int
}

// blank brings an emulator back to how it was made: no style, no link, nothing on
// it.
const blank = newLineMode + "\x1b[m\x1b]8;;\x1b\\\x1b[H\x1b[2J"

func (p *painter) paint(content string, w, h int) Grid {
	if p.e == nil || p.w != w || p.h != h {
		p.close()
		p.e, p.w, p.h = vt.NewEmulator(w, h), w, h
	}
	_, _ = p.e.WriteString(blank + content)
	return grid(p.e)
}

func (p *painter) close() {
	if p.e != nil {
		_ = p.e.Close()
	}
}

type cells interface {
	CellAt(x, y int) *uv.Cell
	Width() int
	Height() int
}

func grid(e cells) Grid {
	g := Grid{W: e.Width(), H: e.Height()}
	for y := range g.H {
		line, runs := row(e, y)
		g.Lines = append(g.Lines, line)
		if runs != "" {
			g.Runs = append(g.Runs, fmt.Sprintf("%2d %s", y, runs))
		}
	}
	return g
}

func row(e cells, y int) (line, runs string) {
	var b, r strings.Builder
	last, from := "", 0
	var styled uv.Style // whose name is known
	named := ""
	flush := func(to int) {
		if last != "" {
			fmt.Fprintf(&r, " %d-%d:%s", from, to-1, last)
		}
	}
	for x := 0; x < e.Width(); x++ {
		c := e.CellAt(x, y)
		look := ""
		if c == nil || c.Width == 0 && c.Content == "" {
			if c == nil {
				b.WriteByte(' ')
			}
		} else {
			b.WriteString(c.Content)
			if s := visible(c); !s.Equal(&styled) {
				styled, named = s, style(s)
			}
			look = named
		}
		if c != nil && c.Width == 0 {
			continue // the right half of a wide cell looks like its left half
		}
		if look != last {
			flush(x)
			last, from = look, x
		}
	}
	flush(e.Width())
	return strings.TrimRight(b.String(), " "), strings.TrimSpace(r.String())
}

// visible leaves out what cannot be seen: a blank has no colour of its own, and
// a renderer is free to save the bytes.
func visible(c *uv.Cell) uv.Style {
	s := c.Style
	if c.Content == " " && s.Attrs&uv.AttrReverse == 0 {
		s.Fg, s.Attrs = nil, 0
	}
	return s
}

func style(s uv.Style) string {
	var parts []string
	for _, a := range []struct {
		bit  uint8
		name string
	}{{uv.AttrBold, "b"}, {uv.AttrFaint, "f"}, {uv.AttrItalic, "i"}, {uv.AttrReverse, "r"}} {
		if s.Attrs&a.bit != 0 {
			parts = append(parts, a.name)
		}
	}
	if s.Underline != 0 {
		parts = append(parts, "u")
	}
	if s.Fg != nil {
		parts = append(parts, name(s.Fg))
	}
	if s.Bg != nil {
		parts = append(parts, "on"+name(s.Bg))
	}
	return strings.Join(parts, ",")
}

func name(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// Text is the picture without its looks.
func (g Grid) Text() string { return strings.Join(g.Lines, "\n") + "\n" }

// Between leaves out rows at the top and at the bottom.
func (g Grid) Between(top, bottom int) Grid {
	to := max(len(g.Lines)-bottom, top)
	return Grid{W: g.W, H: to - top, Lines: g.Lines[top:to]}
}

// Framed is the text in a frame, as goldens of journeys are kept.
func (g Grid) Framed() string { return framed(g.W, g.H, g.Lines) }

func framed(w, h int, lines []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "+%s %dx%d\n", strings.Repeat("-", w), w, h)
	for _, l := range lines {
		b.WriteString("|" + l + "\n")
	}
	b.WriteString("+" + strings.Repeat("-", w) + "\n")
	return b.String()
}

// String is the text in a frame, then the looks.
func (g Grid) String() string {
	var b strings.Builder
	b.WriteString(g.Framed())
	for _, r := range g.Runs {
		b.WriteString(r + "\n")
	}
	return b.String()
}
