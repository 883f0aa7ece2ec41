package kore

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"korescope/api"
)

// group is a set of ids that one request may name, with the window to send.
type group struct {
	bot    api.BotID // "" for the bot of the credential
	ids    []api.SessionID
	window api.Window // zero: the ids tell no time
	bare   bool       // nothing but the ids is sent
}

// groupByBirth puts ids together whose windows fit below the platform's limit,
// at most of them in a group. Newest group first; ids without a time last.
func groupByBirth(ids []api.SessionID, most int, before, after time.Duration) []group {
	type aged struct {
		id   api.SessionID
		born time.Time
	}
	var known []aged
	var rest []api.SessionID
	for _, id := range ids {
		if born, ok := id.Born(); ok {
			known = append(known, aged{id, born})
		} else {
			rest = append(rest, id)
		}
	}
	slices.SortFunc(known, func(a, b aged) int { return cmp.Or(b.born.Compare(a.born), cmp.Compare(a.id, b.id)) })
	var out []group
	for _, k := range known {
		own := api.Between(k.born, k.born).Widen(before, after)
		if n := len(out); n > 0 && len(out[n-1].ids) < most && out[n-1].window.To.Sub(own.From) <= sessionSlice {
			out[n-1].ids = append(out[n-1].ids, k.id)
			out[n-1].window.From = own.From
			continue
		}
		out = append(out, group{ids: []api.SessionID{k.id}, window: own})
	}
	for part := range slices.Chunk(rest, most) {
		out = append(out, group{ids: part})
	}
	return out
}

// sessionsByID reads named sessions, fifty a request. The platform ignores all
// other filters then; dates are sent all the same, since it is not said
// whether the default of seven days applies.
func (c *Client) sessionsByID(ctx context.Context, ids []api.SessionID, lane api.Lane) iter.Seq2[api.Page[api.Session], error] {
	groups := groupByBirth(ids, idsPerAsk, time.Hour, time.Hour)
	return inGroups(groups, api.Window{}, func(g group) (api.Page[api.Session], error) {
		return c.namedSessions(ctx, g, lane)
	})
}

// inGroups reads groups of ids one after the other. A group that fails and
// spares the others is a gap of the page that comes next; when none could be
// read the first failure is the error. done is what the last page of a reading
// without a gap covers.
func inGroups[T any](groups []group, done api.Window, read func(group) (api.Page[T], error)) iter.Seq2[api.Page[T], error] {
	return func(yield func(api.Page[T], error) bool) {
		var (
			gaps  []api.Gap
			some  bool
			holes bool
		)
		for i, g := range groups {
			page, err := read(g)
			switch {
			case err != nil && !spares(err):
				yield(api.Page[T]{Gaps: gaps}, err)
				return
			case err != nil:
				gaps = append(gaps, api.Gap{Window: g.window, Why: err})
				continue
			}
			some = true
			page.Gaps, gaps = append(page.Gaps, gaps...), nil
			page.More = i < len(groups)-1
			holes = holes || len(page.Gaps) > 0
			if !page.More && !holes {
				page.Done = done
			}
			if !yield(page, nil) {
				return
			}
		}
		switch {
		case len(gaps) > 0 && !some:
			yield(api.Page[T]{}, gaps[0].Why)
		case len(gaps) > 0:
			yield(api.Page[T]{Gaps: gaps}, nil)
		}
	}
}

func (c *Client) namedSessions(ctx context.Context, g group, lane api.Lane) (api.Page[api.Session], error) {
	body := sessionAsk{Limit: len(g.ids), IDs: g.ids}
	if !g.window.Zero() {
		body.DateFrom, body.DateTo = stamp(g.window.From), stamp(g.window.To)
	}
	answered, err := c.sessionPage(ctx, nil, body, lane)
	if err != nil {
		return api.Page[api.Session]{}, err
	}
	var page api.Page[api.Session]
	page.Total = answered.total
	found := map[string]bool{}
	for _, s := range answered.rows {
		if found[s.Key()] || s.ID != "" && !slices.Contains(g.ids, s.ID) {
			continue
		}
		found[s.Key()] = true
		page.Items = append(page.Items, s)
	}
	slices.SortStableFunc(page.Items, newestSession)
	// What is neither there nor named in invalidSessions is as unknown as what
	// is, unless more was announced than came.
	count := api.Count{Came: len(answered.rows), Announced: answered.total, More: answered.more.Value && len(answered.rows) < len(g.ids)}
	if err := count.Short(api.GetSessions); err != nil {
		page.Gaps = []api.Gap{{Window: g.window, Why: err}}
	}
	for _, id := range g.ids {
		if !found[string(id)] && (len(page.Gaps) == 0 || slices.Contains(answered.invalid, id)) {
			page.Unknown = append(page.Unknown, id)
		}
	}
	return page, nil
}
