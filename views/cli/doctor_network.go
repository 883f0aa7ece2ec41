package cli

import (
	"context"
	"strings"
	"time"

	"korescope/api"
	"korescope/api/kore"
	"korescope/cache"
	"korescope/config"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/doctor"
)

// examiner makes the checks of one round. The first request tells about the
// host, the clock, the credential and the first right at once, so that a round
// costs three requests.
type examiner struct {
	d      *desk // nil while the settings are wrong
	around around
	clock  func() time.Time
	broken error // why there is no desk

	client *kore.Client
	seen   *witness
	first  error // of the first request
	why    text.Safe
	asked  bool // the first request was sent

	adminClient *kore.Client // of the credential that may change something
	adminFirst  error        // of its first request
	adminWhy    text.Safe    // why it is not asked
}

func skipped(why text.Safe) doctor.Finding {
	return doctor.Finding{State: doctor.Skipped, Found: why}
}

func fine(found text.Safe) doctor.Finding { return doctor.Finding{State: doctor.OK, Found: found} }

// failed is a failure in the words that everybody else uses for it.
func (x *examiner) failed(ctx context.Context, err error) doctor.Finding {
	if ctx.Err() != nil && api.KindOf(ctx.Err()) == api.Cancelled {
		return skipped(text.Lit("stopped"))
	}
	p := x.d.explain(err)
	return doctor.Finding{State: doctor.Failed, Found: p.Sentence, Advice: p.Hint, Err: err}
}

// kept is why nobody is asked; empty when somebody can be.
func (x *examiner) kept(ctx context.Context) text.Safe {
	switch {
	case x.broken != nil:
		return text.Lit("not asked: the settings are wrong, see below")
	case x.around.offline:
		return text.Lit("not asked: offline")
	}
	u, err := x.d.client.Usage(ctx)
	if err == nil && spent(u, x.clock()) {
		return text.Lit("not asked: no request is left, see limits")
	}
	return text.Safe{}
}

// spent reports that the next request would have to wait.
func spent(u api.Usage, now time.Time) bool {
	return u.ShutUntil.After(now) || u.Minute >= u.Limits.PerMinute || u.Hour >= u.Limits.PerHour
}

func (x *examiner) host(ctx context.Context) doctor.Finding {
	if x.why = x.kept(ctx); !x.why.Empty() {
		return skipped(x.why)
	}
	var err error
	if x.client, x.seen, err = x.d.probe(); err != nil {
		x.why = text.Lit("not asked: the host was not reached")
		return x.failed(ctx, err)
	}
	x.first = firstError(x.client.Sessions(ctx, api.SessionQuery{Window: x.minute(), Limit: 1}, api.Person))
	x.asked = true
	if views.ExitCode(x.first) == views.ExitHost || ctx.Err() != nil {
		x.why = text.Lit("not asked: the host does not answer as the platform")
		return x.failed(ctx, x.first)
	}
	return x.reached()
}

// reached is a host that answers.
func (x *examiner) reached() doctor.Finding {
	a := x.seen.answer()
	found := text.Format("%s answers in %s", x.d.profile.Host, views.Millis(a.came.Sub(a.sent).Milliseconds()))
	if a.tls == nil {
		return fine(text.Join(", ", found, text.Lit("plain http, which stays on this machine")))
	}
	left := a.certificate().Sub(x.clock())
	found = text.Format("%s, TLS, certificate good for %s", found, views.Age(left))
	if own, err := x.d.profile.Certificate(); err == nil && own != nil {
		mine := own.Leaf.NotAfter.Sub(x.clock())
		left = min(left, mine)
		found = text.Format("%s; it knows this machine as %s, certificate good for %s", found, text.Clean(own.Leaf.Subject.CommonName), views.Age(mine))
	}
	if left < 14*24*time.Hour {
		return doctor.Finding{State: doctor.Warn, Found: found, Advice: text.Lit("Tell whoever keeps it that a certificate ends soon.")}
	}
	return fine(found)
}

// minute is the smallest window that is asked for.
func (x *examiner) minute() api.Window { return api.Last(time.Minute, x.clock()) }

// clockMatters is how far apart clocks may be: tokens are dated back by more.
const clockMatters = 30 * time.Second

func (x *examiner) clocks(context.Context) doctor.Finding {
	if !x.asked {
		return skipped(x.why)
	}
	a := x.seen.answer()
	switch {
	case a.came.IsZero():
		return skipped(x.why)
	case a.date.IsZero():
		return skipped(text.Lit("the host does not say what time it is"))
	}
	off := a.apart()
	switch way := text.Lit("ahead of"); {
	case off.Abs() <= 2*time.Second:
		return fine(text.Lit("agrees with the platform's"))
	case off.Abs() <= clockMatters:
		return fine(text.Format("%s apart from the platform's, which does no harm", views.Age(off.Abs())))
	default:
		if off < 0 {
			way = text.Lit("behind")
		}
		return doctor.Finding{
			State:  doctor.Warn,
			Found:  text.Format("the platform's clock is %s %s this machine's", views.Age(off.Abs().Round(10*time.Second)), way),
			Advice: text.Lit("Set this machine's clock, for example with NTP; until then tokens are dated by the platform's."),
		}
	}
}

func (x *examiner) credential(ctx context.Context) doctor.Finding {
	switch kind := api.KindOf(x.first); {
	case !x.why.Empty():
		return skipped(x.why)
	case kind == api.Limited:
		x.why = text.Lit("not known: the platform wants no more requests now, see limits")
		return skipped(x.why)
	case kind == api.Credentials || kind == api.NotAToken || kind == api.SignIn || kind == api.BadBot:
		x.why = text.Lit("not asked: the sign-in was refused")
		return x.failed(ctx, x.first)
	}
	who := text.Format("client id %s is accepted for bot %s", text.Clean(x.d.profile.ClientID).CutMiddle(14), text.Clean(x.d.profile.BotID).CutMiddle(14))
	if x.d.profile.Scope == config.AdminScope {
		who = text.Format("admin client id %s is accepted", text.Clean(x.d.profile.ClientID).CutMiddle(14))
	}
	return fine(who)
}

// right is a scope and the smallest question that needs it.
type right struct {
	name     string
	endpoint string
	dear     bool // only when all is asked for
	ask      func(context.Context) error
}

// nobody is an id that no session, user or job has.
const nobody = "000000000000000000000000"

func (x *examiner) granted() []right {
	out := x.ofBot()
	if x.admin() {
		out = append(out,
			right{"bots", api.ListBots, true, func(ctx context.Context) error { return firstError(x.client.Bots(ctx, api.Person)) }},
			right{"roles", api.ListRoles, true, func(ctx context.Context) error { return firstError(x.client.Roles(ctx, api.Person)) }})
	}
	return out
}

// admin reports a credential of the Admin Console.
func (x *examiner) admin() bool { return x.d != nil && x.d.profile.Scope == config.AdminScope }

// ofBot are the rights over one bot.
func (x *examiner) ofBot() []right {
	return []right{
		{"sessions", api.GetSessions, false, func(context.Context) error { return x.first }},
		{"messages", api.GetMessagesV2, false, func(ctx context.Context) error {
			return firstError(x.client.Messages(ctx, api.MessageQuery{Sessions: api.ListIDs(nobody), Window: x.minute()}, api.Person))
		}},
		{"llm", api.GetLLMLogs, false, func(ctx context.Context) error {
			return firstError(x.client.LLMCalls(ctx, api.LLMQuery{Window: x.minute(), Limit: 1}, api.Person))
		}},
		{"metrics", api.ContainmentStatus, true, func(ctx context.Context) error {
			// Nobody has such a report, so none is started; being told so is a yes.
			_, err := x.client.ContainmentStatus(ctx, nobody)
			return err
		}},
		{"billing", api.BilledSessions, true, func(ctx context.Context) error {
			return firstError(x.client.Billed(ctx, api.BilledQuery{Window: x.minute(), Limit: 1}, api.Person))
		}},
		{"logs", api.DebugLogs, true, func(ctx context.Context) error {
			return firstError(x.client.DebugLogs(ctx, api.LogQuery{Identity: "u-" + nobody, Window: x.minute(), Limit: 1}, api.Person))
		}},
	}
}

func (x *examiner) rights(all bool) []doctor.Check {
	var out []doctor.Check
	for _, r := range x.granted() {
		out = append(out, doctor.Check{Name: "scope " + r.name, Asks: true, Look: func(ctx context.Context) doctor.Finding {
			return x.right(ctx, r, all)
		}})
	}
	return append(out, doctor.Check{Name: "scope tests", Look: func(context.Context) doctor.Finding {
		return skipped(text.Lit("not probed: every call that needs it starts or changes something"))
	}})
}

func (x *examiner) right(ctx context.Context, r right, all bool) doctor.Finding {
	e, _ := api.EndpointNamed(r.endpoint)
	scope := text.Clean(either(x.admin(), e.AdminScope, e.Scope))
	switch {
	case x.admin() && e.AdminScope == "":
		return skipped(text.Format("%s: no Admin Console app can have it; a profile of the bot's own app has", scope))
	case x.admin() && x.d.profile.BotID == "" && strings.Contains(either(true, e.AdminPath, e.Path), "{bot}"):
		return skipped(text.Format("%s: not asked, because the profile names no bot", scope))
	case r.dear && !all:
		return skipped(text.Format("%s: not asked by itself; --all or :doctor all asks", scope))
	case !x.why.Empty():
		return skipped(x.why)
	case r.endpoint != api.GetSessions:
		if why := x.kept(ctx); !why.Empty() {
			return skipped(why)
		}
	}
	err := r.ask(ctx)
	switch kind := api.KindOf(err); {
	case err == nil, kind == api.NotFound, kind == api.Refused && r.endpoint == api.ContainmentStatus:
		return fine(text.Format("%s: granted", scope))
	case kind == api.Limited:
		x.why = text.Lit("not known: the platform wants no more requests now, see limits")
		return skipped(x.why)
	}
	return x.failed(ctx, err)
}

func firstError[T any](pages func(func(api.Page[T], error) bool)) error {
	for _, err := range pages {
		return err
	}
	return nil
}

func (x *examiner) limits(ctx context.Context) doctor.Finding {
	if x.broken != nil {
		return skipped(text.Lit("not known: the settings are wrong, see below"))
	}
	u, err := x.d.client.Usage(ctx)
	if err != nil {
		return x.failed(ctx, err)
	}
	now := x.clock()
	left := func(most, used int) text.Safe { return text.Count(max(most-used, 0)) }
	found := text.Format("%s of %s requests left in this minute, %s of %s in this hour",
		left(u.Limits.PerMinute, u.Minute), text.Count(u.Limits.PerMinute), left(u.Limits.PerHour, u.Hour), text.Count(u.Limits.PerHour))
	switch {
	case u.ShutUntil.After(now):
		limited := &api.Error{Kind: api.Limited, Until: u.ShutUntil, Hour: strings.Contains(strings.ToLower(u.ShutWhy), "hour")}
		out := x.failed(ctx, limited)
		out.Found = text.Format("the platform wants no requests until %s; %s", views.Clock(u.ShutUntil, x.d.zone), found)
		return out
	case spent(u, now):
		out := x.failed(ctx, &api.Error{Kind: api.Limited, Hour: u.Hour >= u.Limits.PerHour})
		out.Found = found
		return out
	case u.Hour*10 >= u.Limits.PerHour*9:
		return doctor.Finding{State: doctor.Warn, Found: found, Advice: text.Lit("Work with what is cached (--offline) for a while.")}
	}
	if a, ok := x.d.ledger.(*cache.Allowance); ok {
		if err := a.Together(ctx); err != nil {
			return doctor.Finding{
				State:  doctor.Warn,
				Found:  text.Format("%s; counted for this profile alone, since no shared file can be used: %s", found, err),
				Advice: text.Lit("Name a file in a folder that every user may write: allowance_file in the settings."),
			}
		}
	}
	return fine(text.Join("", found, text.Lit("; gate open")))
}
