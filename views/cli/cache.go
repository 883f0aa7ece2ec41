package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
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
	var all, ofTeam bool
	purge := sub("purge", "Remove the files themselves, with what is pinned in them; works without the secret", func(ctx context.Context) error {
		if ofTeam {
			return p.teamPurge(ctx)
		}
		return p.cachePurge(ctx, all)
	})
	purge.Flags().BoolVar(&ofTeam, "team", false, "what the team keeps with this profile's key instead; needs the secret")
	purge.Flags().BoolVar(&all, "all", false, "the files of every profile, also of those that are gone; the last copy, what was typed and saved places")
	purge.MarkFlagsMutuallyExclusive("all", "team")
	var shown rowFlags
	info := sub("info", "What is kept, where, and how much of it", func(ctx context.Context) error { return p.cacheInfo(ctx, shown) })
	shown.register(info, views.Names(cacheFields()))
	return group("cache", "Show, clear or remove what is kept on disk",
		p.leads(info, place{}),
		p.leads(sub("clear", "Remove every session, message and call; what is pinned and the count of requests stay", p.cacheClear), place{once: true}),
		p.leads(purge, place{once: true, closed: "the files are open here: leave first and write korescope cache purge, or write :cache clear"}),
	)
}

// cacheState is the record of `cache info`.
type cacheState struct {
	cache.Info
	mode      string // rights of the file, four octal digits; "" in memory
	most      int64  // bytes
	retention time.Duration
}

func cacheFields() []views.Field[cacheState] {
	type state = cacheState
	lay := func(title text.Safe, least, at int) views.Layout {
		return views.Layout{Title: title, Min: least, At80: at, At140: at}
	}
	count := func(name string, title text.Safe, at int, of func(state) int64) views.Field[state] {
		return views.CountField(name, lay(title, 6, at), func(s state) api.Maybe[int64] { return api.Known(of(s)) })
	}
	return []views.Field[state]{
		views.OwnField("path", lay(text.Lit("PATH"), 20, 1), func(s state) string {
			if s.Memory {
				return ""
			}
			return s.Path
		}),
		views.OwnField("mode", lay(text.Lit("MODE"), 4, 2), func(s state) string { return s.mode }),
		views.TruthField("encrypted", lay(text.Lit("ENCRYPTED"), 3, 3), func(s state) api.Maybe[bool] { return api.Known(s.Encrypted) }),
		count("bytes", text.Lit("BYTES"), 4, func(s state) int64 { return s.Bytes }),
		count("maxBytes", text.Lit("MOST"), 5, func(s state) int64 { return s.most }),
		count("sessions", text.Lit("SESSIONS"), 6, func(s state) int64 { return int64(s.Sessions) }),
		count("messages", text.Lit("MESSAGES"), 7, func(s state) int64 { return int64(s.Messages) }),
		count("llmCalls", text.Lit("CALLS"), 8, func(s state) int64 { return int64(s.Calls) }),
		views.TimeField("oldest", lay(text.Lit("OLDEST"), 19, 9), func(s state) time.Time { return s.Oldest }),
		count("retentionMs", text.Lit("KEPT"), 10, func(s state) int64 { return s.retention.Milliseconds() }),
		count("pinned", text.Lit("PINNED"), 11, func(s state) int64 { return int64(s.Pinned) }),
	}
}

func (p *program) cacheInfo(ctx context.Context, f rowFlags) error {
	set, d, err := p.settled(ctx)
	if err != nil {
		return err
	}
	defer d.leave()
	i, err := d.store.Info(ctx)
	if err != nil {
		return err
	}
	s := cacheState{Info: i, most: set.config.Cache.MaxBytes, retention: set.config.Cache.Retention}
	if st, err := os.Stat(i.Path); err == nil && !i.Memory {
		s.mode = fmt.Sprintf("%04o", st.Mode().Perm())
	}
	return printOne(ctx, p, f, cacheFields(), s, func() error { return p.cacheLines(s) })
}

func (p *program) cacheLines(i cacheState) error {
	path := i.Path
	if i.Memory {
		path = "in memory"
	}
	oldest := "-"
	if !i.Oldest.IsZero() {
		oldest = views.Stamp(i.Oldest)
	}
	return p.list([]line{
		{"path", text.Clean(path)},
		{"mode", text.Clean(orWords(i.mode, "-"))},
		{"encrypted", yes(i.Encrypted)},
		{"size", text.Format("%s of at most %s", views.Bytes(i.Bytes), views.Bytes(i.most))},
		{"sessions", text.Count(i.Sessions)},
		{"messages", text.Count(i.Messages)},
		{"llm calls", text.Count(i.Calls)},
		{"metrics", text.Count(i.Metrics)},
		{"changes", text.Count(i.Changes)},
		{"pinned", text.Count(i.Pinned)},
		{"oldest", text.Clean(oldest)},
		{"kept for", views.Age(i.retention)},
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
	set, d, err := p.settled(ctx)
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
	if i.Pinned > 0 {
		p.talk.say(text.Format("%d pinned conversations stay; korescope unpin lets them go, cache purge removes them with the file", i.Pinned))
	}
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
	if all {
		more, failed := purgeTyped(set.dirs.State)
		removed, err = append(removed, more...), errors.Join(err, failed)
	}
	for _, name := range removed {
		p.talk.say(text.Format("removed %s", name))
	}
	if _, failed := os.Stat(filepath.Join(set.dirs.State, runsName)); failed == nil && set.dirs.State != "" {
		p.talk.say(text.Lit("the runs of test suites stay; korescope tests forget removes them"))
	}
	if err != nil {
		return err
	}
	if len(removed) == 0 {
		p.talk.say(text.Format("there was nothing to remove in %s", set.dirs.Cache))
	}
	return nil
}

// purgeTyped removes what is kept outside the caches and may hold words of
// customers: the last copy, what was typed into prompts, places with their filters.
// The journal stays: it says what was done, and names no customer.
func purgeTyped(dir string) (removed []string, err error) {
	if dir == "" {
		return nil, nil
	}
	for _, name := range []string{clipName, pastName, savedName} {
		switch failed := os.Remove(filepath.Join(dir, name)); {
		case failed == nil:
			removed = append(removed, name)
		case !errors.Is(failed, fs.ErrNotExist):
			err = errors.Join(err, failed)
		}
	}
	return removed, err
}
