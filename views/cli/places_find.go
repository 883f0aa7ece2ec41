package cli

import (
	"context"

	"korescope/api"
	"korescope/cache"
	"korescope/views/feed"
	"korescope/views/find"
)

// hitsAtOnce is how many hits the screen shows before the person is asked.
const hitsAtOnce = 200

// finder searches what is on disk.
func (d *desk) finder() feed.Reader[find.Query, find.Found] {
	return feed.Disk(func(ctx context.Context, q find.Query) (api.Answer[find.Found], error) {
		found, err := d.search(ctx, q)
		return api.Answer[find.Found]{Value: found, At: d.clock()}, err
	})
}

func (d *desk) search(ctx context.Context, q find.Query) (find.Found, error) {
	if err := searchable(q.Text); err != nil {
		return find.Found{}, err
	}
	var out find.Found
	before := cache.Place(q.Before)
	// One more than is shown says whether others follow. Rows that are too old
	// to be shown are left out of a page, so one page may not be enough.
	for len(out.Hits) <= hitsAtOnce {
		page, err := d.store.Find(ctx, cache.FindQuery{Text: q.Text, Limit: hitsAtOnce + 1 - len(out.Hits), Before: before})
		if err != nil {
			return find.Found{}, err
		}
		if len(page) == 0 {
			return d.lookedThrough(ctx, q, out)
		}
		for _, h := range page {
			out.Hits = append(out.Hits, d.hit(h))
		}
		before = page[len(page)-1].Place
	}
	out.Hits, out.More = out.Hits[:hitsAtOnce], true
	return out, nil
}

// lookedThrough adds how much was searched when nothing was found in it. Only
// then is it counted: counting reads every page of the file, a search a few.
func (d *desk) lookedThrough(ctx context.Context, q find.Query, f find.Found) (find.Found, error) {
	if len(f.Hits) > 0 || q.Before != 0 {
		return f, nil
	}
	info, err := d.store.Info(ctx)
	f.Sessions, f.Messages, f.Calls, f.Lines = info.Sessions, info.Messages, info.Calls, info.Lines
	return f, err
}

// hit is a hit as the screen takes it.
func (d *desk) hit(h cache.Hit) find.Hit {
	out := find.Hit{
		Kind: find.Kind(h.Kind), Session: h.Session, ID: h.ID, Time: h.Time, Snippet: h.Snippet, Place: int64(h.Place),
		Identity: h.Identity, Channel: h.Channel, Title: h.Title, Marks: make([][2]int, len(h.Marks)),
	}
	for i, m := range h.Marks {
		out.Marks[i] = [2]int{m.From, m.To}
	}
	return out
}
