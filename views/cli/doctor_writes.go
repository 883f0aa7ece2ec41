package cli

import (
	"context"
	"time"

	"korescope/api"
	"korescope/api/kore"
	"korescope/config"
	"korescope/ui/text"
	"korescope/views/doctor"
)

// What the credentials may change, as far as that can be told without changing
// anything: each act has a status call with a scope beside its own, which is
// asked about a job that nobody has.

// works are the checks about what changes something.
func (x *examiner) works(all bool) []doctor.Check {
	out := []doctor.Check{{Name: "writes", Look: x.writes}}
	if x.d == nil {
		return out
	}
	if _, ok := x.d.profile.Changing(); !ok {
		return out
	}
	if x.d.profile.Admin.ClientID != "" {
		out = append(out, doctor.Check{Name: "admin credential", Asks: true, Look: x.adminCredential})
	}
	for _, r := range x.changing() {
		out = append(out, doctor.Check{Name: "admin " + r.name, Asks: true, Look: func(ctx context.Context) doctor.Finding {
			return x.adminRight(ctx, r, all)
		}})
	}
	return out
}

// changing are the rights of the admin credential. The first of them proves the
// credential as well.
func (x *examiner) changing() []right {
	out := []right{
		{"publish", api.PublishStatus, false, func(context.Context) error { return x.adminFirst }},
		{"import", api.ImportBotStatus, true, func(ctx context.Context) error {
			_, err := x.adminClient.ImportBotStatus(ctx, nobody)
			return err
		}},
		{"export", api.ExportStatus, true, func(ctx context.Context) error {
			_, err := x.adminClient.ExportStatus(ctx)
			return err
		}},
		{"erase", api.EraseStatus, true, func(ctx context.Context) error {
			_, err := x.adminClient.EraseStatus(ctx, nobody, nil)
			return err
		}},
	}
	if x.d.profile.Admin.ClientID != "" {
		out = append(out,
			right{"bots", api.ListBots, true, func(ctx context.Context) error { return firstError(x.adminClient.Bots(ctx, api.Person)) }},
			right{"roles", api.ListRoles, true, func(ctx context.Context) error { return firstError(x.adminClient.Roles(ctx, api.Person)) }})
	}
	return out
}

// writes says who may change what by the settings; nobody is asked.
func (x *examiner) writes(context.Context) doctor.Finding {
	if x.d == nil {
		return skipped(text.Lit("not known: the settings are wrong, see below"))
	}
	p := x.d.profile
	_, admin := p.Changing()
	switch {
	case !p.AllowWrites && p.AllowTests:
		return fine(text.Lit("the profile allows test runs and no other change"))
	case !p.AllowWrites:
		return fine(text.Lit("the profile allows no change (READ-ONLY)"))
	case !admin:
		return doctor.Finding{
			State:  doctor.Warn,
			Found:  text.Lit("the profile allows changes; the bot's credential can run, import and delete suites and no more"),
			Advice: text.Format("For publish, import and erase write an admin credential in [profiles.%s.admin].", p.Name),
		}
	}
	return fine(text.Lit("the profile allows changes: suites with the bot's credential, publish, import and erase with the admin's; in the dashboard after :writes on"))
}

// adminCredential signs in with the credential of [profiles.NAME.admin].
func (x *examiner) adminCredential(ctx context.Context) doctor.Finding {
	if !x.why.Empty() {
		return skipped(x.why)
	}
	x.askAdmin(ctx)
	switch kind := api.KindOf(x.adminFirst); {
	case !x.adminWhy.Empty():
		return skipped(x.adminWhy)
	case kind == api.Credentials || kind == api.NotAToken || kind == api.SignIn || kind == api.BadBot:
		x.adminWhy = text.Lit("not asked: the sign-in of the admin credential was refused")
		return x.failed(ctx, x.adminFirst)
	}
	return fine(text.Format("admin client id %s is accepted", text.Clean(x.d.profile.Admin.ClientID).CutMiddle(14)))
}

// askAdmin makes the client of the admin credential and asks the first question.
func (x *examiner) askAdmin(ctx context.Context) {
	if x.adminClient != nil || !x.adminWhy.Empty() {
		return
	}
	if why := x.kept(ctx); !why.Empty() {
		x.adminWhy = why
		return
	}
	var err error
	if x.adminClient, err = x.d.adminProbe(); err != nil {
		x.adminWhy = text.Clean(err.Error())
		return
	}
	_, x.adminFirst = x.adminClient.PublishStatus(ctx)
	if api.KindOf(x.adminFirst) == api.Limited {
		x.adminWhy = text.Lit("not known: the platform wants no more requests now, see limits")
	}
}

func (x *examiner) adminRight(ctx context.Context, r right, all bool) doctor.Finding {
	e, _ := api.EndpointNamed(r.endpoint)
	scope := text.Clean(either(true, e.AdminScope, e.Scope))
	if r.dear && !all {
		return skipped(text.Format("%s: not asked by itself; --all or :doctor all asks", scope))
	}
	if !x.why.Empty() {
		return skipped(x.why)
	}
	x.askAdmin(ctx)
	if !x.adminWhy.Empty() {
		return skipped(x.adminWhy)
	}
	err := r.ask(ctx)
	switch kind := api.KindOf(err); {
	case err == nil, kind == api.NotFound, kind == api.Refused:
		// Being told that there is no such job is a yes.
		return fine(text.Format("%s: granted%s", scope, beside(r.endpoint)))
	case kind == api.Limited:
		x.adminWhy = text.Lit("not known: the platform wants no more requests now, see limits")
		return skipped(x.adminWhy)
	}
	return x.failed(ctx, err)
}

// beside names the scope that is not probed, because asking would change
// something.
func beside(status string) string {
	act := map[string]string{api.PublishStatus: api.Publish}[status]
	e, ok := api.EndpointNamed(act)
	if !ok || e.AdminScope == "" {
		return ""
	}
	return "; " + e.AdminScope + " itself is not probed, that would be one"
}

// adminProbe is probe with the credential that may change something. It cannot:
// it asks for how things stand and no more.
func (d *desk) adminProbe() (*kore.Client, error) {
	network, err := trusting(d.profile)
	if err != nil {
		return nil, err
	}
	as, _ := d.profile.Changing()
	return kore.New(kore.Options{
		Host: d.profile.Host,
		Credentials: kore.Credentials{
			ClientID: as.ClientID, Bot: api.BotID(as.BotID), Admin: as.Scope == config.AdminScope, Secret: as.SecretReader(),
		},
		Limits: d.limits(), Ledger: d.store.Ledger(), Observer: d.store, Now: d.clock,
		Patience: time.Nanosecond, Language: d.profile.Language, Transport: network,
	})
}
