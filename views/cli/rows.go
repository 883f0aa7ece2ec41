package cli

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/api/kore"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

// rowFlags are the flags of every command that prints records.
type rowFlags struct {
	since, from, to string
	limit           int
	format          string
	fields          []string
	jq              string
}

func (f *rowFlags) register(c *cobra.Command, names []string) {
	flags := c.Flags()
	flags.IntVar(&f.limit, "limit", 0, "at most `N` rows")
	flags.StringVarP(&f.format, "output", "o", "table", "`format`: table, json, ndjson or csv")
	flags.StringSliceVar(&f.fields, "fields", nil, "only these `fields`, in this order")
	flags.StringVar(&f.jq, "jq", "", "run this jq `program` over the records")
	offers(c, "output", "table", "json", "ndjson", "csv")
	offers(c, "fields", names...)
}

func (f *rowFlags) registerWindow(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.since, "since", "", "the last 90m, 24h, 7d; 24h when nothing is said")
	flags.StringVar(&f.from, "from", "", "begin: RFC 3339, or a date or time of UTC ('2025-10-17 14:30 Europe/Berlin' names another zone)")
	flags.StringVar(&f.to, "to", "", "end, in the same words; a date counts whole")
}

// window is what was asked for; given says that anything was.
// A time without a zone is UTC, whatever zone the profile shows: a line in a
// script has to mean the same everywhere.
func (f *rowFlags) window(now time.Time, _ *time.Location) (w api.Window, given bool, err error) {
	w, err = views.ParseWindow(f.since, f.from, f.to, now, time.UTC)
	return w, f.since+f.from+f.to != "", err
}

// page is the way rows are printed, checked before anything is asked.
func (p *program) page(f rowFlags, columns []string) (output.Options, error) {
	format, err := output.ParseFormat(f.format)
	if err != nil {
		return output.Options{}, err
	}
	if f.limit < 0 {
		return output.Options{}, views.Usage("--limit is a number of rows, 0 for all")
	}
	fields := f.fields
	if format == output.Table && len(fields) == 0 && f.jq == "" {
		fields = columns
	}
	return output.Options{
		Format: format, Fields: fields, JQ: f.jq, Terminal: p.streams.read(), Width: p.streams.width(),
		Env: p.shown(),
	}, nil
}

// shown is how values are shown in this run.
func (p *program) shown() views.Env {
	return views.Env{Now: p.clock(), Zone: p.at.Zone, Mask: p.at.Mask}
}

// open makes the desk of a command that ends by itself.
func (p *program) open(ctx context.Context, set settled) (*desk, error) {
	wait := patience
	if p.flags.timeout > 0 {
		wait = p.flags.timeout
	}
	o := deskOptions{
		config: set.config, profile: set.profile, keys: set.keys, cacheDir: set.dirs.Cache, cacheOff: p.flags.noCache,
		mode: p.flags.mode(), clock: p.clock, patience: wait, mask: p.flags.mask, named: p.flags.noMask,
		onWait: p.waiting, stateDir: set.dirs.State, wait: p.wait, teamPatience: p.teamPatience,
		heard: p.heard, around: p.around(set), dry: p.dry,
	}
	sitting := sit
	if p.seat != nil {
		sitting = func(_ context.Context, o deskOptions) (*desk, error) { return p.seat.beside(o) }
	}
	d, err := sitting(ctx, o)
	if err == nil && d.notice != "" {
		p.talk.say(text.Clean(d.notice))
	}
	if err == nil && p.dry != nil {
		if u, counted := d.client.Usage(ctx); counted == nil {
			p.dry.used = u
		}
	}
	return d, err
}

// settled settles what was said and opens the desk for it.
func (p *program) settled(ctx context.Context) (set settled, d *desk, err error) {
	if set, err = p.settings(ctx, false); err == nil {
		d, err = p.open(ctx, set)
	}
	return set, d, err
}

// waiting hears of a wait for the budget.
func (p *program) waiting(w kore.Waiting) {
	p.talk.wait(w)
	if p.waits != nil {
		p.waits(w)
	}
}

// reader answers from disk and from the platform.
type reader[K, V any] interface {
	Cached(ctx context.Context, k K) (api.Answer[V], error)
	Refresh(ctx context.Context, k K, lane api.Lane) iter.Seq2[api.Answer[V], error]
}

// answers gives what is on disk when that is fresh, else what the platform says,
// growing. A cache that cannot be read keeps nobody from asking.
func answers[K, V any](ctx context.Context, r reader[K, V], k K) iter.Seq2[api.Answer[V], error] {
	return func(yield func(api.Answer[V], error) bool) {
		if a, err := r.Cached(ctx, k); err == nil && a.Fresh {
			a.Done = true
			yield(a, nil)
			return
		}
		for a, err := range r.Refresh(ctx, k, api.Person) {
			if !yield(a, err) {
				return
			}
		}
	}
}

// last is the end of an answer.
func last[V any](all iter.Seq2[api.Answer[V], error]) (api.Answer[V], error) {
	var a api.Answer[V]
	var err error
	for a, err = range all {
		if err != nil {
			break
		}
	}
	return a, err
}

// ending is how the readings of one command ended, together.
type ending struct {
	came    bool // something was read, whether it was printed or not
	found   bool // something that was named exists
	partial bool
	gaps    []api.Gap
	notes   []string
	unknown []api.SessionID
	disk    bool
	at      time.Time // the oldest part
	err     error
}

// add takes in one reading.
func add[V any](e *ending, a api.Answer[[]V], err error) {
	e.came = e.came || len(a.Value) > 0 || !a.Covered.Zero()
	e.partial = e.partial || a.Partial
	e.gaps = append(e.gaps, a.Gaps...)
	e.unknown = append(e.unknown, a.Unknown...)
	if a.Note != "" && !slices.Contains(e.notes, a.Note) {
		e.notes = append(e.notes, a.Note)
	}
	if a.Origin == api.FromDisk {
		e.disk = true
		if e.at.IsZero() || a.At.Before(e.at) {
			e.at = a.At
		}
	}
	if e.err == nil {
		e.err = err
	}
}

// nothing reports that the reading failed before anything came.
func (e *ending) nothing() bool { return e.err != nil && !e.came }

// nowhere reports that nothing of what was named exists.
func (e *ending) nowhere() bool { return len(e.unknown) > 0 && !e.came && !e.found }

// verdict says on stderr what is to be said, and gives the command's error.
func (p *program) verdict(e ending) error {
	if e.disk && e.err == nil {
		p.talk.say(text.Format("cached, %s old", views.Age(p.clock().Sub(e.at))))
	}
	if e.nothing() || api.KindOf(e.err) == api.Cancelled {
		return e.err
	}
	if len(e.unknown) > 0 {
		words := make([]string, len(e.unknown))
		for i, id := range e.unknown {
			words[i] = p.shown().MaskedID(string(id))
		}
		p.talk.say(text.Format("not on the platform: %s", strings.Join(words, ", ")))
	}
	for _, g := range e.gaps {
		p.missing(g)
	}
	for _, n := range e.notes {
		p.talk.say(text.Clean(n))
	}
	switch {
	case e.err != nil:
		return &incomplete{e.err}
	case e.partial:
		return views.ErrPartial
	case e.nowhere():
		return &api.Error{Kind: api.NotFound}
	case len(e.unknown) > 0:
		return &incomplete{&api.Error{Kind: api.NotFound}}
	}
	return nil
}

func (p *program) missing(g api.Gap) {
	why := text.Lit("not read yet")
	if api.KindOf(g.Why) != api.NotCached {
		p.at.Now = p.clock()
		why = views.Explain(g.Why, p.at).Sentence
	}
	if g.Window.Zero() {
		p.talk.say(text.Format("missing: %s", why))
		return
	}
	p.talk.say(text.Format("missing: %s to %s: %s", views.Stamp(g.Window.From), views.Stamp(g.Window.To), why))
}

// incomplete is a partial result with its reason.
type incomplete struct{ why error }

func (e *incomplete) Error() string { return views.ErrPartial.Error() + ": " + e.why.Error() }

// Unwrap gives both, so that either can be asked for.
func (e *incomplete) Unwrap() []error { return []error{views.ErrPartial, e.why} }
