package cli

import (
	"context"
	"slices"
	"strings"

	"korescope/api"
	"korescope/api/casefile"
	"korescope/api/trace"
	"korescope/cache"
	"korescope/ui/text"
	"korescope/views"
)

// gather reads everything about a conversation, from disk where it is there. What
// one source refuses does not keep the others from being asked; missing says what
// did not come.
func (d *desk) gather(ctx context.Context, id api.SessionID) (c casefile.Case, missing []string, err error) {
	known, e := d.lookUp(ctx, []api.SessionID{id})
	if len(e.unknown) > 0 {
		return c, nil, &api.Error{Kind: api.NotFound}
	}
	if e.err != nil {
		return c, nil, e.err
	}
	a, err := last(answers(ctx, d.messages, api.MessageQuery{Sessions: api.ListIDs(id)}))
	if err != nil {
		return c, nil, err
	}
	c.Messages = a.Value
	one, listed := known[id]
	if !listed {
		one = sketched(id, c.Messages)
	}
	if one.Raw, err = d.store.RawSession(ctx, id); err != nil {
		return c, nil, err
	}
	c.Sessions = []api.Session{one}
	if a.Partial {
		missing = append(missing, "some messages")
	}
	for _, part := range []struct {
		what string
		read func(context.Context, *casefile.Case) error
	}{{"LLM calls", d.gatherCalls}, {"debug lines", d.gatherLines}, {"metrics", d.gatherMetrics}} {
		err := part.read(ctx, &c)
		if api.KindOf(err) == api.Cancelled {
			return c, nil, err
		}
		if err != nil {
			missing = append(missing, part.what)
		}
	}
	return c, missing, nil
}

func (d *desk) gatherCalls(ctx context.Context, c *casefile.Case) error {
	a, err := last(answers(ctx, d.traced, trace.CallQuery{Session: trace.OfSession(c.Sessions[0])}))
	for _, call := range a.Value {
		whole, failed := d.payloads.Cached(ctx, call.ID)
		if failed != nil && api.KindOf(failed) != api.NotCached {
			return failed
		}
		if failed == nil {
			whole.Value.Session, whole.Value.Joined = call.Session, call.Joined
			call = whole.Value
		}
		call.Session = c.Sessions[0].ID
		c.Calls = append(c.Calls, call)
	}
	return err
}

func (d *desk) gatherLines(ctx context.Context, c *casefile.Case) error {
	s := c.Sessions[0]
	a, err := d.debugLines(ctx, s, c.Messages)
	if err != nil {
		return err
	}
	for _, l := range a.Value {
		l.Session = s.ID
		c.Lines = append(c.Lines, l)
	}
	return nil
}

func (d *desk) gatherMetrics(ctx context.Context, c *casefile.Case) error {
	s := c.Sessions[0]
	for _, kind := range []api.MetricKind{api.NodeRuns, api.FailedTasks, api.FailedIntents, api.Unhandled} {
		a, err := last(answers(ctx, d.metrics, api.MetricQuery{Bot: s.Bot, Kind: kind, Window: s.Reach(d.clock())}))
		if err != nil {
			return err
		}
		for _, m := range a.Value {
			if m.Session == s.ID {
				c.Rows = append(c.Rows, m)
			}
		}
	}
	return nil
}

// pin reads everything about a conversation and keeps it.
func (d *desk) pin(ctx context.Context, id api.SessionID, note string) (cache.Pin, error) {
	if info, err := d.store.Info(ctx); err != nil || info.Memory {
		if err == nil {
			err = views.Usage("nothing is kept on disk here, so nothing can be pinned; korescope export writes a case folder")
		}
		return cache.Pin{}, err
	}
	c, missing, err := d.gather(ctx, id)
	if err != nil {
		return cache.Pin{}, err
	}
	s := c.Sessions[0]
	p := cache.Pin{
		Session: id, Note: note, At: d.clock(), User: s.User, Start: s.Start, Type: s.Containment,
		Messages: len(c.Messages), Calls: len(c.Calls), Lines: len(c.Lines), Metrics: len(c.Rows),
		Missing: strings.Join(missing, ", "), Names: c.Names(),
	}
	if p.Body, err = c.Encode(); err != nil {
		return cache.Pin{}, err
	}
	if err := d.store.Pin(ctx, p); err != nil {
		return cache.Pin{}, err
	}
	return p, d.dropShelves()
}

// unpin lets conversations go.
func (d *desk) unpin(ctx context.Context, ids []api.SessionID) (int, error) {
	n, err := d.store.Unpin(ctx, ids)
	if err != nil {
		return n, err
	}
	return n, d.dropShelves()
}

// keptWords say what a pin holds.
func keptWords(p cache.Pin) text.Safe {
	said := text.Format("pinned: %d messages, %d LLM calls, %d debug lines, %d metrics; kept until it is unpinned", p.Messages, p.Calls, p.Lines, p.Metrics)
	if p.Missing != "" {
		said = text.Format("%s; could not be read: %s", said, p.Missing)
	}
	return said
}

// pinned are the conversations that are pinned, whole.
func (d *desk) pinned(ctx context.Context) (casefile.Case, error) {
	list, err := d.store.Pins(ctx)
	if err != nil {
		return casefile.Case{}, err
	}
	var all casefile.Case
	for _, p := range list {
		body, err := d.store.Pinned(ctx, p.Session)
		if err != nil {
			return all, err
		}
		c, err := casefile.Decode(body)
		if err != nil {
			return all, err
		}
		all.Sessions = slices.Concat(all.Sessions, c.Sessions)
		all.Messages = slices.Concat(all.Messages, c.Messages)
		all.Calls = slices.Concat(all.Calls, c.Calls)
		all.Lines = slices.Concat(all.Lines, c.Lines)
		all.Rows = slices.Concat(all.Rows, c.Rows)
	}
	return all, nil
}
