package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"korescope/cache"
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
"words in a row" and begin*; all of them must be there. Nobody is asked: only
what was read before is searched.`,
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
	return c
}

func (p *program) find(ctx context.Context, f rowFlags, what string) error {
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
	w, err := output.New(p.streams.Out, hitFields(), page, d.maskHit())
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

// searched says what a search of the cache cannot know by itself: how much it
// looked through.
func (p *program) searched(ctx context.Context, d *desk, found int, more bool) error {
	info, err := d.store.Info(ctx)
	if err != nil {
		return err
	}
	switch {
	case more:
		p.talk.say(text.Format("the newest %d; --limit shows more", found))
	case found == 0:
		p.talk.say(text.Format("nothing found in what is cached: %s messages, %s LLM calls",
			text.Count(info.Messages), text.Count(info.Calls)))
	}
	return nil
}

func (d *desk) maskHit() func(cache.Hit) cache.Hit {
	if d.mask == nil {
		return nil
	}
	return func(h cache.Hit) cache.Hit {
		h.Snippet, h.Marks = d.mask.Text(h.Snippet), nil
		return h
	}
}

// hitFields is the record of `find`.
func hitFields() []views.Field[cache.Hit] {
	word := func(name string, title text.Safe, at int, of func(cache.Hit) string) views.Field[cache.Hit] {
		return views.Field[cache.Hit]{
			Name: name, Title: title, Min: 4, At80: at, At140: at,
			Show: func(h cache.Hit, _ views.Env) views.Cell { return wordCell(of(h)) },
			Value: func(h cache.Hit) any {
				if of(h) == "" {
					return nil
				}
				return of(h)
			},
		}
	}
	snippet := word("snippet", text.Lit("TEXT"), 4, func(h cache.Hit) string { return h.Snippet })
	snippet.Min, snippet.Grow = 20, 1
	return []views.Field[cache.Hit]{
		word("kind", text.Lit("KIND"), 2, func(h cache.Hit) string { return string(h.Kind) }),
		word("sessionId", text.Lit("SESSION"), 3, func(h cache.Hit) string { return string(h.Session) }),
		word("id", text.Lit("ID"), 0, func(h cache.Hit) string { return h.ID }),
		timeField("time", text.Lit("TIME"), 1, func(h cache.Hit) time.Time { return h.Time }),
		snippet,
	}
}

// timeField is a time in a record that no screen shows.
func timeField[T any](name string, title text.Safe, at int, of func(T) time.Time) views.Field[T] {
	return views.Field[T]{
		Name: name, Title: title, Min: 8, At80: at, At140: at,
		Show: func(v T, e views.Env) views.Cell {
			if of(v).IsZero() {
				return wordCell("")
			}
			return views.Cell{Text: views.Moment(of(v), e)}
		},
		Value: func(v T) any {
			if of(v).IsZero() {
				return nil
			}
			return of(v)
		},
	}
}

func wordCell(s string) views.Cell {
	if s == "" {
		return views.Cell{Text: text.Lit("-")}
	}
	return views.Cell{Text: text.Clean(s)}
}
