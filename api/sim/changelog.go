package sim

import (
	"cmp"
	"slices"
	"time"

	"korescope/api"
)

// changelogs (reference 31.3): a bare array, newest first, whose offset is a
// page number.

const (
	mostChanges   = 50
	oldestChange  = 13 // days before the anchor
	changesPerDay = 3
)

// entry is one entry of a bot's change log.
type entry struct {
	at                  int64
	message, kind, name string
	no                  int
}

func listChanges(c *call) (any, *refusal) {
	from, hasFrom := c.date("startDate", false)
	to, hasTo := c.date("endDate", false)
	number := c.in.number("offset", 0)
	limit := c.in.number("limit", mostChanges)
	if c.in.bad || !hasFrom || !hasTo || to.Before(from) || limit < 1 || limit > mostChanges {
		return nil, invalidArguments()
	}
	found := c.bot.changes(span{from.UnixMilli(), min(to.Add(24*time.Hour).UnixMilli()-1, c.ms())})
	p := c.cut(len(found), number*limit, limit)
	rows := make([]any, 0, p.hi-p.lo)
	for _, e := range found[p.lo:p.hi] {
		rows = append(rows, e.row(c.bot))
	}
	return rows, nil
}

// changes lists the entries of a span, newest first. On the day of the incident
// the refund prompt was edited and the bot published half a minute later.
func (b *bot) changes(s span) []entry {
	var out []entry
	add := func(at int64, message, kind, name string) {
		if s.holds(at) {
			out = append(out, entry{at: at, message: message, kind: kind, name: name, no: int(at % 1000000)})
		}
	}
	if b.line.busier {
		add(b.publishAt()-28000, "Updated prompt refund-assistant", "prompt", "refund-assistant")
		add(b.publishAt()-25000, "Updated advanced settings of node RefundAnswer", "dialog", "Refund")
		add(b.publishAt()-2000, "Published bot version 5.18.0", "stream", b.name)
	}
	for day := 1; day <= oldestChange; day++ {
		for i := range changesPerDay {
			h := blend(b.no, 0xc4a9, uint64(day), uint64(i))
			kinds := [][3]string{
				{"Updated message node Greeting", "dialog", "Small talk"}, {"Trained the bot", "stream", b.name},
				{"Updated FAQ opening hours", "dialog", "Answers"}, {"Updated variable shop_hours", "stream", b.name},
			}
			k := kinds[h%uint64(len(kinds))]
			add(b.line.anchor-int64(day)*24*3600*1000+int64((h>>8)%(9*3600))*1000, k[0], k[1], k[2])
		}
	}
	slices.SortStableFunc(out, func(a, b entry) int { return cmp.Compare(b.at, a.at) })
	return out
}

func (e entry) row(b *bot) obj {
	id := string(b.id)
	if e.kind == "dialog" {
		id = knownTask(e.name)
	}
	who := people()[e.no%len(people())]
	return ob("_id", uuid("btl-", blend(b.no, 0xb71, uint64(e.at))), "createdOn", stamp(e.at), "message", e.message,
		"resourceType", e.kind, "resourceId", id,
		"userId", ob("firstName", who[0], "lastName", who[1], "emailId", who[2]))
}

// people are the bot's invented makers.
func people() [][3]string {
	return [][3]string{
		{"Sam", "Ortiz", "sam.ortiz@example.test"}, {"Lin", "Berg", "lin.berg@example.test"}, {"Ada", "Moreau", "ada.moreau@example.test"},
	}
}

// Changes lists the entries of the change log in a window, newest first.
func (t Truth) Changes(w api.Window, bot api.BotID) []time.Time {
	var out []time.Time
	for _, e := range t.w.bot(bot).changes(span{w.From.UnixMilli(), min(w.To.UnixMilli()-1, t.w.clock().UnixMilli())}) {
		out = append(out, at(e.at))
	}
	return out
}
