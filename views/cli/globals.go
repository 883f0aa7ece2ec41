package cli

import (
	"time"

	"github.com/spf13/pflag"
)

// globals are the flags every command takes.
type globals struct {
	profile, host, bot, config string
	offline, fresh, noCache    bool
	noInput                    bool
	timeout                    time.Duration
	mask, noMask               bool
}

func (g *globals) register(f *pflag.FlagSet) {
	f.StringVar(&g.profile, "profile", "", "profile of the config file")
	f.StringVar(&g.host, "host", "", "host of the platform")
	f.StringVar(&g.bot, "bot", "", "bot id, st-...")
	f.StringVar(&g.config, "config", "", "config file")
	f.BoolVar(&g.offline, "offline", false, "answer from the cache only")
	f.BoolVar(&g.fresh, "fresh", false, "ask the platform even for what is cached")
	f.BoolVar(&g.noCache, "no-cache", false, "keep nothing on disk")
	f.BoolVar(&g.noInput, "no-input", false, "never ask")
	f.DurationVar(&g.timeout, "timeout", 0, "give up after this long")
	f.BoolVar(&g.mask, "mask", false, "mask personal data")
	f.BoolVar(&g.noMask, "no-mask", false, "show personal data")
}
