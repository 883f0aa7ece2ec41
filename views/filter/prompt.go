package filter

import (
	"korescope/ui"
	"korescope/ui/text"
)

// Offer is Complete as a prompt takes it.
func (s Schema[T]) Offer(typed string, seen func(field string) []string) []ui.Completion {
	list := s.Complete(typed, seen)
	out := make([]ui.Completion, 0, len(list))
	for _, c := range list {
		out = append(out, ui.Completion{Line: c.Text, What: text.Clean(c.Help)})
	}
	return out
}
