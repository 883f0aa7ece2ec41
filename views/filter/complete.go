package filter

import (
	"slices"
	"strings"
)

// Completion is one way to go on.
type Completion struct {
	Text string // the whole filter with the completion in it
	Word string // what is shown: the field or the value
	Help string
}

// Complete offers ways to finish the last word of a filter: names of fields,
// then values. seen gives values met in the rows that are here, by field; it may
// be nil. Nothing is offered inside quotes.
func (s Schema[T]) Complete(typed string, seen func(field string) []string) []Completion {
	start := strings.LastIndexAny(typed, " \t") + 1
	head, word := typed[:start], typed[start:]
	if strings.Count(typed, `"`)%2 == 1 || strings.Contains(word, `"`) {
		return nil
	}
	if rest, not := strings.CutPrefix(word, "-"); not {
		head, word = head+"-", rest
	}
	name, value, hasField := strings.Cut(word, ":")
	var out []Completion
	for _, f := range s.Fields {
		switch {
		case !hasField && strings.HasPrefix(f.Name, strings.ToLower(word)):
			out = append(out, Completion{Text: head + f.Name + ":", Word: f.Name + ":", Help: f.Help})
		case hasField && f.Name == strings.ToLower(name):
			out = append(out, f.values(head+name+":", value, seen)...)
		}
	}
	return out
}

func (f Field[T]) values(head, typed string, seen func(string) []string) []Completion {
	values := slices.Clone(f.Values)
	if seen != nil {
		values = append(values, seen(f.Name)...)
	}
	starts := newNeedle(typed)
	var out []Completion
	for i, v := range values {
		if v == "" || !starts.starts(v) || slices.Contains(values[:i], v) {
			continue
		}
		t := Term{Field: f.Name, Value: v}
		_, written, _ := strings.Cut(t.String(), ":")
		out = append(out, Completion{Text: head + written + " ", Word: v, Help: f.Help})
	}
	return out
}
