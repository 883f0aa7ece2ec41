package cli

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/billing"
	"korescope/views/call"
	"korescope/views/calls"
	"korescope/views/containment"
	"korescope/views/conversation"
	"korescope/views/doctor"
	"korescope/views/logs"
	"korescope/views/sessions"
	"korescope/views/tests"
)

// build makes the screen of a route: the one list of all screens.
func (d *desk) build(r ui.Route) (ui.Screen, error) {
	switch r := r.(type) {
	case views.SessionsRoute:
		return sessions.New(sessions.Deps{
			Sessions: d.opening, Messages: d.messages, Tails: d.tails, Total: d.sessions.Total, Limits: d.limits(), Pin: d.pinner,
			Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
		}, r)
	case views.ConversationRoute:
		return conversation.New(d.conversationDeps(), r), nil
	case views.CallsRoute:
		return calls.New(calls.Deps{Calls: d.traced, Limits: d.limits(), Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask, Payload: d.payloads.Cached}, r)
	case views.BillingRoute:
		return billing.New(billing.Deps{Report: d.billing, Clock: d.clock, Zone: d.zone, Explain: d.explain}, r), nil
	case views.ContainmentRoute:
		return containment.New(containment.Deps{Report: d.containment, Ran: ran{d}, Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask}, r), nil
	case views.TestsRoute:
		return tests.New(d.testDeps(), r), nil
	case views.LogsRoute:
		return logs.New(logs.Deps{
			Lines: d.lines, Messages: d.messages, Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
		}, r)
	case views.DoctorRoute:
		return doctor.New(doctor.Deps{Checks: d.checks, Clock: d.clock}, r), nil
	case views.CallRoute:
		return call.New(call.Deps{Payloads: pinnedPayloads{d}, Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask}, r), nil
	}
	if page, ok := d.changePage(r); ok {
		return page, nil
	}
	return d.list(r)
}

// place is where a command leads after ":" in the dashboard. It stands beside the
// declaration of the command, so that there is no second list of them. Without
// one, and wherever the screen does not heed a flag that was given, a page shows
// what the command prints.
type place struct {
	// takes are the flags that the screen heeds.
	takes []string
	// route opens the screen; nil without an error is the page of what is printed.
	route func(d *desk, args []string) (ui.Route, error)
	// words turns what is typed shorter here than in a shell into the flags it
	// stands for, and gives the words that are left. nil: nothing is.
	words func(d *desk, c *cobra.Command, said []typedWord) ([]typedWord, error)
	// offer gives candidates for what stands behind the command; the lines begin
	// behind it.
	offer func(d *desk, rest string) []ui.Completion
	usage string // what may stand behind it, where that is more than in a shell
	text  bool   // the words are a filter or a text, in which a dash is no flag
	// about: without words it acts on the conversation in view, unless one of the
	// flags in unless names something else.
	about  bool
	unless []string
	bare   bool   // it opens without the words that a shell wants
	sub    string // the command below that is meant when none is named
	self   bool   // it is a command although there are others below it
	// once: it does something, so that it is never carried out by going back to
	// its page or by reading it again.
	once bool
	// only: the screen is the only way from here, because it asks before it acts.
	only   bool
	closed string // why it is not carried out from here
}

// alone reports that the place opens with these words although a shell wants more.
func (p place) alone(args []string) bool { return p.bare && len(args) == 0 }

// leads says where a command leads after ":".
func (p *program) leads(c *cobra.Command, to place) *cobra.Command {
	if p.places == nil {
		p.places = map[*cobra.Command]place{}
	}
	p.places[c] = to
	p.order = append(p.order, c)
	return c
}

// placeOf is where a command leads. One that says nothing is carried out once.
func (p *program) placeOf(c *cobra.Command) place {
	if to, said := p.places[c]; said {
		return to
	}
	return place{once: true}
}

// parse reads a line of the dashboard; false when its first word opens nothing.
func (d *desk) parse(line string) (ui.Route, bool, error) {
	line = strings.TrimSpace(line)
	t, known, err := d.read(line, Streams{})
	switch {
	case err != nil:
		return nil, true, err
	case !known:
		return d.savedRoute(line)
	}
	r, err := t.to(d, line)
	return r, true, err
}

// to is the route of a line.
func (t *typedLine) to(d *desk, line string) (ui.Route, error) {
	others := t.beside()
	if t.place.route != nil && len(others) == 0 && !t.asksHelp() {
		if r, err := t.place.route(d, t.args); r != nil || err != nil {
			return r, err
		}
	}
	if t.place.only && !t.asksHelp() {
		return nil, views.Usage(text.Format("%s asks here before it sends anything, so --%s has no place; in a shell it has", t.command.CommandPath(), strings.Join(others, ", --")).String())
	}
	if t.command.HasSubCommands() && !t.place.self && !t.asksHelp() {
		return nil, views.Usage(t.command.CommandPath() + " needs one of " + strings.Join(subcommands(t.command), ", "))
	}
	r := views.PrintedRoute{Line: line}
	if t.place.once && !t.asksHelp() {
		r.Once = views.NewOneTime()
	}
	return r, nil
}

// declared are the commands as they stand, for completion: they are not parsed
// into.
type declared struct {
	once sync.Once
	p    *program
	root *cobra.Command
}

func (d *desk) commands() (*program, *cobra.Command) {
	d.known.once.Do(func() {
		d.known.p = d.inside(Streams{})
		d.known.root = d.known.p.root()
	})
	return d.known.p, d.known.root
}

// complete gives candidates for the command line: commands first, then the names
// of saved places and of keys.
func (d *desk) complete(line string) []ui.Completion {
	p, root := d.commands()
	if word, rest, more := strings.Cut(line, " "); more {
		if c := child(root, word); c != nil && !c.Hidden {
			return d.within(p, c, word+" ", rest)
		}
		return nil
	}
	var out []ui.Completion
	seen := map[string]bool{}
	for _, c := range p.ordered(root) {
		seen[c.Name()] = true
		if !c.Hidden && p.placeOf(c).closed == "" && strings.HasPrefix(c.Name(), line) {
			out = append(out, ui.Completion{Line: c.Name() + " ", What: p.described(c)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.config.Aliases)) {
		if strings.HasPrefix(name, line) {
			out = append(out, ui.Completion{Line: name, What: text.Join(" ", text.Lit("stands for"), text.Clean(d.config.Aliases[name]))})
			seen[name] = true
		}
	}
	for _, name := range d.saved().names() {
		if strings.HasPrefix(name, line) && !seen[name] {
			out = append(out, ui.Completion{Line: name, What: text.Join(" ", text.Lit("saved:"), text.Clean(d.saved().read(name)))})
			seen[name] = true
		}
	}
	for _, b := range d.keys.Bindings(scopesInOrder()...) {
		if b.Command != "" && !seen[b.Command] && strings.HasPrefix(b.Command, line) {
			out = append(out, ui.Completion{Line: b.Command, What: text.Clean(b.Long)})
			seen[b.Command] = true
		}
	}
	return out
}

// described is what stands behind a command, and what it does.
func (p *program) described(c *cobra.Command) text.Safe {
	behind := cmp.Or(p.placeOf(c).usage, strings.TrimSpace(strings.TrimPrefix(c.Use, c.Name())))
	if behind == "" {
		return text.Clean(c.Short)
	}
	return text.Join("  ", text.Clean(behind), text.Clean(c.Short))
}

// ordered are the commands below in the order of their declaration; the library
// sorts them by name.
func (p *program) ordered(c *cobra.Command) []*cobra.Command {
	at := map[*cobra.Command]int{}
	for i, one := range p.order {
		for ; one != nil; one = one.Parent() {
			if _, met := at[one]; !met {
				at[one] = i
			}
		}
	}
	return slices.SortedStableFunc(slices.Values(c.Commands()), func(a, b *cobra.Command) int { return cmp.Compare(at[a], at[b]) })
}
