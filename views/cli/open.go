package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui"
	"korescope/views"
	"korescope/views/filter"
)

func (p *program) openCommand() *cobra.Command {
	var at string
	c := &cobra.Command{
		Use:   "open SESSION | CASE-FOLDER",
		Short: "The dashboard at one conversation, or over a case folder",
		Long: `The dashboard at one conversation, and with --at at one line of it: what
happened at that time or last before it, or the message of that id. The copy
menu of the dashboard writes this line (y r). A case folder that export wrote is
shown without credentials and without a network, once every file in it is as it
was written.`,
		Example: `  korescope open 68f1a3d04c7e2b9a5d10e3f7 --at 2025-10-17T08:12:12.250Z`,
		Args:    words(1, 1, "one session id or case folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if at == "" && isFolder(args[0]) {
				return p.openCase(c.Context(), args[0])
			}
			return p.dashboardAt(c.Context(), func(d *desk) (ui.Route, error) { return d.conversationAt(args[0], at) })
		},
	}
	c.Flags().StringVar(&at, "at", "", "`time` or message id to start at")
	return p.leads(c, place{only: true, takes: []string{"at"}, route: func(d *desk, args []string) (ui.Route, error) { return d.conversationAt(args[0], at) }})
}

// conversationAt is the route to a conversation. What is no time is the id of a
// message.
func (d *desk) conversationAt(id, at string) (ui.Route, error) {
	r := views.ConversationRoute{Session: api.Session{ID: api.SessionID(id)}}
	if at == "" {
		return r, nil
	}
	if t, dateOnly, err := views.ParseTime(at, time.UTC); err == nil && !dateOnly {
		r.At = t
		return r, nil
	}
	if strings.ContainsAny(at, " \t") {
		return nil, views.Usage("--at takes a time such as 2025-10-17T08:12:12Z, or the id of a message")
	}
	r.Message = api.MessageID(at)
	return r, nil
}

// dashboardAt is the dashboard with another first screen.
func (p *program) dashboardAt(ctx context.Context, first func(*desk) (ui.Route, error)) error {
	p.first = first
	return p.dashboard(ctx)
}

// startOptions say where the dashboard begins.
type startOptions struct {
	rowFlags
	query  string
	resume bool
}

func (o *startOptions) register(c *cobra.Command) {
	f := c.Flags()
	f.StringVarP(&o.query, "query", "q", "", "begin with the sessions that match this `filter`")
	f.BoolVar(&o.resume, "resume", false, "begin where the last dashboard of this profile was left")
	o.registerWindow(c)
}

// route is the first screen that was asked for; nil for the usual one. What is
// wrong is told before anything is opened.
func (o *startOptions) route(now time.Time) (func(*desk) (ui.Route, error), error) {
	w, given, err := o.window(now, time.UTC)
	if err != nil {
		return nil, err
	}
	switch {
	case o.resume && (given || o.query != ""):
		return nil, views.Usage("--resume begins where the last one was left, so it takes no filter and no window")
	case o.resume:
		return (*desk).resumed, nil
	case !given && o.query == "":
		return nil, nil
	}
	return func(d *desk) (ui.Route, error) {
		if !given {
			w = api.Last(d.config.Start, d.clock())
		}
		if _, _, err := filter.Sessions(d.zone).Compile(o.query); err != nil {
			return nil, err
		}
		return views.SessionsRoute{Query: api.SessionQuery{Window: w}, Filter: o.query}, nil
	}, nil
}

// resumed is where the last dashboard of this profile was left. What is kept may
// be from another version: what cannot be read begins as usual.
func (d *desk) resumed() (ui.Route, error) {
	r, known, err := d.again(d.saved().read(lastPlace))
	if !known || err != nil {
		return d.firstRoute(), nil //nolint:nilerr // a convenience
	}
	return r, nil
}
