package sim

import (
	"slices"
	"strconv"
	"strings"

	"korescope/api"
)

// billingsessionsummary (reference 11).

type billingAsk struct {
	bots    []*bot
	window  span
	period  string
	units   []unit
	grouped bool
}

func startBilling(c *call) (any, *refusal) {
	c.in.inQuery = false
	ask := &billingAsk{period: c.in.text("groupByPeriod"), units: c.units(), grouped: c.grouping()}
	c.in.oneOfThese(ask.period, "date_day_hour", "date_day", "date_month")
	ids := c.in.texts("streamIds", false)
	window, no := c.required("fromDate", "toDate", longestLogs, "90")
	if c.in.bad || ask.period == "" || len(ask.units) == 0 {
		no = invalidArguments()
	}
	if no == nil {
		ask.bots, no = c.streams(ids)
	}
	if no != nil {
		return nil, no
	}
	window.to-- // the upper end is left out, so that midnight starts no further row [SIM]
	ask.window = window
	j := c.begin(api.BillingJob, "ds-", "", ask)
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	d.latest[c.billingScope()] = j
	if j.spoil.other {
		c.colleague(c.billingScope(), ask.bots)
	}
	return j.bill(look{seen: c.ms()}), nil
}

// units reads unitType: the table says string, the samples show an array.
func (c *call) units() []unit {
	var out []unit
	names := unitNames()
	for _, given := range c.in.texts("unitType", true) {
		u := slices.IndexFunc(names[:], func(n [2]string) bool { return n[0] == given })
		if u < 0 {
			c.in.bad = true
			continue
		}
		out = append(out, unit(u))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// grouping reads groupByBot, or groupByApp as the table calls it.
func (c *call) grouping() bool {
	given := c.in.text("groupByApp")
	if bot := c.in.text("groupByBot"); given == "" && !c.w.strict.GroupByApp {
		given = bot
	}
	given = strings.ToLower(given)
	c.in.bad = c.in.bad || given == ""
	c.in.oneOfThese(given, "yes", "no")
	return given == "yes"
}

// streams are the bots asked for, all of the call when none is named.
func (c *call) streams(ids []string) ([]*bot, *refusal) {
	if len(ids) == 0 {
		return c.bots(), nil
	}
	var out []*bot
	for _, b := range c.bots() {
		if slices.Contains(ids, string(b.id)) {
			out = append(out, b)
		}
	}
	for _, id := range ids {
		if !slices.ContainsFunc(out, func(b *bot) bool { return string(b.id) == id }) {
			return nil, unknownStream()
		}
	}
	return out, nil
}

// billingScope is whose latest job a status without id answers.
func (c *call) billingScope() string {
	if c.bot != nil {
		return string(c.bot.id)
	}
	return accountID
}

func billingStatus(c *call) (any, *refusal) {
	if c.in.query.Get("type") != "summary" {
		return nil, invalidArguments() // [SIM] every template has it
	}
	d := c.w.desk
	d.mu.Lock()
	j := d.latest[c.billingScope()]
	if j != nil && c.spoil.other && j.by == caller(c.app) {
		c.colleague(c.billingScope(), j.ask.(*billingAsk).bots)
		j = d.latest[c.billingScope()]
	}
	if j == nil {
		d.mu.Unlock()
		return nil, invalidRequest()
	}
	l, no := c.look(j)
	d.mu.Unlock()
	if no != nil {
		return nil, no
	}
	if !l.over || l.failed {
		return j.bill(l), nil
	}
	j.once.Do(func() { j.answer = c.w.summary(j.ask.(*billingAsk), j.started) })
	return ob("_id", j.id, "status", "success", "__v", 0, "lastModifiedBy", j.by, "modifiedOn", stamp(j.ended(j.spoil)), "response", j.answer), nil
}

// bill is the job without its result. What a failed one looks like is [SIM].
func (j *job) bill(l look) obj {
	return append(obj{{"reportId", strconv.FormatUint(400000+j.no, 10)}},
		j.dock(l, "success", "failed", "orgId", orgID, "jobType", "BILLINGSESSIONS_API")...)
}

// summary is the result: one block for all bots, or one for each.
func (w *World) summary(ask *billingAsk, now int64) obj {
	var data []any
	sum, periods := 0, 0
	block := func(name string, bots []*bot) {
		rows, n := w.billingRows(ask, bots, now)
		sum, periods = sum+n, max(periods, len(rows))
		data = append(data, ob("bot", name, "val", rows))
	}
	if ask.grouped {
		for _, b := range ask.bots {
			block(string(b.id), []*bot{b})
		}
	} else {
		block("ALL", ask.bots)
	}
	// Named after sessions, it adds up every unit and divides by the periods.
	average := 0
	if periods > 0 {
		average = sum / periods
	}
	return ob("data", data, "averageSessions", average)
}

// billingRows: days and months without anything are listed, hours are not.
func (w *World) billingRows(ask *billingAsk, bots []*bot, now int64) (rows []any, sum int) {
	rows = []any{}
	found := w.usage(bots, ask.window, now, ask.period)
	for p := periodOf(ask.window.from, ask.period); p <= min(ask.window.to, now); p = nextPeriod(p, ask.period) {
		n := found[p]
		if n == nil {
			n = &counts{}
		}
		val, busy := obj{}, false
		names := unitNames()
		for _, u := range ask.units {
			val = val.with(names[u][1], n[u])
			busy = busy || n[u] > 0
			sum += n[u]
		}
		if !busy && ask.period == "date_day_hour" {
			continue
		}
		rows = append(rows, ob("date", stamp(p), "val", val))
	}
	return rows, sum
}
