package cli

import (
	"context"
	"iter"

	"korescope/api"
	"korescope/api/verdict"
	"korescope/views"
)

// tails reads from disk how conversations ended, and why.
func (d *desk) tails(ctx context.Context, of []api.Session) (map[api.SessionID]api.Tail, error) {
	found, err := d.store.Tails(ctx, of, d.logNames)
	if err != nil {
		return nil, err
	}
	out := make(map[api.SessionID]api.Tail, len(found))
	for id, t := range found {
		out[id] = api.Tail{Read: t.Complete, User: t.User, Bot: t.Bot, Why: t.Why.Text(), Fault: t.Why.Fault()}
	}
	return out, nil
}

// why is the verdict of one conversation, from disk.
func (d *desk) why(ctx context.Context, s api.Session) (verdict.Verdict, error) {
	found, err := d.store.Tails(ctx, []api.Session{s}, d.logNames)
	if err != nil {
		return verdict.Verdict{}, err
	}
	if t, any := found[s.ID]; any && len(t.Why.Links) > 0 {
		return t.Why, nil
	}
	if kept, err := d.shelf(ctx, s.ID); err == nil && kept != nil {
		found, err := kept.store.Tails(ctx, []api.Session{s}, d.logNames)
		return found[s.ID].Why, err
	}
	return verdict.Of(verdict.Evidence{Session: s}), nil
}

// whyOf is the verdict in words, "" where nothing of the conversation is on disk.
func (d *desk) whyOf(ctx context.Context, s api.Session) string {
	v, err := d.why(ctx, s)
	if err != nil || v.Read == 0 {
		return "" // what is printed does not depend on it
	}
	return v.Text()
}

// logNames are the questions under which debug lines of a session may be kept.
func (d *desk) logNames(s api.Session, messages []api.Message) []api.LogQuery {
	var out []api.LogQuery
	for _, name := range views.LogIdentities(s, messages) {
		out = append(out, views.LogQueryOf(s, name, d.clock()))
	}
	return out
}

// withWhy writes the verdicts that the disk tells into rows of sessions, each
// looked up once.
func (d *desk) withWhy(ctx context.Context, rows iter.Seq2[api.Answer[[]api.Session], error]) iter.Seq2[api.Answer[[]api.Session], error] {
	known := map[api.SessionID]string{}
	return func(yield func(api.Answer[[]api.Session], error) bool) {
		for a, err := range rows {
			var of []api.Session
			for _, s := range a.Value {
				if _, has := known[s.ID]; !has {
					of, known[s.ID] = append(of, s), ""
				}
			}
			// What cannot be read tells nothing, as what was never read.
			found, _ := d.tails(ctx, of)
			for id, t := range found {
				known[id] = t.Why
			}
			told := make([]api.Session, len(a.Value))
			for i, s := range a.Value {
				s.Why = known[s.ID]
				told[i] = s
			}
			a.Value = told
			if !yield(a, err) {
				return
			}
		}
	}
}
