package filter

import "strings"

// Narrows reports that every row which fits is fits was too, for certain: more
// conditions, or a longer word as the last one. Whoever types can then go on
// with the rows that are left.
func (s Schema[T]) Narrows(was, is Query) bool {
	n := len(was.Terms)
	if n == 0 {
		return true
	}
	if len(is.Terms) < n {
		return false
	}
	for i, t := range was.Terms[:n-1] {
		if is.Terms[i] != t {
			return false
		}
	}
	before, now := was.Terms[n-1], is.Terms[n-1]
	if before == now {
		return true
	}
	if before.Not || now.Not || before.Field != now.Field || before.Op != Has || now.Op != Has {
		return false
	}
	return s.words(now.Field) && strings.HasPrefix(now.Value, before.Value)
}

// words reports a field of which a longer text can only fit less: one that looks
// for a part or a beginning.
func (s Schema[T]) words(field string) bool {
	if field == "" {
		return true
	}
	for _, f := range s.Fields {
		if f.Name == field {
			return f.Kind == Part || f.Kind == Start
		}
	}
	return false
}
