package sim

import (
	"cmp"
	"slices"
	"strings"
)

// getBillingSessionsDetails (reference 12).

const (
	usualBilled = 100   // [SIM]
	mostBilled  = 10000 // [SIM]
)

// billed is one block of a session.
type billed struct {
	s     *session
	block span
	no    int
	end   int64 // of the session
}

func listBilled(c *call) (any, *refusal) {
	c.in.inQuery = false
	channel, id := c.in.text("channel"), c.in.text("botId")
	skip, limit := c.paging(usualBilled, mostBilled)
	from, hasFrom := c.date("fromDate", false)
	to, hasTo := c.date("toDate", true)
	if c.in.bad || !hasFrom || !hasTo || to.Before(from) {
		return nil, invalidArguments()
	}
	if to.After(from.AddDate(0, 3, 0)) {
		return nil, windowTooLong("92") // [SIM] the vendor's own samples are longer
	}
	bots := c.bots()
	if id != "" {
		var no *refusal
		if bots, no = c.streams([]string{id}); no != nil {
			return nil, no
		}
	}
	all := c.w.billed(bots, span{from.UnixMilli(), to.UnixMilli()}, c.ms())
	if channel != "" {
		all = slices.DeleteFunc(all, func(b billed) bool { return b.s.channel != channel && billingChannel(b.s.channel) != channel })
	}
	p := c.cut(len(all), skip, limit)
	rows := make([]any, 0, p.hi-p.lo)
	for _, b := range all[p.lo:p.hi] {
		rows = append(rows, b.row(c.w.strict.BillingDay))
	}
	return c.envelope(p, "sessions", rows), nil
}

// billed lists the blocks that start in the span, newest first.
func (w *World) billed(bots []*bot, s span, now int64) []billed {
	var out []billed
	for one := range walk(bots, span{s.from - longestStory.Milliseconds(), min(s.to, now)}, false) {
		if one.dev || one.scene.mute || one.over() < s.from || !w.there(one) {
			continue
		}
		st := one.told()
		if st.developers() {
			continue
		}
		for i, block := range st.blocks(now) {
			if s.holds(block.from) {
				out = append(out, billed{one, block, i, st.at(now).end})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b billed) int { return cmp.Compare(b.block.from, a.block.from) })
	return out
}

func (b billed) id() string {
	return objectID(b.block.from/1000, scramble(blend(b.s.key, 0xb111, uint64(b.no))))
}

func (b billed) row(dayFirst bool) obj {
	s := b.s
	return ob("botId", string(s.bot.id), "channel", billingChannel(s.channel), "koreUserId", s.user.id, "channelUserId", s.billedUser(),
		"billingSessionType", "Conversations", "conversationSessionId", s.id,
		"conversationSessionStartDateTime", billingTime(s.start, dayFirst), "conversationSessionEndDateTime", billingTime(b.end, dayFirst),
		"billingSessionId", b.id(),
		"billingSessionStartDateTime", billingTime(b.block.from, dayFirst), "billingSessionEndDateTime", billingTime(b.block.to, dayFirst))
}

// billingTime has neither zone nor a certain order of month and day.
func billingTime(ms int64, dayFirst bool) string {
	form := "01-02-2006 3:04:05 pm"
	if dayFirst {
		form = "02-01-2006 3:04:05 pm"
	}
	return at(ms).Format(form)
}

// billingChannel is the label that billing has for a channel.
func billingChannel(code string) string {
	switch code {
	case "ivrVoice":
		return "IVR"
	case "korevg":
		return "VOICE GATEWAY"
	}
	return strings.ToUpper(code)
}

func (s *session) billedUser() string {
	if voice(s.channel) {
		return accountID + "/" + strings.ToLower(s.channel) + "/" + strings.TrimPrefix(s.user.phone, "+")
	}
	return s.channelUID()
}
