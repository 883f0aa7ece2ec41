package sim

import (
	"net/http"
	"strings"

	"korescope/api"
)

// Publishing (reference 22.2).

type publishAsk struct {
	comment string
}

// noChannel is the platform's sentence, as its page puts the condition; code
// and status are [SIM].
func noChannel() *refusal {
	return &refusal{http.StatusBadRequest, 400, "At least one channel must be enabled"}
}

// startPublish answers with a list that says success for every part at once.
func startPublish(c *call) (any, *refusal) {
	c.in.inQuery = false
	comment := c.in.text("versionComment")
	c.in.flag("initiateTraining")
	switch {
	case c.in.bad || strings.TrimSpace(comment) == "":
		return nil, invalidArguments()
	case c.w.strict.NoChannel:
		return nil, noChannel()
	}
	j := c.begin(api.PublishJob, "ds-", comment, &publishAsk{comment: comment})
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	d.latest[publishScope(c.bot)] = j
	parts := make([]any, 0, 8)
	for _, p := range publishedParts(c.bot) {
		result := ob("state", "awaitingApproval", "approvalRequestedLanguages", []any{"en"}, "versionComment", comment,
			"publishedOn", stamp(j.started), "name", p[1])
		parts = append(parts, ob("resourceType", p[0], "resourceId", p[2], "sbResourceId", p[2], "status", "SUCCESS", "result", result))
	}
	return append(parts, ob("resourceType", "CHANNELS", "status", "SUCCESS",
		"result", ob("resourceId", "CHANNELS", "resourceType", "CHANNELS", "modules", []any{"rtm"}, "name", "Channels"))), nil
}

func publishScope(b *bot) string { return "publish:" + string(b.id) }

// publishedParts are type, name and id of what a publish touches.
func publishedParts(b *bot) [][3]string {
	out := [][3]string{}
	for i, name := range []string{"Track order", "Refund", "Store finder"} {
		out = append(out, [3]string{"dialog", name, uuid("dg-", blend(b.no, 0xd1a, uint64(i)))})
	}
	return append(out, [3]string{"NL", "NL", "NL"}, [3]string{"SETTINGS", "Settings", "SETTINGS"})
}

// publishStatus shows the last publish of the bot, whoever started it. Before
// the first one of this world there was one: that of its change log, or one weeks
// ago.
func publishStatus(c *call) (any, *refusal) {
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.latest[publishScope(c.bot)]
	if j == nil {
		started := c.w.anchor.UnixMilli() - 16*24*60*minute.Milliseconds()
		if logged := c.bot.publishAt() - 3000; c.bot.line.busier && logged <= c.ms() {
			started = logged
		}
		j = &job{
			id: uuid("ds-", blend(d.seed, c.bot.no, 0x9b)), kind: api.PublishJob, bot: c.bot, by: staff(1).id,
			started: started, takes: 1000, ask: &publishAsk{comment: "first"},
		}
		d.latest[publishScope(c.bot)] = j
	}
	if c.spoil.other && j.by == caller(c.app) {
		other := c.file(api.PublishJob, "ds-", &publishAsk{comment: "somebody else's"})
		other.by, other.spoil = uuid("u-", blend(d.seed, 0xc0113)), spoil{}
		d.latest[publishScope(c.bot)] = other
		j = other
	}
	s := j.spoil.and(c.spoil)
	if s.lost {
		return nil, invalidRequest()
	}
	j.looks++
	l := j.at(c.ms(), s)
	word, summary := "inprogress", []any{}
	switch {
	case l.word != "":
		word = l.word
	case l.failed:
		word = "failed"
	case l.over:
		word = "successful"
	}
	for i, p := range publishedParts(c.bot) {
		status := "SUCCESS"
		if l.failed && i == 0 {
			status = "FAILED" // [SIM]
		}
		if !l.over {
			break
		}
		modules := any([]any{"general", "pii"})
		if p[0] == "NL" {
			modules = ob("enabledLanguages", []any{"en"})
		}
		summary = append(summary, ob("resourceId", p[2], "resourceType", p[0], "name", p[1], "modules", modules, "status", status))
	}
	return ob("_id", j.id, "action", "RUN", "jobType", "PUBLISH_BOT", "streamId", string(c.bot.id), "__v", 0, "countOfDockStatuses", 1,
		"createdBy", j.by, "percentageComplete", l.percent, "requestedTime", stamp(j.started), "status", word,
		"lastModifiedOn", stamp(min(l.seen, j.ended(s))), "initiatedOn", stamp(j.started), "statusSummary", summary), nil
}
