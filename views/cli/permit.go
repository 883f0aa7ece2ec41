package cli

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

// The dashboard changes nothing until somebody says :writes on, in a profile that
// allows it, and then for a while: a screen that was left open is READ-ONLY again.
// Commands are not under this rule: each of them is one act, that --yes confirms.

// permit is until when what changes something may be sent; the zero value is
// never.
type permit struct{ end atomic.Int64 }

func (p *permit) until() time.Time {
	n := p.end.Load()
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n)
}

func (p *permit) on(until time.Time) { p.end.Store(until.UnixNano()) }
func (p *permit) off()               { p.end.Store(0) }

// shut keeps the client from sending what changes something while it is off.
func (d *desk) shut(o deskOptions) func() bool {
	if !o.gated {
		return nil
	}
	return func() bool { return !d.permit.until().After(d.clock()) }
}

// How long writes are on when nobody says so, and at most.
const (
	usualPermit   = 10 * time.Minute
	longestPermit = time.Hour
)

const writesUsage = "write writes on [10m] or writes off; at most 1h"

// writesWord switches writes on for a while; a shell has --yes.
func (p *program) writesWord() *cobra.Command {
	c := &cobra.Command{Use: "writes on [10m] | off", Short: "Let changes through for a while", RunE: func(*cobra.Command, []string) error { return nil }}
	return p.leads(p.writing(c), asksFirst((*desk).writesRoute))
}

// writesRoute reads what stands behind writes after ":".
func (d *desk) writesRoute(args []string) (ui.Route, error) {
	switch {
	case len(args) == 1 && args[0] == "off":
		return ui.Deed{Do: func(context.Context) tea.Msg {
			d.permit.off()
			return ui.Writing{Said: text.Lit("writes are off: READ-ONLY")}
		}}, nil
	case len(args) == 0 || len(args) > 2 || args[0] != "on":
		return nil, views.Usage(writesUsage)
	}
	length := usualPermit
	if len(args) == 2 {
		var err error
		if length, err = time.ParseDuration(strings.TrimSpace(args[1])); err != nil || length < time.Second || length > longestPermit {
			return nil, views.Usage(writesUsage)
		}
	}
	return ui.Deed{Do: func(context.Context) tea.Msg {
		until := d.clock().Add(length)
		d.permit.on(until)
		return ui.Writing{Until: until, Said: text.Format("WRITE until %s; :writes off ends it", views.Clock(until, d.zone))}
	}}, nil
}
