package spell

import "strings"

// Nearest is the candidate closest to what was typed, "" when none is close enough to
// be what was meant. Case, dashes and underscores do not count: botId is bot_id. A
// beginning of three letters is enough; the first candidate wins a draw.
func Nearest(typed string, candidates []string) string {
	w := plain(typed)
	best, far := "", min(len(w), 1+max(1, len(w)/3))
	if len(w) >= 3 {
		for _, c := range candidates {
			if strings.HasPrefix(plain(c), w) && plain(c) != w {
				best, far = c, 2 // a slip of one letter is likelier still
				break
			}
		}
	}
	for _, c := range candidates {
		if d := distance(w, plain(c)); d < far {
			best, far = c, d
		}
	}
	return best
}

func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// distance counts letters to insert, remove or replace, and neighbours to swap.
func distance(from, to string) int {
	const tooLong = 64
	a, b := []rune(from), []rune(to)
	if len(a) > tooLong || len(b) > tooLong {
		return tooLong
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
