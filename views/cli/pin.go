package cli

import (
	"context"
	"iter"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/cache"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/records"
)

func (p *program) pinCommand() *cobra.Command {
	var o rowFlags
	var note string
	c := &cobra.Command{
		Use:   "pin [SESSION]",
		Short: "Keep everything about a conversation, before the platform forgets it",
		Long: `Keep everything about a conversation here until it is unpinned: messages, LLM
calls with payloads, debug lines and metrics, read at once. Neither the age nor the
size of the cache removes it; an erasure of somebody in it does, and so does
removing the file (cache purge), which is encrypted with the client's secret.
Without a session the list of what is pinned is printed; after : in the dashboard
the conversation in view is meant, and :case lists.`,
		Example: `  korescope pin 68f1a3d04c7e2b9a5d10e3f7 --note 'ticket 4711'
  korescope pin -o json
  korescope export --pinned --to case-4711`,
		Args:              words(0, 1, "the id of one session"),
		ValidArgsFunction: p.completeSessions,
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), p.rehearsed(func(ctx context.Context) error {
				return report(ctx, p, o, pinFields(), func(ctx context.Context, d *desk, _ api.Window) ([]cache.Pin, ending, error) {
					if len(args) == 1 {
						is, err := d.pin(ctx, api.SessionID(args[0]), note)
						if err != nil {
							return nil, ending{}, err
						}
						p.talk.say(keptWords(is))
						return []cache.Pin{is}, ending{came: true, partial: is.Missing != ""}, nil
					}
					list, err := d.store.Pins(ctx)
					return list, ending{came: true}, err
				})
			}))
		},
	}
	c.Flags().StringVar(&note, "note", "", "why it is kept")
	p.registerDryRun(c)
	o.register(c, views.Names(pinFields()))
	return p.leads(c, place{once: true, about: true})
}

// caseWord lists what is pinned; a shell has pin.
func (p *program) caseWord() *cobra.Command {
	c := &cobra.Command{Use: "case", Short: "Conversations that are pinned", Args: words(0, 0, ""), RunE: func(*cobra.Command, []string) error { return nil }}
	to := opens(views.CaseRoute{})
	to.only = true
	return p.leads(c, to)
}

func (p *program) unpinCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "unpin SESSION...",
		Short: "Let pinned conversations go",
		Args:  words(1, -1, "the ids of pinned sessions (korescope pin lists them)"),
		RunE: func(c *cobra.Command, args []string) error {
			return headless(c.Context(), func(ctx context.Context) error {
				_, d, err := p.settled(ctx)
				if err != nil {
					return err
				}
				defer d.leave()
				n, err := d.unpin(ctx, sessionIDs(args))
				if err != nil {
					return err
				}
				p.talk.say(text.Format("%d unpinned", n))
				if n < len(sessionIDs(args)) {
					return &api.Error{Kind: api.NotFound}
				}
				return nil
			})
		},
	}
	return p.leads(c, place{once: true})
}

// pinList reads what is pinned.
type pinList struct{ d *desk }

// Cached lists what is pinned.
func (l pinList) Cached(ctx context.Context, _ cache.AllPins) (api.Answer[[]cache.Pin], error) {
	list, err := l.d.store.Pins(ctx)
	return api.Answer[[]cache.Pin]{Value: list, At: l.d.clock(), Origin: api.FromDisk, Fresh: true, Done: true}, err
}

// Refresh gives what Cached gives: nobody else knows.
func (l pinList) Refresh(ctx context.Context, k cache.AllPins, _ api.Lane) iter.Seq2[api.Answer[[]cache.Pin], error] {
	return func(yield func(api.Answer[[]cache.Pin], error) bool) { yield(l.Cached(ctx, k)) }
}

func (d *desk) pinDeps() records.Deps[cache.AllPins, cache.Pin, api.SessionID] {
	return records.Deps[cache.AllPins, cache.Pin, api.SessionID]{
		Title: text.Lit("case"), What: text.Lit("pinned"), Fields: pinFields(),
		ID: func(p cache.Pin) api.SessionID { return p.Session }, Reader: pinList{d},
		Words: records.Words{
			Reading: text.Lit("looking at what is pinned ..."),
			Empty:   text.Lit("nothing is pinned; m pins the conversation under the cursor"),
			Foot:    text.Lit("kept until unpinned; korescope export --pinned --to DIR writes a case folder"),
		},
		Open: func(p cache.Pin) (ui.Route, text.Safe) {
			return views.ConversationRoute{Session: api.Session{ID: p.Session}}, text.Safe{}
		},
		Detail: func(p cache.Pin, e views.Env) text.Safe {
			out := text.Format("%d messages, %d LLM calls, %d debug lines, %d metrics", p.Messages, p.Calls, p.Lines, p.Metrics)
			if p.Missing != "" {
				out = text.Format("%s; could not be read: %s", out, p.Missing)
			}
			return text.Join("  ", out, e.Text(p.Note))
		},
		Acts: map[keymap.Action]func(context.Context, cache.Pin) ui.Note{keymap.UnpinItem: func(ctx context.Context, p cache.Pin) ui.Note {
			if _, err := d.unpin(ctx, []api.SessionID{p.Session}); err != nil {
				return ui.Note{Text: d.sentence(err), Bad: true, Sticky: true}
			}
			return ui.Note{Text: text.Lit("unpinned")}
		}},
		Copy: func(p cache.Pin, e views.Env) string { return e.MaskedID(string(p.Session)) }, Noun: text.Lit("session id"),
		Command: "korescope pin",
		Clock:   d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
	}
}

// pinner keeps a conversation from a screen and says what was kept.
func (d *desk) pinner(ctx context.Context, id api.SessionID, note string) (text.Safe, error) {
	p, err := d.pin(ctx, id, note)
	if err != nil {
		return text.Safe{}, err
	}
	return keptWords(p), nil
}

// pinFields is the record of `pin`.
func pinFields() []views.Field[cache.Pin] {
	type row = cache.Pin
	count := func(name string, title text.Safe, at int, of func(row) int) views.Field[row] {
		return views.CountField(name, views.Layout{Title: title, Min: 4, Ideal: 5, At140: at},
			func(r row) api.Maybe[int] { return api.Known(of(r)) })
	}
	return []views.Field[row]{
		views.WholeIDField("sessionId", views.Layout{Title: text.Lit("SESSION"), Min: 10, Ideal: 24, At140: 9}, func(r row) api.SessionID { return r.Session }),
		views.TimeField("pinnedAt", views.Layout{Title: text.Lit("PINNED"), Min: 8, Ideal: 12, At80: 4, At140: 8}, func(r row) time.Time { return r.At }),
		views.TimeField("startTime", views.Layout{Title: text.Lit("START"), Min: 8, Ideal: 12, At80: 1, At140: 1}, func(r row) time.Time { return r.Start }),
		views.UserField("userId", views.Layout{Title: text.Lit("USER"), Min: 10, Ideal: 14, At80: 3, At140: 3}, func(r row) api.UserID { return r.User }),
		views.WordField("containmentType", views.Layout{Title: text.Lit("TYPE"), Min: 5, Ideal: 6, At80: 2, At140: 2}, func(r row) api.Containment { return r.Type }).
			As(func(r row, e views.Env) views.Cell {
				return views.ContainmentBadge(api.Session{Containment: r.Type, Status: api.StatusClosed}, e)
			}),
		views.WordField("note", views.Layout{Title: text.Lit("NOTE"), Min: 12, Ideal: 30, Grow: 1, At80: 5, At140: 7}, func(r row) string { return r.Note }),
		count("messages", text.Lit("MSG"), 4, func(r row) int { return r.Messages }),
		count("llmCalls", text.Lit("CALLS"), 5, func(r row) int { return r.Calls }),
		count("debugLines", text.Lit("LINES"), 6, func(r row) int { return r.Lines }),
		count("metrics", text.Lit("METR"), 10, func(r row) int { return r.Metrics }),
		views.WordField("missing", views.Layout{Title: text.Lit("MISSING"), Min: 8, Ideal: 20, At140: 11}, func(r row) string { return r.Missing }),
	}
}
