package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/cache"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

// defaultHits is how many hits are printed when no limit is given.
const defaultHits = 50

func (p *program) findCommand() *cobra.Command {
	var o rowFlags
	c := &cobra.Command{
		Use:   "find TEXT",
		Short: "Search the messages and LLM calls that are cached, newest first",
		Long: `Search the messages and LLM calls that are in the cache, newest first. Words,
"words in a row" and begin*; all of them must be there. Signs count at the ends
of a word (C++, #77) and beside words, but not alone. Nobody is asked: only what
was read before is searched.`,
		Example: `  korescope find refund
  korescope find '"order number" RB*' -o ndjson --limit 200
  korescope find refund --jq '.[].sessionId' | sort -u | xargs korescope messages`,
		Args: words(1, -1, "something to look for"),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error { return p.find(ctx, o, strings.Join(args, " ")) })
		},
	}
	o.registerWindow(c)
	o.register(c, views.Names(hitFields()))
	return p.leads(c, place{words: whole, text: true, bare: true, route: func(_ *desk, args []string) (ui.Route, error) {
		return views.FindRoute{Text: strings.Join(args, " ")}, nil
	}})
}

// searchable refuses what no index holds.
func searchable(what string) error {
	if cache.Searchable(what) {
		return nil
	}
	return views.Usage(text.Format("Words with letters or digits can be searched; %s holds none. "+
		"Emoji and signs are found only beside a word: thumbs 👍.", text.Clean(strings.TrimSpace(what))).String())
}

func (p *program) find(ctx context.Context, f rowFlags, what string) error {
	if err := searchable(what); err != nil {
		return err
	}
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	page, err := p.page(f, nil)
	if err != nil {
		return err
	}
	within, given, err := f.window(p.clock(), p.at.Zone)
	if err != nil {
		return err
	}
	d, err := p.open(ctx, set)
	if err != nil {
		return err
	}
	defer d.leave()
	w, err := output.New(p.streams.Out, hitFields(), page)
	if err != nil {
		return err
	}
	most := f.limit
	if most == 0 {
		most = defaultHits
	}
	more, err := d.hits(ctx, what, most, func(h cache.Hit) (bool, error) {
		if given && !within.Holds(h.Time) {
			return false, nil
		}
		return true, w.Write(ctx, h)
	})
	if err != nil {
		return err
	}
	if err := w.Close(ctx); err != nil {
		return err
	}
	return p.searched(ctx, d, w.Rows(), more && f.limit == 0)
}

// hits gives up to most hits that give counts; more says that others follow.
func (d *desk) hits(ctx context.Context, what string, most int, give func(cache.Hit) (bool, error)) (more bool, err error) {
	const batch = 200
	var before cache.Place
	for {
		hits, err := d.store.Find(ctx, cache.FindQuery{Text: what, Limit: batch, Before: before})
		if err != nil {
			return false, err
		}
		for _, h := range hits {
			if most == 0 {
				return true, nil
			}
			counted, err := give(h)
			if err != nil {
				return false, err
			}
			if counted {
				most--
			}
		}
		if len(hits) < batch {
			return false, nil
		}
		before = hits[len(hits)-1].Place
	}
}

// searched says what a search of the cache cannot know by itself: that more
// follows, or how much was looked through in vain. Only then is it counted:
// counting reads every page of the file, a search a few.
func (p *program) searched(ctx context.Context, d *desk, found int, more bool) error {
	switch {
	case more:
		p.talk.say(text.Format("the newest %d; --limit shows more", found))
		return nil
	case found > 0:
		return nil
	}
	info, err := d.store.Info(ctx)
	if err != nil {
		return err
	}
	p.talk.say(text.Format("nothing found in what is cached: %s messages, %s LLM calls; whole words only, refund* finds refunded",
		text.Count(info.Messages), text.Count(info.Calls)))
	return nil
}

// hitFields is the record of `find`.
func hitFields() []views.Field[cache.Hit] {
	return []views.Field[cache.Hit]{
		views.OwnField("kind", views.Layout{Title: text.Lit("KIND"), Min: 4, At80: 2, At140: 2}, func(h cache.Hit) string { return string(h.Kind) }),
		views.WholeIDField("sessionId", views.Layout{Title: text.Lit("SESSION"), Min: 4, At80: 3, At140: 3},
			func(h cache.Hit) api.SessionID { return h.Session }),
		views.WholeIDField("id", views.Layout{Title: text.Lit("ID"), Min: 4}, func(h cache.Hit) string { return h.ID }),
		views.TimeField("time", views.Layout{Title: text.Lit("TIME"), Min: 8, At80: 1, At140: 1}, func(h cache.Hit) time.Time { return h.Time }),
		views.WordField("snippet", views.Layout{Title: text.Lit("TEXT"), Min: 20, Grow: 1, At80: 4, At140: 4}, func(h cache.Hit) string { return h.Snippet }),
	}
}
