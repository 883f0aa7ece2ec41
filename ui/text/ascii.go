package text

import (
	"fmt"
	"strings"
)

// drawn are the signs that the program itself draws with, and what stands for
// them where only ASCII arrives: as wide, and as near as can be.
const (
	drawn   = "\u2026\u25b8\u25be\u2588\u2587\u2586\u2585\u2584\u2583\u2582\u2581\u2502\u2500\u2191\u2193\u2190\u2192\u2022\u00b7\u258f\u258e\u258d\u258c\u258b\u258a\u2589\u2591\u2592\u2593\u2514\u251c\u250c\u2510\u2518\u00a0"
	instead = "~>v@%#*=-:.|-^v<>*.||||###.+#+++++ "
)

// ASCII is the text in letters up to 0x7E: what draws becomes what looks alike,
// every other letter becomes its number, as in U+00FC.
func (t Safe) ASCII() Safe {
	if !strings.ContainsFunc(t.s, func(r rune) bool { return r > 0x7e }) {
		return t
	}
	signs := []rune(drawn)
	var b strings.Builder
	for _, r := range t.s {
		if r <= 0x7e {
			b.WriteRune(r)
			continue
		}
		at := -1
		for i, s := range signs {
			if s == r {
				at = i
			}
		}
		if at >= 0 {
			b.WriteByte(instead[at])
			continue
		}
		fmt.Fprintf(&b, "U+%04X", r)
	}
	return Safe{s: b.String(), hidden: t.hidden}
}
