// Package canvas is what screens draw: lines of safe text with a meaning each.
// It promises that nothing but text.Safe reaches the terminal, that every line
// is exactly as wide as asked and every block exactly as high, and that drawing
// has no effect. The shell alone turns a block into bytes.
package canvas

import (
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Span is a piece of one line.
type Span struct {
	Text  text.Safe
	Token theme.Token
}

// Line is one row of cells. Fill is the background of the whole row, Plain for
// none.
type Line struct {
	Spans []Span
	Fill  theme.Token
}

// Block is a picture of rows.
type Block []Line

// S makes a span.
func S(t theme.Token, s text.Safe) Span { return Span{Text: s, Token: t} }

// L makes a line without fill.
func L(spans ...Span) Line { return Line{Spans: spans} }
