package views

import (
	"korescope/api"
	"korescope/ui/text"
)

// EventFields is the record of `tail`: what happened, what was before, and the
// keys of sessions.
func EventFields() []Field[api.SessionEvent] {
	type event = api.SessionEvent
	out := []Field[event]{
		OwnField("event", Layout{Title: text.Lit("EVENT"), Min: 6, Ideal: 7, At80: 1, At140: 1},
			func(e event) api.EventKind { return e.Kind }),
		WordField("was", Layout{Title: text.Lit("WAS"), Min: 4, Ideal: 11, At80: 2, At140: 2},
			func(e event) api.Containment { return e.Was }),
	}
	for _, f := range SessionFields() {
		if f.At80 > 0 {
			f.At80 += 2
		}
		if f.At140 > 0 {
			f.At140 += 2
		}
		out = append(out, lifted(f, func(e event) api.Session { return e.Session }))
	}
	return out
}

// lifted is a field of a part as a field of the whole.
func lifted[T, P any](f Field[P], part func(T) P) Field[T] {
	out := Field[T]{
		Name: f.Name, Layout: f.Layout, Sort: f.Sort,
		Show:  func(v T, e Env) Cell { return f.Show(part(v), e) },
		Value: func(v T) any { return f.Value(part(v)) },
	}
	if f.Compare != nil {
		out.Compare = func(a, b T) int { return f.Compare(part(a), part(b)) }
	}
	if f.masked != nil {
		out.masked = func(v T, e Env) any { return f.masked(part(v), e) }
	}
	return out
}
