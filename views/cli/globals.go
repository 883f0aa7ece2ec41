package cli

import (
	"time"

	"github.com/spf13/pflag"

	"korescope/cache"
	"korescope/views"
)

// globals are the flags every command takes. What they hold when they are
// registered is what they mean when they are not given.
type globals struct {
	profile, host, bot, config string
	offline, fresh, noCache    bool
	noInput                    bool
	accessible                 bool
	timeout                    time.Duration
	mask, noMask               bool
	dryRun                     bool // of the commands that only read
	profileCPU                 string
}

func (g *globals) register(f *pflag.FlagSet) {
	f.StringVar(&g.profile, "profile", "", "`name` of a profile in the config file")
	f.StringVar(&g.host, "host", "", "`host` of the platform")
	f.StringVar(&g.bot, "bot", "", "bot `id`, st-...")
	f.StringVar(&g.config, "config", "", "config `file`")
	f.BoolVar(&g.offline, "offline", g.offline, "answer from the cache, ask nobody")
	f.BoolVar(&g.fresh, "fresh", g.fresh, "ask the platform even for what is cached")
	f.BoolVar(&g.noCache, "no-cache", false, "keep nothing on disk")
	f.BoolVar(&g.noInput, "no-input", g.noInput, "never ask")
	f.BoolVar(&g.accessible, "accessible", g.accessible, "the dashboard as plain lines and questions (ACCESSIBLE=1)")
	f.DurationVar(&g.timeout, "timeout", 0, "give up after this `long`, for example 90s")
	f.BoolVar(&g.mask, "mask", g.mask, "mask personal data")
	f.StringVar(&g.profileCPU, profileFlag, "", "write where the processor's time went to this `file`")
	_ = f.MarkHidden(profileFlag) // it was just registered
	f.BoolVar(&g.noMask, "no-mask", g.noMask, "do not mask, whatever the profile says")
}

// check finds flags that contradict each other.
func (g *globals) check() error {
	switch {
	case g.offline && g.fresh:
		return views.Usage("--offline and --fresh exclude each other; one asks nobody, the other asks for everything")
	case g.mask && g.noMask:
		return views.Usage("--mask and --no-mask exclude each other")
	case g.timeout < 0:
		return views.Usage("--timeout is a length of time, for example 90s")
	}
	return nil
}

func (g *globals) mode() cache.Mode {
	switch {
	case g.offline:
		return cache.Offline
	case g.fresh:
		return cache.Fresh
	}
	return cache.Normal
}
