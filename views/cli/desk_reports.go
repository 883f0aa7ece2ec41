package cli

import (
	"korescope/api"
	"korescope/api/jobs"
	"korescope/cache"
)

// reports are the readers of what the platform makes on demand, and of the
// account.
type reports struct {
	engine      *jobs.Engine
	billing     *cache.ReportReader[api.BillingQuery, api.BillingReport]
	containment *cache.ReportReader[api.ContainmentQuery, api.ContainmentReport]
	billed      *cache.BilledReader
	bots        *cache.AccountReader[cache.AllBots, api.Bot]
	metrics     *cache.MetricReader
	changeLog   *cache.ChangeReader
	roles       *cache.AccountReader[cache.AllRoles, api.RoleAssignment]
}

func (d *desk) openReports(o deskOptions) {
	d.engine = jobs.New(keptJobs{d.store.Jobs(), d.runs}, o.clock, o.wait, nil)
	maker := jobs.Reports{Engine: d.engine, Source: d.client, Bot: botID(o.profile), Again: o.mode == cache.Fresh}
	d.billing = cache.Billing(d.store, maker.Billing, o.mode)
	d.containment = cache.Containment(d.store, maker.Containment, o.mode)
	d.billed = cache.Billed(d.store, d.client, o.mode)
	d.metrics = cache.Metrics(d.store, d.client, o.mode)
	d.changeLog = cache.Changes(d.store, d.client, o.mode)
	d.bots = cache.Bots(d.store, d.changer(), o.mode)
	d.roles = cache.Roles(d.store, d.changer(), o.mode)
}
