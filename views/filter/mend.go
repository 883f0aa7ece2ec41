package filter

import (
	"slices"
	"strings"

	"korescope/spell"
)

// Mend is the filter with fields that nobody has replaced by the ones that were
// probably meant; "" when there is nothing to replace, or nothing near enough.
func (s Schema[T]) Mend(typed string) string {
	names := s.Names()
	words := strings.Split(typed, " ")
	mended, quoted := false, false
	for i, w := range words {
		inside := quoted
		if strings.Count(w, `"`)%2 == 1 {
			quoted = !quoted
		}
		name, value, ok := strings.Cut(w, ":")
		sign := ""
		if rest, not := strings.CutPrefix(name, "-"); not {
			sign, name = "-", rest
		}
		if inside || !ok || slices.Contains(names, strings.ToLower(name)) {
			continue
		}
		near := spell.Nearest(strings.ToLower(name), names)
		if near == "" {
			return ""
		}
		words[i], mended = sign+near+":"+value, true
	}
	if !mended {
		return ""
	}
	return strings.Join(words, " ")
}
