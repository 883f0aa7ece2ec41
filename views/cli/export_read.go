package cli

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
)

// caseFile is what an export reads and writes.
type caseFile struct {
	p        *program
	d        *desk
	mask     *views.Masker // nil: nothing is masked
	format   string
	ids      []api.SessionID
	requests requestList

	sessions []api.Session // in the order named; those that exist
	messages map[api.SessionID][]api.Message
	said     int
	calls    []api.LLMCall   // newest first, without payloads unless pinned
	lines    []api.DebugLine // of what is pinned, with their session
	rows     []api.Metric    // likewise
	without  int             // calls whose payloads are gone
	e        ending
}

// read reads what there is. What one source refuses does not keep the others
// from being asked: it is said at the end and stands in the manifest.
func (c *caseFile) read(ctx context.Context) {
	var known map[api.SessionID]api.Session
	known, c.e = c.d.lookUp(ctx, c.ids)
	if c.e.err != nil {
		return
	}
	c.p.talk.progress(text.Format("%d of %d sessions read", len(known), len(c.ids)))
	ids := slices.DeleteFunc(slices.Clone(c.ids), func(id api.SessionID) bool { return slices.Contains(c.e.unknown, id) })
	if len(ids) == 0 {
		return
	}
	c.readMessages(ctx, ids)
	if api.KindOf(c.e.err) == api.Cancelled {
		return
	}
	for _, id := range ids {
		s, listed := known[id]
		if !listed {
			// Without the right to list sessions, what was said tells the times.
			s = sketched(id, c.messages[id])
			known[id] = s
		}
		if listed || len(c.messages[id]) > 0 {
			c.sessions = append(c.sessions, s)
		}
	}
	r := &callRead{p: c.p, d: c.d}
	c.calls = r.together(ctx, slices.Collect(maps.Values(known)), &c.e)
}

// readPinned takes what is pinned: nobody is asked.
func (c *caseFile) readPinned(ctx context.Context) error {
	all, err := c.d.pinned(ctx)
	if err != nil {
		return err
	}
	if len(all.Sessions) == 0 {
		return views.Usage("nothing is pinned; korescope pin SESSION keeps a conversation")
	}
	c.sessions, c.calls, c.lines, c.rows = all.Sessions, all.Calls, all.Lines, all.Rows
	slices.SortStableFunc(c.calls, api.NewerCall)
	c.messages = map[api.SessionID][]api.Message{}
	for _, m := range all.Messages {
		if views.Transcribed(m) {
			c.messages[m.Session] = append(c.messages[m.Session], m)
			c.said++
		}
	}
	c.e.came, c.e.found = true, true
	list, err := c.d.store.Pins(ctx)
	for _, p := range list {
		c.e.notes = append(c.e.notes, text.Format("%s was pinned %s: %s", string(p.Session), views.Stamp(p.At), p.Note).String())
		if p.Missing != "" {
			c.e.partial = true
			c.e.notes = append(c.e.notes, text.Format("%s: could not be read: %s", string(p.Session), p.Missing).String())
		}
	}
	return err
}

func (c *caseFile) readMessages(ctx context.Context, ids []api.SessionID) {
	c.messages = map[api.SessionID][]api.Message{}
	done := 0
	for part := range slices.Chunk(ids, transcriptsAtOnce) {
		a, failed := last(answers(ctx, c.d.messages, api.MessageQuery{Sessions: api.ListIDs(part...)}))
		add(&c.e, a, failed)
		for _, m := range a.Value {
			if views.Transcribed(m) {
				c.messages[m.Session] = append(c.messages[m.Session], m)
				c.said++
			}
		}
		if failed != nil && api.KindOf(failed) != api.NotCached {
			return
		}
		done += len(part)
		c.p.talk.progress(text.Format("messages of %d of %d sessions read", done, len(ids)))
	}
}

// bot is whose conversations these are: the profile's, or that of the first where
// the credential is for a whole account.
func (c *caseFile) bot() api.BotID {
	bot := botID(c.d.profile)
	for _, s := range c.sessions {
		bot = cmp.Or(bot, s.Bot)
	}
	return bot
}

// callsOf are the calls of one session, oldest first.
func (c *caseFile) callsOf(id api.SessionID) []api.LLMCall {
	var out []api.LLMCall
	for _, call := range slices.Backward(c.calls) {
		if call.Session == id {
			out = append(out, call)
		}
	}
	return out
}

// linesOf are the debug lines of one session.
func (c *caseFile) linesOf(id api.SessionID) []api.DebugLine {
	return slices.DeleteFunc(slices.Clone(c.lines), func(l api.DebugLine) bool { return l.Session != id })
}

// whole puts the payloads into a call: lists leave them out.
func (c *caseFile) whole(ctx context.Context, call api.LLMCall) (api.LLMCall, error) {
	if call.Request != nil || call.Response != nil {
		return call, nil
	}
	here, err := c.d.fillPayloads(ctx, &call)
	if err == nil && !here {
		c.without++
	}
	return call, err
}
