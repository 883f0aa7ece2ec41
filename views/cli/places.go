package cli

import (
	"strings"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/billing"
	"korescope/views/call"
	"korescope/views/calls"
	"korescope/views/containment"
	"korescope/views/conversation"
	"korescope/views/doctor"
	"korescope/views/filter"
	"korescope/views/logs"
	"korescope/views/sessions"
	"korescope/views/tests"
)

// build makes the screen of a route: the one list of all screens.
func (d *desk) build(r ui.Route) (ui.Screen, error) {
	switch r := r.(type) {
	case views.SessionsRoute:
		return sessions.New(sessions.Deps{
			Sessions: d.sessions, Messages: d.messages, Tails: d.tails, Total: d.sessions.Total, Limits: d.limits(),
			Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
		}, r)
	case views.ConversationRoute:
		return conversation.New(conversation.Deps{
			Sessions: d.sessions, Messages: d.messages, Calls: d.traced, Lines: d.tracedLines, Why: d.why,
			Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
		}, r), nil
	case views.CallsRoute:
		return calls.New(calls.Deps{Calls: d.traced, Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask, Payload: d.payloads.Cached}, r)
	case views.BillingRoute:
		return billing.New(billing.Deps{Report: d.billing, Clock: d.clock, Zone: d.zone, Explain: d.explain}, r), nil
	case views.ContainmentRoute:
		return containment.New(containment.Deps{Report: d.containment, Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask}, r), nil
	case views.TestsRoute:
		return tests.New(d.testDeps(), r), nil
	case views.LogsRoute:
		return logs.New(logs.Deps{
			Lines: d.lines, Messages: d.messages, Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask,
		}, r)
	case views.DoctorRoute:
		return doctor.New(doctor.Deps{Checks: d.checks, Clock: d.clock}, r), nil
	case views.CallRoute:
		return call.New(call.Deps{Payloads: d.payloads, Clock: d.clock, Zone: d.zone, Explain: d.explain, Mask: d.mask}, r), nil
	}
	if page, ok := d.changePage(r); ok {
		return page, nil
	}
	return d.list(r)
}

// place is one word after ":" that opens a screen.
type place struct {
	word  string
	usage string
	what  text.Safe
	route func(d *desk, rest string) (ui.Route, error)
}

func places() []place {
	return []place{
		{"sessions", "sessions [24h] [FILTER]", text.Lit("sessions of a time window"), (*desk).sessionsRoute},
		{"llm", "llm [24h] [FILTER]", text.Lit("LLM calls of a time window"), (*desk).callsRoute},
		{"tests", "tests [run NAME,... | status SUITE RUN]", text.Lit("test suites and their runs"), (*desk).testsRoute},
		{"logs", "logs [24h] IDENTITY [CHANNEL]", text.Lit("debug log of a user or a call"), (*desk).logsRoute},
		{"billing", "billing [month|day|hour]", text.Lit("usage by month, day or hour"), (*desk).billingRoute},
		{"containment", "containment [24h]", text.Lit("how the sessions of each task ended"), (*desk).containmentRoute},
		{"pulse", "pulse [24h]", text.Lit("now against usual, since when, what failures share, what changed"), (*desk).pulseRoute},
		{"failures", "failures [tasks|nodes|intents|utterances] [24h]", text.Lit("what the platform counts as failed, grouped"), (*desk).failuresRoute},
		{"same", "same [24h] SESSION", text.Lit("conversations that failed in the same way"), (*desk).sameRoute},
		{"changes", "changes [7d]", text.Lit("change log of the bot"), (*desk).changesRoute},
		{"doctor", "doctor [all]", text.Lit("connection, clock, rights, limits, terminal, cache"), (*desk).doctorRoute},
		{"session", "session ID", text.Lit("one conversation by its id"), (*desk).sessionRoute},
		{"open", "open SESSION [--at TIME|MESSAGE]", text.Lit("one conversation at a moment of it"), (*desk).openRoute},
		{"find", "find TEXT", text.Lit("search all text read so far"), (*desk).findRoute},
		{"apis", "apis", text.Lit("every API used, with scope, limit and last answer"), alone(views.APIsRoute{})},
		{"bots", "bots", text.Lit("bots of the account (admin credential)"), alone(views.BotsRoute{})},
		{"roles", "roles", text.Lit("who may do what (admin credential)"), alone(views.RolesRoute{})},
		{"profile", "profile NAME", text.Lit("work with another profile"), (*desk).profileRoute},
	}
}

// parse reads a command line of the dashboard; false when its first word opens
// no screen.
func (d *desk) parse(line string) (ui.Route, bool, error) {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	for _, p := range append(places(), changePlaces()...) {
		if p.word == word {
			r, err := p.route(d, strings.TrimSpace(rest))
			return r, true, err
		}
	}
	return d.savedRoute(strings.TrimSpace(line))
}

// leading takes a window off the front of what was typed: a length of time, or
// two moments as --from and --to have them.
func (d *desk) leading(rest string) (api.Window, string) {
	word, after, _ := strings.Cut(rest, " ")
	if fields := strings.Fields(rest); len(fields) >= 4 && fields[0] == "--from" && fields[2] == "--to" {
		if w, err := views.ParseWindow("", fields[1], fields[3], d.clock(), d.zone); err == nil {
			_, after, _ = strings.Cut(rest, fields[3])
			return w, strings.TrimSpace(after)
		}
	}
	if length, err := views.ParseSince(word); err == nil {
		return api.Last(length, d.clock()), strings.TrimSpace(after)
	}
	return api.Window{}, rest
}

func (d *desk) sessionsRoute(rest string) (ui.Route, error) {
	w, rest := d.leading(rest)
	if w.Zero() {
		w = api.Last(d.config.Start, d.clock())
	}
	if _, _, err := filter.Sessions(d.zone).Compile(rest); err != nil {
		return nil, err
	}
	return views.SessionsRoute{Query: api.SessionQuery{Window: w}, Filter: rest}, nil
}

func (d *desk) callsRoute(rest string) (ui.Route, error) {
	w, rest := d.leading(rest)
	if _, _, err := filter.Calls(d.zone).Compile(rest); err != nil {
		return nil, err
	}
	return views.CallsRoute{Window: w, Filter: rest}, nil
}

func (d *desk) billingRoute(rest string) (ui.Route, error) {
	by := api.Period(strings.TrimSpace(rest))
	switch by {
	case "", api.ByMonth, api.ByDay, api.ByHour:
		return views.BillingRoute{Query: api.BillingQuery{By: by}}, nil
	}
	return nil, views.Usage("write billing month, billing day or billing hour")
}

func (d *desk) containmentRoute(rest string) (ui.Route, error) {
	w, rest := d.leading(rest)
	if rest != "" {
		return nil, views.Usage("write containment and a length of time, for example containment 7d")
	}
	return views.ContainmentRoute{Query: api.ContainmentQuery{Window: w}}, nil
}

func (d *desk) doctorRoute(rest string) (ui.Route, error) {
	if rest != "" && rest != "all" {
		return nil, views.Usage("write doctor, or doctor all to ask for metrics, billing and debug logs as well")
	}
	return views.DoctorRoute{All: rest == "all"}, nil
}

func (d *desk) sessionRoute(rest string) (ui.Route, error) {
	if rest == "" || strings.ContainsAny(rest, " \t") {
		return nil, views.Usage("write one session id after session")
	}
	return views.ConversationRoute{Session: api.Session{ID: api.SessionID(rest)}}, nil
}

// complete gives candidates for the command line: places first, then actions
// that have a word.
func (d *desk) complete(line string) []ui.Completion {
	var out []ui.Completion
	seen := map[string]bool{}
	known := places()
	if d.profile.AllowWrites {
		known = append(known, changePlaces()...)
	}
	for _, p := range known {
		if strings.HasPrefix(p.word, line) {
			out = append(out, ui.Completion{Line: p.word + " ", What: text.Join("   ", p.what, text.Clean(p.usage))})
			seen[p.word] = true
		}
		if rest, ok := strings.CutPrefix(line, p.word+" "); ok {
			out = append(out, d.completeFilter(p, rest)...)
		}
	}
	for _, name := range d.saved().names() {
		if strings.HasPrefix(name, line) {
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

func (d *desk) completeFilter(p place, rest string) []ui.Completion {
	var list []ui.Completion
	switch p.word {
	case "sessions":
		list = filter.Sessions(d.zone).Offer(rest, nil)
	case "llm":
		list = filter.Calls(d.zone).Offer(rest, nil)
	case "tests":
		list = d.offerTests(rest)
	default:
		list = d.offerWords(p.word, rest)
	}
	for i := range list {
		list[i].Line = p.word + " " + list[i].Line
	}
	return list
}
