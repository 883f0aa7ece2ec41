package cli

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
)

// Messages by who said them, or by the call in which they were said. Nothing of
// this is kept: rows of these calls have neither tags nor latencies, and those of
// a call name no session, so a transcript on disk is never made of them.

// messagesOptions are the flags of `messages`.
type messagesOptions struct {
	rowFlags
	user, call string
}

// subject checks that the command names one kind of thing: sessions, a user or a
// call.
func (o *messagesOptions) subject(args []string) error {
	named := 0
	for _, given := range []bool{len(args) > 0, o.user != "", o.call != ""} {
		if given {
			named++
		}
	}
	switch {
	case named == 0:
		return views.Usage("korescope messages needs the ids of sessions (korescope sessions lists them), --user or --call")
	case named > 1:
		return views.Usage("korescope messages takes ids of sessions, --user or --call, one of them at a time")
	}
	return nil
}

// elsewhere reads messages that are not named by their session.
func (r *transcripts) elsewhere(ctx, asking context.Context, o messagesOptions) (ending, error) {
	if o.call != "" {
		rows, e := r.ofCall(asking, o.call)
		return e, r.spoken(ctx, rows, nil)
	}
	rows, e := r.ofUser(asking, api.UserID(o.user))
	known, failed := map[api.SessionID]api.Session{}, e.err
	// An older installation does not know the call, in one word or another; offline
	// nobody is asked, and the call is for one bot.
	if kind := api.KindOf(failed); r.d.offline || r.botless() || kind == api.WrongPath || kind == api.NotFound {
		rows, known, e = r.throughSessions(asking, api.UserID(o.user))
	}
	return e, r.spoken(ctx, rows, known)
}

// botless reports a credential for a whole account without a bot: calls about one
// bot need to know first which.
func (r *transcripts) botless() bool {
	h := home(r.d.profile)
	return h.Account && h.Bot == ""
}

// ofUser reads what one user said with the call made for it.
func (r *transcripts) ofUser(ctx context.Context, user api.UserID) ([]api.Message, ending) {
	if r.d.offline || r.botless() {
		return nil, ending{}
	}
	return r.pages(r.d.client.UserMessages(ctx, api.UserQuery{User: user, Window: r.within, Limit: r.left}, api.Person))
}

// ofCall reads what was said in one call. One without a message does not exist in
// the window.
func (r *transcripts) ofCall(ctx context.Context, call string) ([]api.Message, ending) {
	if r.d.offline {
		return nil, ending{err: &api.Error{Kind: api.NotCached}}
	}
	q := api.CallQuery{CallID: call, Window: r.within}
	if r.botless() {
		a, err := last(answers(ctx, r.d.sessions, api.SessionQuery{CallID: call, Window: r.within}))
		if err != nil {
			return nil, ending{err: err}
		}
		if len(a.Value) > 0 {
			q.Bot = a.Value[0].Bot
		}
	}
	var rows []api.Message
	var e ending
	if q.Bot != "" || !r.botless() {
		rows, e = r.pages(r.d.client.CallMessages(ctx, q, api.Person))
	}
	if len(rows) == 0 && e.err == nil && !e.partial {
		r.p.talk.say(text.Lit("no message of that call in this window; --since and --from widen it"))
		e.err, e.came = &api.Error{Kind: api.NotFound}, false
	}
	return rows, e
}

// pages collects a reading.
func (r *transcripts) pages(all iter.Seq2[api.Page[api.Message], error]) ([]api.Message, ending) {
	var rows []api.Message
	e := ending{}
	for page, err := range all {
		rows = append(rows, page.Items...)
		e.gaps = append(e.gaps, page.Gaps...)
		e.partial = e.partial || len(page.Gaps) > 0
		if page.Note != "" && !slices.Contains(e.notes, page.Note) {
			e.notes = append(e.notes, page.Note)
		}
		if e.err = err; err != nil {
			break
		}
		e.came = true
		r.p.talk.progress(text.Format("%s messages read", text.Count(len(rows))))
	}
	return rows, e
}

// throughSessions reads what a user said in the long way: the user's sessions,
// and what was said in them. It is also the way of a run that asks nobody.
func (r *transcripts) throughSessions(ctx context.Context, user api.UserID) ([]api.Message, map[api.SessionID]api.Session, ending) {
	a, err := last(answers(ctx, r.d.sessions, api.SessionQuery{User: user, Window: r.within}))
	var e ending
	add(&e, a, err)
	known := map[api.SessionID]api.Session{}
	var ids []api.SessionID
	for _, s := range a.Value {
		if s.ID != "" {
			known[s.ID] = s
			ids = append(ids, s.ID)
		}
	}
	r.total = len(ids)
	var rows []api.Message
	for part := range slices.Chunk(ids, transcriptsAtOnce) {
		m, failed := last(answers(ctx, r.d.messages, api.MessageQuery{Sessions: api.ListIDs(part...)}))
		add(&e, m, failed)
		rows = append(rows, m.Value...)
		if failed != nil {
			break
		}
		r.done += len(part)
		r.p.talk.progress(text.Format("%d of %d sessions read", r.done, r.total))
	}
	return rows, known, e
}

// spoken prints messages by the sessions they stand in, the session that began
// first above. Of more than --limit the latest are printed: the question has no
// end in the past that anybody chose.
func (r *transcripts) spoken(ctx context.Context, rows []api.Message, known map[api.SessionID]api.Session) error {
	rows = slices.DeleteFunc(rows, func(m api.Message) bool {
		return !views.Transcribed(m) || !r.within.Holds(m.Time)
	})
	slices.SortStableFunc(rows, func(a, b api.Message) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Stamp, b.Stamp))
	})
	if r.left > 0 && len(rows) > r.left {
		rows = rows[len(rows)-r.left:]
	}
	var order []api.SessionID
	of := map[api.SessionID][]api.Message{}
	for _, m := range rows {
		if _, seen := of[m.Session]; !seen {
			order = append(order, m.Session)
		}
		of[m.Session] = append(of[m.Session], m)
	}
	r.p.talk.wipeNow()
	for _, id := range order {
		s, ok := known[id]
		if !ok {
			s = api.Session{ID: id}
		}
		if err := r.out.give(ctx, s, of[id]); err != nil {
			return err
		}
	}
	return nil
}

// trimmed takes blanks off the names that were typed.
func (o messagesOptions) trimmed() messagesOptions {
	o.user, o.call = strings.TrimSpace(o.user), strings.TrimSpace(o.call)
	return o
}
