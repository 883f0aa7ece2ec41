package views

import (
	"errors"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// explainAct is about calls that change something.
func explainAct(e *api.Error) Problem {
	run := e.Endpoint == api.RunSuite
	switch {
	case e.Kind == api.OutcomeUnknown && run:
		return Problem{
			Sentence: text.Lit("The start was sent and its answer never came: the run may be on, or not."),
			Hint:     text.Lit("It is not sent again by itself. Look in the console; :tests status SUITE RUN follows a run by its id."),
			Token:    theme.Warn,
		}
	case e.Kind == api.OutcomeUnknown:
		return Problem{
			Sentence: text.Lit("It was sent and the answer never came: whether it was done is not known."),
			Hint:     text.Lit("It is not sent again by itself; look in the console before you repeat it."),
			Token:    theme.Warn,
		}
	case errors.Is(e, api.ErrWritesOff):
		return Problem{
			Sentence: text.Lit("Writes are off (READ-ONLY); nothing was sent."),
			Hint:     text.Lit(":writes on 10m allows them for ten minutes."),
			Token:    theme.Warn,
		}
	case run:
		return Problem{
			Sentence: text.Lit("The profile does not allow test runs; nothing was sent."),
			Hint:     text.Lit("Set allow_tests = true (or allow_writes = true) in the profile."),
			Token:    theme.Bad,
		}
	}
	return Problem{
		Sentence: text.Lit("The profile does not allow calls that change something; nothing was sent."),
		Hint:     text.Lit("Set allow_writes = true in the profile."),
		Token:    theme.Bad,
	}
}
