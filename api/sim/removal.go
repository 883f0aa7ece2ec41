package sim

import (
	"slices"
	"sync"
	"time"

	"korescope/api"
)

// Erasing users and deleting conversations (reference 18 and 19).

// erasedUsers are the users whose data is gone.
type erasedUsers struct {
	mu  sync.Mutex
	ids map[string]bool // by the id in sessions, u-...
}

func (e *erasedUsers) any() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.ids) > 0
}

func (e *erasedUsers) has(u user) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.ids[u.id] || e.ids[u.mail] || e.ids[u.phone]
}

func (e *erasedUsers) add(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ids == nil {
		e.ids = map[string]bool{}
	}
	e.ids[id] = true
}

type eraseAsk struct {
	users []string
	all   bool
}

func eraseUsers(c *call) (any, *refusal) {
	c.in.inQuery = false
	users, bots, all := c.in.texts("userIds", false), c.in.texts("botIds", false), c.in.flag("RemoveDataFromAllBots")
	if c.in.bad || len(users) == 0 || slices.Contains(users, "") || !all && len(bots) == 0 {
		return nil, invalidArguments()
	}
	for _, id := range bots {
		if !all && c.w.bot(api.BotID(id)) == nil {
			return nil, unknownStream()
		}
	}
	j := c.begin(api.EraseJob, "eud-", "", &eraseAsk{users: users, all: all})
	return ob("requestId", j.id, "status", "in-progress"), nil
}

// protected are people who work with the bots: owners and developers are not
// erased. Which word says so is [SIM].
func protected(id string) bool {
	for no := range staffSize + 1 {
		if u := staff(no); u.id == id || u.mail == id {
			return true
		}
	}
	return false
}

// eraseStatus has no word for the whole: users come one after the other.
func eraseStatus(c *call) (any, *refusal) {
	j, l, no := c.pollAnywhere(api.EraseJob, c.named["id"])
	if no != nil {
		return nil, no
	}
	ask, rows := j.ask.(*eraseAsk), []any{}
	for i, id := range ask.users {
		if l.percent < (i+1)*100/len(ask.users) && !l.over {
			break
		}
		word := "SUCCESS"
		switch {
		case l.word != "":
			word = l.word
		case l.failed, protected(id):
			word = "FAILED"
		default:
			c.w.erased.add(id)
		}
		rows = append(rows, ob("userId", id, "status", word))
	}
	return ob("_id", j.id, "createdOn", stamp(j.started), "lastUpdatedOn", stamp(l.seen), "RemoveDataFromAllBots", ask.all, "response", rows), nil
}

type deletionAsk struct {
	kind  string
	ids   []string
	total int
}

const (
	mostDeleted = 100
	offPeak     = 9 * time.Hour // until the work begins
)

// deleteConversations files the work for the night.
func deleteConversations(c *call) (any, *refusal) {
	c.in.inQuery = false
	ids, user := c.in.texts("conversationIds", false), c.in.text("cId")
	ask := &deletionAsk{kind: "conversationIds", ids: ids, total: len(ids)}
	if len(ids) == 0 {
		ask.kind, ask.total = "cId", 3
	}
	if c.in.bad || len(ids) > mostDeleted || len(ids) == 0 && user == "" {
		return nil, invalidArguments()
	}
	j := c.begin(api.DeletionJob, "cdj-", "", ask)
	j.takes = offPeak.Milliseconds()
	return ob("status", "queued", "jobId", j.id, "message", "Deletion job queued successfully.", "submittedAt", stamp(j.started)), nil
}

// deletionStatus shows times and counts from the first moment, as the vendor's
// sample does: only its status is true.
func deletionStatus(c *call) (any, *refusal) {
	j, l, no := c.pollAnywhere(api.DeletionJob, c.named["id"])
	if no != nil {
		return nil, no
	}
	ask, word := j.ask.(*deletionAsk), "queued"
	switch {
	case l.word != "":
		word = l.word
	case l.failed:
		word = "failed"
	case l.over:
		word = "completed"
	}
	at := j.started + j.takes
	return ob("jobId", j.id, "status", word, "requestType", ask.kind, "submittedAt", stamp(j.started), "scheduledAt", stamp(at),
		"startedAt", stamp(at), "completedAt", stamp(at), "result", ob("totalConversations", ask.total, "processedCount", ask.total,
			"deletedCount", ask.total*14-1, "failedCount", 0, "skippedCount", 0, "retriesRemaining", 3)), nil
}
