package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"korescope/config"
	"korescope/spell"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

// office holds the desks of one run of the dashboard: the one that is worked at
// and, while the person moves, the other one. It closes what is open at its end.
type office struct {
	open func(ctx context.Context, profile string) (*desk, error)

	mu     sync.Mutex
	desks  []*desk
	moving bool
}

// keep takes a desk in.
func (f *office) keep(d *desk) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d.office = f
	f.desks = append(f.desks, d)
}

// leave closes one desk.
func (f *office) leave(d *desk) error {
	f.mu.Lock()
	f.desks = slices.DeleteFunc(f.desks, func(one *desk) bool { return one == d })
	f.mu.Unlock()
	return d.close()
}

// close closes every desk.
func (f *office) close() error {
	f.mu.Lock()
	open := f.desks
	f.desks = nil
	f.mu.Unlock()
	var err error
	for _, d := range open {
		err = errors.Join(err, d.close())
	}
	return err
}

// move opens the desk of another profile and has the shell begin anew at it; the
// desk that is left is closed when the new one stands. What cannot be opened
// changes nothing. It may run a command for the secret, so it takes its time.
func (f *office) move(ctx context.Context, from *desk, to string) tea.Msg {
	if !f.begin() {
		return ui.Note{Text: text.Lit("another profile is being opened"), Bad: true}
	}
	d, err := f.open(ctx, to)
	if err != nil {
		f.end()
		return ui.Note{
			Text: text.Format("Profile %s is not opened, %s stays: %s", to, from.profile.Name, from.sentence(err)),
			Bad:  true, Sticky: true, Long: true,
		}
	}
	f.keep(d)
	return ui.Restart{Options: d.shellOptions(ctx, nil), After: func() tea.Msg {
		defer f.end()
		if err := f.leave(from); err != nil {
			return ui.Note{Text: d.sentence(err), Bad: true, Sticky: true}
		}
		return nil
	}}
}

func (f *office) begin() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	was := f.moving
	f.moving = true
	return !was
}

func (f *office) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.moving = false
}

// profileWord works with another profile; a shell has --profile.
func (p *program) profileWord() *cobra.Command {
	c := &cobra.Command{Use: "profile NAME", Short: "Work with another profile", RunE: func(*cobra.Command, []string) error { return nil }}
	return p.leads(c, place{
		only: true, once: true, route: func(d *desk, args []string) (ui.Route, error) { return d.profileRoute(strings.Join(args, " ")) },
		offer: func(d *desk, rest string) []ui.Completion {
			var out []ui.Completion
			for _, name := range d.config.ProfileNames() {
				what := text.Lit("profile of the config file")
				if name == d.profile.Name {
					what = text.Lit("in use")
				}
				if strings.HasPrefix(name, rest) && name != rest {
					out = append(out, ui.Completion{Line: name, What: what})
				}
			}
			return out
		},
	})
}

// sessionWord opens one conversation by its id; a shell has open.
func (p *program) sessionWord() *cobra.Command {
	c := &cobra.Command{
		Use: "session ID", Short: "One conversation by its id", Args: words(1, 1, "one session id"),
		RunE: func(*cobra.Command, []string) error { return nil },
	}
	return p.leads(c, place{only: true, route: func(d *desk, args []string) (ui.Route, error) { return d.conversationAt(args[0], "") }})
}

// profileRoute reads what stands behind profile after ":".
func (d *desk) profileRoute(rest string) (ui.Route, error) {
	known := d.config.ProfileNames()
	switch {
	case d.office == nil || len(known) == 0:
		return nil, views.Usage("there is no other profile: profiles are written in the config file")
	case rest == "":
		return nil, views.Usage("write profile and its name; there are " + text.Clean(strings.Join(known, ", ")).String())
	case !slices.Contains(known, rest):
		sentence := text.Format("there is no profile %q", rest).String()
		if near := spell.Nearest(rest, known); near != "" {
			return nil, views.Usage(sentence + "; did you mean " + text.Clean(near).String() + "?")
		}
		return nil, views.Usage(sentence + "; there are " + text.Clean(strings.Join(known, ", ")).String())
	case rest == d.profile.Name:
		return nil, views.Usage(text.Format("%s is the profile in use", rest).String())
	}
	return ui.Deed{
		Says: text.Format("opening profile %s ...", rest),
		Do:   func(ctx context.Context) tea.Msg { return d.office.move(ctx, d, rest) },
	}, nil
}

// another opens the desk of another profile. Host and bot of the command line
// were meant for the first one.
func (p *program) another(ctx context.Context, profile string) (*desk, error) {
	src := p.sources()
	src.Flags.Profile, src.Flags.Host, src.Flags.Bot = profile, "", ""
	set, err := settle(ctx, src)
	if err != nil {
		var found config.Issues
		errors.As(err, &found)
		if at := slices.IndexFunc(found, func(i config.Issue) bool { return !i.Warning }); at >= 0 {
			return nil, &views.UsageError{Text: found[at].String(), Err: err}
		}
		return nil, err
	}
	d, err := p.screenDesk(ctx, set)
	if err != nil {
		return nil, err
	}
	for _, i := range set.issues {
		d.notice = strings.TrimPrefix(d.notice+"; "+i.String(), "; ")
	}
	return d, nil
}
