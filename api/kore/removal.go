package kore

import (
	"context"
	"fmt"
	"slices"

	"korescope/api"
)

// eraseAsk is the body of an erasure (reference 18).
type eraseAsk struct {
	Users   []api.UserID `json:"userIds"`
	Bots    []api.BotID  `json:"botIds,omitempty"`
	AllBots bool         `json:"RemoveDataFromAllBots"`
}

// EraseUsers has everything about users erased, for good. It is sent once, for
// an admin credential.
//
// DELETE /api/public/bot/eraseUsersData (reference 18).
func (c *Client) EraseUsers(ctx context.Context, e api.Erasure) (api.Change, error) {
	out := api.Change{Call: api.EraseUsers, Target: fmt.Sprintf("%d users", len(e.Users)), State: api.JobRunning}
	switch {
	case len(e.Users) == 0 || slices.Contains(e.Users, ""):
		return out, misuse("no user is named, or one has an empty name")
	case !e.AllBots && c.o.Bot == "":
		return out, misuse("a bot id is needed for this call")
	}
	ask := eraseAsk{Users: e.Users, AllBots: e.AllBots}
	if !e.AllBots {
		ask.Bots = []api.BotID{c.o.Bot}
	}
	where := " in " + string(c.o.Bot)
	if e.AllBots {
		where = " in all bots"
	}
	err := c.act(ctx, api.Act{Call: api.EraseUsers, Target: out.Target + where, Users: e.Users}, func(line *begun) (_ api.JobID, err error) {
		out, err = c.eraseUsers(ctx, line, ask, out)
		return out.ID, err
	})
	return out, err
}

func (c *Client) eraseUsers(ctx context.Context, line *begun, ask eraseAsk, out api.Change) (api.Change, error) {
	a, err := c.put(ctx, question{endpoint: api.EraseUsers, lane: api.Person, body: ask, line: line})
	if err != nil {
		return out, err
	}
	r, err := objectOf(api.EraseUsers, a)
	if err != nil {
		return out, noID(api.EraseUsers, api.Write)
	}
	out.ID, out.Word = api.JobID(r.text("requestId", "_id")), cleanText(r.text("status"), 60)
	if out.ID == "" {
		return out, notStarted(api.EraseUsers, r)
	}
	for _, u := range ask.Users {
		out.Parts = append(out.Parts, api.ChangePart{Name: string(u), Type: "user", State: api.JobRunning})
	}
	return out, nil
}

// EraseStatus tells what became of each user. There is no word for the whole:
// it is over when every user that was asked for has a final one. Users that the
// platform does not name yet are still to come.
//
// GET /api/public/bot/eraseUsersData/status/{id} (reference 18).
func (c *Client) EraseStatus(ctx context.Context, id api.JobID, users []api.UserID) (api.Change, error) {
	out := api.Change{Call: api.EraseUsers, Target: fmt.Sprintf("%d users", len(users)), ID: id, State: api.JobRunning}
	a, err := c.put(ctx, question{endpoint: api.EraseStatus, named: map[string]string{"id": string(id)}, lane: api.Person})
	if err != nil {
		return out, err
	}
	r, err := objectOf(api.EraseStatus, a)
	if err != nil {
		return out, err
	}
	if r["_id"] == nil && r["response"] == nil && r["requestId"] == nil && r["status"] == nil {
		return out, unexpected(api.EraseStatus, a)
	}
	out.Started, _ = r.time("createdOn")
	out.By = api.UserID(r.text("createdBy"))
	out.Word = cleanText(r.text("status"), 60)
	return erased(out, r, users), nil
}

// erased reads the rows of users into the change.
func erased(out api.Change, r row, users []api.UserID) api.Change {
	var rows []api.ChangePart
	for _, raw := range r.list("response") {
		one, ok := readRow(raw)
		if !ok {
			continue
		}
		p := api.ChangePart{Name: one.text("userId"), Type: "user", Word: cleanText(one.text("status"), 60)}
		p.State, _ = api.JobWord(p.Word)
		rows = append(rows, p)
	}
	out.Parts = rows
	// The platform may name users by another id than the one they were asked
	// by; then only their number tells whether all are there.
	if len(rows) < len(users) {
		for _, u := range users {
			if !slices.ContainsFunc(rows, func(p api.ChangePart) bool { return p.Name == string(u) }) {
				out.Parts = append(out.Parts, api.ChangePart{Name: string(u), Type: "user", State: api.JobRunning})
			}
		}
	}
	if len(out.Parts) == 0 {
		// Without a row nobody is known to be erased, whatever the whole says.
		if state, known := api.JobWord(out.Word); known && state == api.JobFailed {
			out.State, out.Failure = state, failureOf(r)
		}
		return out
	}
	done, failed := 0, 0
	for _, p := range out.Parts {
		switch {
		case p.State == api.JobSucceeded:
			done++
		case p.State.Over():
			failed++
		}
	}
	out.Percent = api.Known((done + failed) * 100 / len(out.Parts))
	if done+failed < len(out.Parts) {
		return out
	}
	out.State = api.JobSucceeded
	if failed > 0 {
		out.State = api.JobFailed
		out.Failure = fmt.Sprintf("%d of %d users were not erased", failed, len(out.Parts))
	}
	out.Ended, _ = r.time("lastUpdatedOn", "lastModifiedOn")
	return out
}

// mostDeleted is how many conversations one deletion may name.
const mostDeleted = 100

// deletionAsk is the body of a deletion (reference 19): ids, or a user and days.
type deletionAsk struct {
	Conversations []api.SessionID `json:"conversationIds,omitempty"`
	User          api.UserID      `json:"cId,omitempty"`
	From          string          `json:"startDate,omitempty"`
	To            string          `json:"endDate,omitempty"`
}

// DeleteConversations queues the deletion of conversations, for good. It is sent
// once; the work is done off-peak, so that hours pass before its end.
//
// POST /api/public/bot/{bot}/conversations/delete (reference 19).
func (c *Client) DeleteConversations(ctx context.Context, d api.Deletion) (api.Change, error) {
	out := api.Change{Call: api.DeleteConversations, Target: fmt.Sprintf("%d conversations", len(d.Conversations)), State: api.JobRunning}
	ask := deletionAsk{Conversations: d.Conversations}
	act := api.Act{Call: api.DeleteConversations, Target: out.Target}
	switch {
	case len(d.Conversations) > mostDeleted:
		return out, misuse("at most 100 conversations can be deleted at once")
	case slices.Contains(d.Conversations, ""):
		return out, misuse("a conversation without an id cannot be deleted")
	case len(d.Conversations) == 0:
		if d.User == "" || d.Window.From.IsZero() || d.Window.Length() <= 0 {
			return out, misuse("a deletion needs conversations, or a user and a window")
		}
		out.Target = "conversations of a user"
		act.Target, act.Users = fmt.Sprintf("conversations from %s to %s", stamp(d.Window.From), stamp(d.Window.To)), []api.UserID{d.User}
		ask = deletionAsk{User: d.User, From: stamp(d.Window.From), To: stamp(d.Window.To)}
	}
	for i, s := range d.Conversations {
		act.Target += map[bool]string{true: ": ", false: ", "}[i == 0] + string(s)
	}
	err := c.act(ctx, act, func(line *begun) (_ api.JobID, err error) {
		out, err = c.deleteConversations(ctx, line, ask, out)
		return out.ID, err
	})
	return out, err
}

func (c *Client) deleteConversations(ctx context.Context, line *begun, ask deletionAsk, out api.Change) (api.Change, error) {
	a, err := c.put(ctx, question{endpoint: api.DeleteConversations, lane: api.Person, body: ask, line: line})
	if err != nil {
		return out, err
	}
	r, err := objectOf(api.DeleteConversations, a)
	if err != nil {
		return out, noID(api.DeleteConversations, api.Write)
	}
	out.ID, out.Word = api.JobID(r.text("jobId", "_id")), cleanText(r.text("status"), 60)
	out.Started, _ = r.time("submittedAt")
	if out.ID == "" {
		return out, notStarted(api.DeleteConversations, r)
	}
	return out, nil
}

// DeletionStatus tells how a deletion stands. Only its status is believed: one
// that is queued may show times and counts already.
//
// GET /api/public/bot/{bot}/conversations/delete/{id} (reference 19).
func (c *Client) DeletionStatus(ctx context.Context, id api.JobID) (api.Change, error) {
	out := api.Change{Call: api.DeleteConversations, ID: id, State: api.JobRunning}
	a, err := c.put(ctx, question{endpoint: api.DeleteConversationsStatus, named: map[string]string{"id": string(id)}, lane: api.Person})
	if err != nil {
		return out, err
	}
	r, err := objectOf(api.DeleteConversationsStatus, a)
	if err != nil {
		return out, err
	}
	if r["status"] == nil && r["jobId"] == nil {
		return out, unexpected(api.DeleteConversationsStatus, a)
	}
	out = changeOf(api.DeleteConversations, "", r, "", taskOf)
	out.ID = id
	out.Started, _ = r.time("submittedAt")
	if !out.State.Over() {
		return out, nil
	}
	out.Ended, _ = r.time("completedAt")
	result := r.sub("result")
	total, failed := result.number("totalConversations"), result.number("failedCount")
	if total.Known {
		out.Target = fmt.Sprintf("%d conversations", total.Value)
	}
	if failed.Value > 0 && out.State == api.JobSucceeded {
		out.State, out.Failure = api.JobFailed, fmt.Sprintf("%d conversations were not deleted", failed.Value)
	}
	return out, nil
}
