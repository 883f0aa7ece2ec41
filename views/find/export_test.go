package find

import "korescope/ui/canvas"

// Snippet is for the table of cases.
func Snippet(raw string, marks [][2]int, w int) []canvas.Span { return snippet(raw, marks, w) }
