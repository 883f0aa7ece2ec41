package cli

import (
	"context"
	"path/filepath"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/feed"
	"korescope/views/records"
)

type wholeJournal struct{}

// journalDeps is the list of what was changed from here, of every profile.
func (d *desk) journalDeps() records.Deps[wholeJournal, deed, string] {
	return records.Deps[wholeJournal, deed, string]{
		Title: text.Lit("journal"), What: text.Lit("calls"), Fields: deedFields(),
		ID:    func(e deed) string { return e.RequestID },
		Order: "when", Down: true,
		Reader: feed.Disk(func(context.Context, wholeJournal) (api.Answer[[]deed], error) {
			if d.stateDir == "" {
				return api.Answer[[]deed]{At: d.clock()}, nil
			}
			lines, broken, err := readJournal(filepath.Join(d.stateDir, journalName))
			if err == nil && len(broken) > 0 {
				err = views.Usage("the journal was changed by somebody else; korescope journal verify names the lines")
			}
			return api.Answer[[]deed]{Value: deeds(lines), At: d.clock()}, err
		}),
		Words: records.Words{
			Reading: text.Lit("reading the journal ..."), Empty: text.Lit("nothing was changed or exported from here"),
			Foot: text.Lit("a call without an answer is open: whether it was done is for the console to say"),
		},
		Detail: func(e deed, env views.Env) text.Safe {
			answer := "no answer: its end is not known"
			if e.Answer != nil {
				answer = *e.Answer
			}
			return text.Format("%s  %s", env.Text(e.Target), env.Text(answer))
		},
		Copy: func(e deed, _ views.Env) string { return e.RequestID }, Noun: text.Lit("request id"), Command: "korescope journal",
		Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	}
}
