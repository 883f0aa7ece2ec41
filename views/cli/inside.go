package cli

import (
	"context"
	"fmt"

	"korescope/cache"
	"korescope/config"
	"korescope/views"
)

// A command that runs inside the dashboard works at the dashboard's desk: the
// same cache and client, the same count of requests, the same mask. Only what it
// prints goes to a page instead of a terminal.

// inside is a program for one line after ":".
func (d *desk) inside(s Streams) *program {
	p := newProgram(s)
	p.seat, p.clock, p.writable = d, d.clock, d.profile.AllowWrites
	p.talk.clock = d.clock
	if d.around.env != nil {
		p.env = d.around.env
	}
	p.flags = globals{
		offline: d.mode == cache.Offline, fresh: d.mode == cache.Fresh,
		mask: d.mask != nil, noMask: d.named, noInput: true,
	}
	return p
}

// seated are the settings of the dashboard that a command runs in.
func (p *program) seated() (settled, error) {
	if err := p.flags.check(); err != nil {
		return settled{}, err
	}
	d := p.seat
	p.at = views.Situation{Zone: d.zone, Host: d.profile.Host, Bot: botID(d.profile), Admin: d.profile.Scope == config.AdminScope}
	if p.flags.mask {
		p.at.Mask = d.mask
		if p.at.Mask == nil {
			m, err := views.NewMasker(d.profile.MaskRules)
			if err != nil {
				return settled{}, err
			}
			p.at.Mask = m
		}
	}
	dirs := d.around.dirs
	dirs.Cache, dirs.State = d.cacheDir, d.stateDir
	return settled{config: d.config, profile: d.profile, keys: d.keys, dirs: dirs}, nil
}

// beside is a desk for a command at the same store: with other readers where the
// command wants to ask otherwise, with a network of its own where it is listened
// to or nothing is sent. Leaving it closes nothing.
func (d *desk) beside(o deskOptions) (*desk, error) {
	b := &desk{
		config: d.config, profile: d.profile, title: d.title, keys: d.keys, clock: d.clock, zone: d.zone, around: d.around,
		started: d.started, stateDir: d.stateDir, cacheDir: d.cacheDir, cacheName: d.cacheName, standIn: d.standIn, mode: o.mode, offline: o.mode == cache.Offline, named: o.named,
		store: d.store, client: d.client, mask: d.mask, people: d.people, guest: true, team: d.team, shared: d.shared,
	}
	b.admin, b.changes, b.runs = d.admin, d.changes, d.runs
	var err error
	if b.mask, b.people, err = maskers(o); err != nil {
		return nil, err
	}
	if o.dry != nil || o.heard != nil {
		if err := b.connect(o); err != nil {
			return nil, err
		}
	}
	b.readers(o)
	b.openReports(o)
	b.starting = d.starting
	b.openTests(o)
	return b, nil
}

// maskers are what hides customers and what hides who works on the bot; nil for
// nothing.
func maskers(o deskOptions) (mask, people *views.Masker, err error) {
	if o.mask {
		if mask, err = views.NewMasker(o.profile.MaskRules); err != nil {
			return nil, nil, err
		}
	}
	if people = mask; people == nil && !o.named {
		people, err = views.NewMasker(o.profile.MaskRules)
	}
	return mask, people, err
}

// carryOut runs a line after ":" and writes what it prints to the streams; it
// gives the exit code.
func (d *desk) carryOut(ctx context.Context, line string, s Streams) int {
	t, known, err := d.read(line, s) //nolint:contextcheck // commands get the context of their execution
	if err == nil && !known {
		err = views.Usage(fmt.Sprintf("there is no command %q any more", line))
	}
	if err == nil {
		err = t.run(ctx)
	}
	if t.p == nil {
		t.p = d.inside(s)
	}
	return t.p.leave(err)
}

// run carries out the command of the line.
func (t *typedLine) run(ctx context.Context) error {
	if t.asksHelp() {
		return t.command.Help()
	}
	t.command.SetContext(context.WithValue(ctx, insideKey{}, true))
	if begin := t.command.Root().PersistentPreRunE; begin != nil {
		if err := begin(t.command, t.args); err != nil {
			return err
		}
	}
	return t.command.RunE(t.command, t.args)
}
