package views

import (
	"slices"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/jsontree"
	"korescope/ui/text"
)

// Hidden is what the mask of env hides where show makes something visible with
// the environment that it is given: each value once, in the order in which it
// stands there. of says what the values belong to, without saying any of them.
//
// Whatever is shown is asked, no list of what is personal is kept beside it: a
// new cell can be looked at as soon as it is masked.
func Hidden(env Env, of text.Safe, show func(Env)) []ui.Hidden {
	var out []ui.Hidden
	env.Bare = ""
	env.hidden = func(h ui.Hidden) {
		h.Of = of
		if !slices.ContainsFunc(out, func(o ui.Hidden) bool { return o.Value == h.Value }) {
			out = append(out, h)
		}
	}
	show(env)
	return out
}

// noted tells whoever asks for it that raw is shown as something else.
func (e Env) noted(what text.Safe, raw, shown string) string {
	if e.hidden != nil && raw != shown {
		e.hidden(ui.Hidden{What: what, Value: raw})
	}
	return shown
}

// HiddenFields is what the mask hides of a row of a list.
func HiddenFields[T any](env Env, fields []Field[T], row T, of text.Safe, more func(Env)) []ui.Hidden {
	return Hidden(env, of, func(e Env) {
		for _, f := range fields {
			f.Show(row, e)
		}
		if more != nil {
			more(e)
		}
	})
}

// HiddenIn is what the mask hides of the value under the cursor of a tree.
func HiddenIn(t *jsontree.Tree, of text.Safe) []ui.Hidden {
	if value, hidden := t.Bare(); hidden {
		return []ui.Hidden{{What: text.Lit("value"), Of: of, Value: value}}
	}
	return nil
}

// OfSession names a session as what hidden values belong to.
func OfSession(id api.SessionID, env Env) text.Safe {
	env.Bare = ""
	return text.Join(" ", text.Lit("session"), env.ID(string(id)))
}
