package sim

import "strings"

// messages-lite (reference 8.8): everything one user said, without extras.

const (
	usualLite = 5
	mostLite  = 1000
)

func listLite(c *call) (any, *refusal) {
	q := messageQuery{
		user: c.in.text("userId"), channel: c.in.text("channelType"), uid: c.in.text("channelUId"),
		direction: strings.Join(c.in.texts("type", false), " "),
	}
	if id := c.in.text("sessionId"); id != "" { // a single string, unlike V2
		q.ids = []string{id}
	}
	q.skip, q.limit = c.paging(usualLite, mostLite)
	c.in.flag("isDeveloper")
	if q.user == "" && q.uid == "" {
		c.in.bad = true // documented as required, with channelUId as the other way
	}
	from, hasFrom := c.date("dateFrom", false)
	to, hasTo := c.date("dateTo", true)
	if !hasTo {
		to = c.now
	}
	if !hasFrom {
		from = c.w.anchor.AddDate(-1, 0, 0) // no default window is stated
	}
	if c.in.bad || to.Before(from) {
		return nil, invalidArguments()
	}
	q.window = span{from.UnixMilli(), to.UnixMilli()}
	p, found := c.collect(q, nil)
	rows := make([]any, len(found))
	for i, one := range found {
		rows[i] = liteRow(one)
	}
	return c.envelope(p, "messages", rows), nil
}

func liteRow(one said) obj {
	s, m := one.s, one.m
	way := ob("to", s.user.id, "channelUId", s.channelUID())
	if m.in {
		way = ob("from", s.user.id, "channelUId", s.channelUID())
	}
	return ob("_id", one.id(), "botId", string(s.bot.id), "orgId", orgID, "accountId", accountID,
		"type", m.direction(), "status", m.status, "createdBy", s.user.id, "createdOn", stamp(m.at),
		"timestampValue", m.at+m.stampOff, "sessionId", s.id, "lang", s.lang, "chnl", s.channel,
		"components", one.parts(), "channels", []any{way})
}
