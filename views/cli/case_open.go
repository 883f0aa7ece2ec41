package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"korescope/api"
	"korescope/cache"
	"korescope/config"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

// isFolder reports an argument of open that is a case and no session.
func isFolder(arg string) bool {
	info, err := os.Stat(arg)
	return err == nil && info.IsDir()
}

// nowhereHost is what a case is opened with: nobody is asked, and if anything were
// to ask, this name leads nowhere. What the folder says of a host is not believed.
const nowhereHost = "https://case.invalid"

// openCase shows a case folder: without credentials, without a network and without
// anything on disk.
func (p *program) openCase(ctx context.Context, path string) error {
	if err := errors.Join(p.flags.check(), wantTerminal(p.streams)); err != nil {
		return err
	}
	return p.playing(ctx, "", func(ctx context.Context) (*desk, error) { return p.caseDesk(ctx, path) })
}

func (p *program) caseDesk(ctx context.Context, path string) (*desk, error) {
	c, m, err := readCase(path)
	if err != nil {
		return nil, err
	}
	keys, _ := keymap.New(keymap.Defaults(), nil)
	conf, _, _ := config.Load(ctx, config.Sources{Env: func(string) string { return "" }, Partial: true})
	d, err := sit(ctx, deskOptions{
		config: conf, keys: keys, cacheOff: true, mode: cache.Offline, clock: p.clock, mask: p.flags.mask,
		title: "case " + filepath.Base(filepath.Clean(path)),
		profile: config.Profile{
			Name: "case", Host: nowhereHost, BotID: m.Bot, ClientID: "case", Scope: config.BotScope,
			Secret: config.InlineSecret(config.Hide("case")), Timezone: time.UTC,
			RequestsPerMinute: config.DefaultRequestsPerMinute, RequestsPerHour: config.DefaultRequestsPerHour,
		},
		around: p.around(settled{config: conf}),
	})
	if err != nil {
		return nil, err
	}
	if err := fillStore(ctx, d.store, c, p.clock()); err != nil {
		return d, err
	}
	p.first = func(*desk) (ui.Route, error) {
		if len(c.Sessions) == 1 {
			return views.ConversationRoute{Session: c.Sessions[0]}, nil
		}
		return views.SessionsRoute{Query: api.SessionQuery{Window: c.Window()}, Title: "case"}, nil
	}
	if !m.Complete {
		d.notice = text.Lit("this case is not complete: its manifest says what is missing").String()
	}
	return d, nil
}
