package kore

import (
	"context"
	"encoding/json"
	"strings"

	"korescope/api"
)

// publishAsk is the body of a publish (reference 22.2).
type publishAsk struct {
	Comment string `json:"versionComment"`
	Train   bool   `json:"initiateTraining"`
}

// Publish publishes the bot. It is sent once. The answer says "success" for
// every part while the job still runs: the change is under way, whatever the
// parts say, and has no id.
//
// POST /api/public/bot/{bot}/publish (reference 22.2).
func (c *Client) Publish(ctx context.Context, s api.PublishStart) (api.Change, error) {
	out := api.Change{Call: api.Publish, Target: string(c.o.Bot), State: api.JobRunning}
	if strings.TrimSpace(s.Comment) == "" {
		return out, misuse("a publish needs a comment")
	}
	err := c.act(ctx, api.Act{Call: api.Publish, Target: string(c.o.Bot)}, func(line *begun) (_ api.JobID, err error) {
		out, err = c.publish(ctx, line, s, out)
		return out.ID, err
	})
	return out, err
}

func (c *Client) publish(ctx context.Context, line *begun, s api.PublishStart, out api.Change) (api.Change, error) {
	a, err := c.put(ctx, question{
		endpoint: api.Publish, lane: api.Person, body: publishAsk{Comment: s.Comment, Train: s.Train}, line: line,
	})
	if err != nil {
		return out, err
	}
	if r := row(a.object); r != nil {
		if state, _ := api.JobWord(r.text("status")); state == api.JobFailed {
			return out, notStarted(api.Publish, r)
		}
		out.Word = cleanText(r.text("status"), 60)
		return out, nil
	}
	for _, raw := range a.array {
		r, ok := readRow(raw)
		if !ok {
			continue
		}
		result := r.sub("result")
		if at, ok := result.time("publishedOn"); ok && !at.IsZero() && (out.Started.IsZero() || at.Before(out.Started)) {
			out.Started = at
		}
		part := partOf(r)
		part.State = api.JobRunning // a part of a job that has only begun
		out.Parts = append(out.Parts, part)
	}
	return out, nil
}

// partOf reads one part of a publish. A part's result holds whole definitions,
// possibly with credentials: nothing but its name is taken.
func partOf(r row) api.ChangePart {
	p := api.ChangePart{Name: r.text("name"), Type: r.text("resourceType"), Word: cleanText(r.text("status"), 60)}
	if p.Name == "" {
		p.Name = r.sub("result").text("name")
	}
	if p.Name == "" {
		p.Name = r.text("resourceId")
	}
	p.State, _ = api.JobWord(p.Word)
	return p
}

// PublishStatus tells about the publish that runs or came last, whoever started
// it. Of its job type another word than that of a publish is Unreadable.
//
// GET /api/public/bot/{bot}/publish/status, on 405 the form under /api/1.1
// (reference 22.2).
func (c *Client) PublishStatus(ctx context.Context) (api.Change, error) {
	out := api.Change{Call: api.Publish, Target: string(c.o.Bot), State: api.JobRunning}
	a, err := c.call(ctx, api.PublishStatus, nil, nil, api.Person)
	if err != nil {
		return out, err
	}
	r, err := objectOf(api.PublishStatus, a)
	if err != nil {
		return out, err
	}
	if r["status"] == nil && r["_id"] == nil {
		return out, unexpected(api.PublishStatus, a)
	}
	if kind := letters(r.text("jobType")); kind != "" && !strings.Contains(kind, "publish") {
		return out, unreadable(api.PublishStatus, "the answer is about a job of another type")
	}
	return changeOf(api.Publish, string(c.o.Bot), r, "statusSummary", partOf), nil
}

// changeOf reads the job object that the states of changes have in common.
func changeOf(call, target string, r row, parts string, part func(row) api.ChangePart) api.Change {
	j := decodeJob("", r)
	out := api.Change{
		Call: call, Target: target, ID: j.ID, State: j.State, Word: j.Word, Percent: j.Percent,
		Started: j.Started, By: api.UserID(r.text("createdBy")), Failure: j.Failure,
	}
	if at, ok := r.time("initiatedOn", "startedAt", "submittedAt"); ok && out.Started.IsZero() {
		out.Started = at
	}
	if out.State.Over() {
		out.Ended = j.Changed
	}
	for _, raw := range listOrOne(first(r, parts)) {
		if p, ok := readRow(raw); ok {
			out.Parts = append(out.Parts, part(p))
		}
	}
	return out
}

func first(r row, name string) json.RawMessage {
	v, _ := r.find(name)
	return v
}
