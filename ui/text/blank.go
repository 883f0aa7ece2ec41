package text

import "strings"

// Blank is n blanks; nothing when n is not positive.
func Blank(n int) Safe {
	if n <= 0 {
		return Safe{}
	}
	return Safe{s: strings.Repeat(" ", n)}
}
