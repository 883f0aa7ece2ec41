package kore

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"korescope/api"
)

const changePage = 50 // the most that the platform gives

// Changes reads the bot's change log, newest first as the platform sends it. The
// platform takes whole days of its own time zone, so a day more is asked on
// either side and what lies outside is left out here.
//
// GET /api/public/bot/{bot}/changelogs (reference 31.3); its offset counts pages.
func (c *Client) Changes(ctx context.Context, q api.ChangeQuery, lane api.Lane) iter.Seq2[api.Page[api.ChangeEntry], error] {
	if q.Window.From.IsZero() || q.Window.Length() <= 0 {
		return failed[api.ChangeEntry](misuse("a window with a beginning and a later end is needed"))
	}
	w := q.Window.Widen(24*time.Hour, 24*time.Hour)
	var pages atomic.Int32
	pages.Store(unitPages)
	t := &turning[api.ChangeEntry]{
		size: changePage, limit: q.Limit, unit: &pages,
		id:   func(e api.ChangeEntry) string { return e.ID },
		keep: func(e api.ChangeEntry) bool { return e.At.IsZero() || q.Window.Holds(e.At) },
		fetch: func(ctx context.Context, offset int) (chunk[api.ChangeEntry], error) {
			a, err := c.call(ctx, api.ChangeLogs, url.Values{
				"startDate": {w.From.UTC().Format(time.DateOnly)}, "endDate": {w.To.UTC().Format(time.DateOnly)},
				"offset": {strconv.Itoa(offset)}, "limit": {strconv.Itoa(changePage)},
			}, nil, lane)
			if err != nil {
				return chunk[api.ChangeEntry]{}, err
			}
			return a.changes()
		},
	}
	return wholeWindow(q.Window, t.pages(ctx))
}

func (a *answer) changes() (chunk[api.ChangeEntry], error) {
	if a.object != nil {
		return chunk[api.ChangeEntry]{}, unexpected(api.ChangeLogs, a)
	}
	var out chunk[api.ChangeEntry]
	for _, raw := range a.array {
		out.rows = append(out.rows, decodeChange(raw))
	}
	return out, nil
}

func decodeChange(raw json.RawMessage) api.ChangeEntry {
	e := api.ChangeEntry{ID: digest(string(raw)), Raw: slices.Clone(raw)}
	r, ok := readRow(raw)
	if !ok {
		e.Unreadable = "the row is not an object"
		return e
	}
	if id := r.text("_id"); id != "" {
		e.ID = id
	}
	e.Message, e.ResourceType, e.ResourceID = r.text("message"), r.text("resourceType"), r.text("resourceId")
	who := r.sub("userId")
	e.User = strings.TrimSpace(who.text("firstName") + " " + who.text("lastName"))
	e.Email = who.text("emailId")
	if who == nil {
		e.User = r.text("userId")
	}
	if e.At, ok = r.time("createdOn"); !ok || e.At.IsZero() {
		e.Unreadable = "createdOn is not a time"
	}
	return e
}
