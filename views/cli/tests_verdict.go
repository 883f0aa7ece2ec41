package cli

import (
	"context"
	"errors"
	"fmt"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
)

// errGoesOn is the end of the waiting for a run, not of the run.
const errGoesOn views.Stop = "the time was over before the run was"

// unfinished tells the end of --timeout from a failure.
func unfinished(run api.TestRun, err error) error {
	if run.ID != "" && errors.Is(err, context.DeadlineExceeded) {
		return errGoesOn
	}
	return err
}

// verdictOf is how the command leaves: what went wrong most, said for each run.
func (p *program) verdictOf(all []outcome) error {
	var interrupted, wrong, goesOn, failed error
	for _, one := range all {
		err := p.wrongWith(one)
		switch {
		case err == nil:
		case errors.Is(err, views.ErrTestsFailed):
			failed = err
		case errors.Is(err, errGoesOn):
			goesOn = views.ErrPartial
		case api.KindOf(err) == api.Cancelled:
			interrupted = err
		case wrong == nil:
			wrong = err
		default:
			p.at.Now = p.clock()
			p.talk.say(text.Format("%s: %s", one.run.Suite, views.Explain(err, p.at).Sentence))
		}
	}
	for _, err := range []error{interrupted, wrong, failed, goesOn} {
		if err != nil {
			return err
		}
	}
	return nil
}

// wrongWith says what kept one run from passing; nil when nothing did, or when
// it is still on and nobody waited.
func (p *program) wrongWith(one outcome) error {
	run := one.run
	switch {
	case one.err != nil && !run.State.Over() && run.ID != "":
		p.talk.say(text.Format("%s is still on; %s follows it", run.Suite, views.CommandLine([]string{"tests", "status", "--follow"}, run.Suite, string(run.ID))))
		return one.err
	case one.err != nil:
		if api.KindOf(one.err) != api.OutcomeUnknown {
			p.talk.say(text.Format("%s: not started", run.Suite))
		}
		return one.err
	}
	switch {
	case run.State == api.JobUnknown:
		return fmt.Errorf("how %q ended is not known: %s", run.Suite, orWords(run.Failure, "nobody said"))
	case run.State == api.JobExpired:
		return fmt.Errorf("the platform has forgotten the run of %q", run.Suite)
	case run.Verdict == api.VerdictError:
		return fmt.Errorf("the run of %q could not be carried out: %s", run.Suite, orWords(run.Failure, "the platform gives no reason"))
	case run.Verdict == api.VerdictFailed:
		return views.ErrTestsFailed
	}
	return nil
}

func orWords(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}
