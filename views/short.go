package views

import (
	"errors"

	"korescope/api"
	"korescope/ui/text"
)

// Short says what is missing of a list in words: "8 of 500 came". Empty when
// nothing is known to be missing, or no more than that something failed.
func Short(gaps []api.Gap, note string) text.Safe {
	for _, g := range gaps {
		var e *api.Error
		if errors.As(g.Why, &e) && e.Kind == api.Incomplete && e.Err != nil {
			return text.Clean(e.Err.Error())
		}
	}
	return text.Clean(note)
}

// ReadAll is the hint for a list that is not whole.
func ReadAll(short text.Safe) text.Safe {
	if short.Empty() {
		return text.Lit("r tries again")
	}
	return text.Join("", short, text.Lit("; r twice reads all of it"))
}
