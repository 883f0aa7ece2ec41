package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"korescope/cache"
	"korescope/config"
	"korescope/ui/text"
	"korescope/views"
)

func (p *program) cacheCommand() *cobra.Command {
	sub := func(use, short string, do func(context.Context) error) *cobra.Command {
		return &cobra.Command{Use: use, Short: short, Args: words(0, 0, ""), RunE: func(c *cobra.Command, _ []string) error {
			return headless(c.Context(), do)
		}}
	}
	var all bool
	purge := sub("purge", "Remove the files themselves; works without the secret", func(ctx context.Context) error { return p.cachePurge(ctx, all) })
	purge.Flags().BoolVar(&all, "all", false, "the files of every profile, also of those that are gone")
	return group("cache", "Show, clear or remove what is kept on disk",
		sub("info", "What is kept, where, and how much of it", p.cacheInfo),
		sub("clear", "Remove every session, message and call; the count of requests stays", p.cacheClear),
		purge,
	)
}

func (p *program) cacheInfo(ctx context.Context) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	d, err := p.open(ctx, set)
	if err != nil {
		return err
	}
	defer d.leave()
	i, err := d.store.Info(ctx)
	if err != nil {
		return err
	}
	path, mode := "in memory", "-"
	if !i.Memory {
		path = i.Path
		if st, err := os.Stat(i.Path); err == nil {
			mode = fmt.Sprintf("%04o", st.Mode().Perm())
		}
	}
	oldest := "-"
	if !i.Oldest.IsZero() {
		oldest = views.Stamp(i.Oldest)
	}
	return p.list([]line{
		{"path", text.Clean(path)},
		{"mode", text.Clean(mode)},
		{"encrypted", yes(i.Encrypted)},
		{"size", text.Format("%s of at most %s", views.Bytes(i.Bytes), views.Bytes(set.config.Cache.MaxBytes))},
		{"sessions", text.Count(i.Sessions)},
		{"messages", text.Count(i.Messages)},
		{"llm calls", text.Count(i.Calls)},
		{"metrics", text.Count(i.Metrics)},
		{"changes", text.Count(i.Changes)},
		{"oldest", text.Clean(oldest)},
		{"kept for", views.Age(set.config.Cache.Retention)},
	})
}

// line is one thing with its name.
type line struct {
	name  string
	value text.Safe
}

// list prints things one a line, aligned.
func (p *program) list(lines []line) error {
	wide := 0
	for _, l := range lines {
		wide = max(wide, len(l.name))
	}
	for _, l := range lines {
		if _, err := fmt.Fprintf(p.streams.Out, "%-*s  %s\n", wide, l.name, l.value); err != nil {
			return err
		}
	}
	return nil
}

func yes(b bool) text.Safe {
	if b {
		return text.Lit("yes")
	}
	return text.Lit("no")
}

func (p *program) cacheClear(ctx context.Context) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	d, err := p.open(ctx, set)
	if err != nil {
		return err
	}
	defer d.leave()
	i, err := d.store.Info(ctx)
	if err != nil {
		return err
	}
	if i.Memory && !p.flags.noCache && !set.config.Cache.Off {
		return fmt.Errorf("the cache file could not be opened, so nothing was removed from it (%s); korescope cache purge removes the file itself", orWords(d.notice, "nobody says why"))
	}
	if err := d.store.Clear(ctx); err != nil {
		return err
	}
	p.talk.say(text.Format("removed %s sessions, %s messages, %s LLM calls",
		text.Count(i.Sessions), text.Count(i.Messages), text.Count(i.Calls)))
	return nil
}

func (p *program) cachePurge(ctx context.Context, all bool) error {
	set, err := p.settings(ctx, true)
	if err != nil {
		return err
	}
	if set.dirs.Cache == "" {
		return views.Usage("there is no cache folder: neither HOME nor XDG_CACHE_HOME is set")
	}
	prefix := config.CacheName(set.profile) + "-"
	if all {
		prefix = ""
	}
	removed, err := cache.PurgeAll(set.dirs.Cache, prefix)
	for _, name := range removed {
		p.talk.say(text.Format("removed %s", name))
	}
	if err != nil {
		return err
	}
	if len(removed) == 0 {
		p.talk.say(text.Format("there was nothing to remove in %s", set.dirs.Cache))
	}
	return nil
}
