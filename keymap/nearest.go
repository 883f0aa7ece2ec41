package keymap

import "unicode/utf8"

// Nearest is the candidate that takes the fewest changed letters to reach, ""
// when none is close enough to be what was meant. The first wins a draw.
func Nearest(word string, candidates []string) string {
	n := utf8.RuneCountInString(word)
	best, far := "", min(n, 1+max(1, n/3))
	for _, c := range candidates {
		if d := distance(word, c); d < far {
			best, far = c, d
		}
	}
	return best
}

// distance counts inserted, removed, replaced and swapped neighbouring letters.
func distance(from, to string) int {
	a, b := []rune(from), []rune(to)
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
