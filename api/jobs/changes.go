package jobs

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"korescope/api"
)

// Deadlines of changes: how long one is followed from its start.
const (
	ChangeDeadline = 30 * time.Minute
	EraseDeadline  = 2 * time.Hour
	exportDeadline = 5 * time.Minute
)

// ownID begins the ids of records whose job has none on the platform.
const ownID = "publish-"

// Changes carries out what changes a bot or erases users, and follows it. Each
// act is sent once; one that was started before, also by another run of the
// program, is found again by Open and followed by Resume.
type Changes struct {
	Engine   *Engine
	Changer  api.Changer
	Exporter api.Exporter
	Bot      api.BotID
	// Forget removes users here whom the platform has erased, by what became of
	// each; nil removes nothing. Until it has succeeded the record of the erasure
	// goes on naming them, so that it is tried again.
	Forget func(ctx context.Context, is api.Change, users []api.UserID) error
	// Settle is told once the record of an erasure names nobody any more: what the
	// record said before may still stand in the files of the store. nil: nothing.
	Settle func(ctx context.Context, id api.JobID)
	// Hash is what is kept of a user once they are erased, in place of the id.
	Hash func(api.UserID) string
}

// changeQuestion tells one act from every other: the same words said twice are
// two acts.
type changeQuestion struct {
	Bot      api.BotID
	Act      string       // drawn for each act
	Baseline api.JobID    // of a publish: the one that came last before it
	Born     time.Time    // of a publish: when it was sent, by our clock
	Users    []api.UserID // of an erasure that is not over
	Hashed   []string     // of an erasure that is over
	AllBots  bool
}

func (c Changes) question() changeQuestion {
	id := make([]byte, 8)
	if _, err := rand.Read(id); err != nil {
		panic(err) // documented never to fail
	}
	return changeQuestion{Bot: c.Bot, Act: hex.EncodeToString(id)}
}

// Publish publishes once and follows that to its end. The job has no id on the
// platform: what is shown is taken for this publish once it is not the one that
// came last before, and for another's when its id changes later on. While a
// publish is under way none is sent (kind Unavailable).
func (c Changes) Publish(ctx context.Context, s api.PublishStart) iter.Seq2[api.Change, error] {
	return func(yield func(api.Change, error) bool) {
		before, err := c.Changer.PublishStatus(ctx)
		switch _, known := api.JobWord(before.Word); {
		case err != nil && !Forgotten(err) && api.KindOf(err) != api.Refused:
			yield(before, fmt.Errorf("nothing was sent, because the last publish could not be looked at: %w", err))
			return
		case err == nil && known && !before.State.Over():
			yield(before, &api.Error{Kind: api.Unavailable, Endpoint: api.Publish, Err: errors.New("nothing was sent: a publish is under way already")})
			return
		}
		q := c.question()
		q.Baseline, q.Born = before.ID, c.Engine.now()
		spec := c.publishSpec(q)
		spec.Start = func(ctx context.Context) (api.JobRecord, error) {
			begun, err := c.Changer.Publish(ctx, s)
			rec := changeRecord(api.PublishJob, begun)
			rec.ID = api.JobID(ownID + q.Act)
			return rec, err
		}
		changes(Run(ctx, c.Engine, spec), q)(yield)
	}
}

// slack is how far two clocks may be apart where times have to tell two
// publishes from each other.
const slack = 2 * time.Minute

func (c Changes) publishSpec(q changeQuestion) Spec[api.Change] {
	return Spec[api.Change]{
		Kind: api.PublishJob, Question: canonical(q), Deadline: ChangeDeadline, StartOnce: true,
		Poll: func(ctx context.Context, r api.JobRecord) (api.JobRecord, api.Change, bool, error) {
			is, err := c.Changer.PublishStatus(ctx)
			if err != nil {
				return api.JobRecord{}, is, false, err
			}
			var had api.Change
			_ = json.Unmarshal(r.Result, &had) // nothing yet at the first look
			older := q.Baseline == "" && !is.Started.IsZero() && is.Started.Before(q.Born.Add(-slack))
			switch {
			case had.ID != "" && is.ID != had.ID:
				rec := changeRecord(api.PublishJob, had)
				rec.State, rec.Failure = api.JobUnknown, "another publish took its place before its end was seen"
				return rec, had, true, nil
			case older, q.Baseline != "" && is.ID == q.Baseline:
				return api.JobRecord{State: api.JobRunning, Word: "not shown yet"}, had, false, nil
			}
			return changeRecord(api.PublishJob, is), is, true, nil
		},
	}
}

// Import replaces the definition of the bot once and follows that to its end.
func (c Changes) Import(ctx context.Context, s api.BotImport) iter.Seq2[api.Change, error] {
	q := c.question()
	spec := c.importSpec(q)
	spec.Start = func(ctx context.Context) (api.JobRecord, error) {
		begun, err := c.Changer.ImportBot(ctx, s)
		return changeRecord(api.ImportJob, begun), err
	}
	return changes(Run(ctx, c.Engine, spec), q)
}

func (c Changes) importSpec(q changeQuestion) Spec[api.Change] {
	return Spec[api.Change]{
		Kind: api.ImportJob, Question: canonical(q), Deadline: ChangeDeadline, StartOnce: true,
		Poll: func(ctx context.Context, r api.JobRecord) (api.JobRecord, api.Change, bool, error) {
			is, err := c.Changer.ImportBotStatus(ctx, r.ID)
			return changeRecord(api.ImportJob, is), is, true, err
		},
	}
}

// Erase erases users once and follows that until each has a final word. What is
// kept of it names them until then, and afterwards only their hashes.
func (c Changes) Erase(ctx context.Context, e api.Erasure) iter.Seq2[api.Change, error] {
	q := c.question()
	q.Users, q.AllBots = e.Users, e.AllBots
	spec := c.eraseSpec(q)
	spec.Start = func(ctx context.Context) (api.JobRecord, error) {
		begun, err := c.Changer.EraseUsers(ctx, e)
		return changeRecord(api.EraseJob, begun), err
	}
	return c.scrubbed(ctx, Run(ctx, c.Engine, spec), q)
}

func (c Changes) eraseSpec(q changeQuestion) Spec[api.Change] {
	return Spec[api.Change]{
		Kind: api.EraseJob, Question: canonical(q), Deadline: EraseDeadline, StartOnce: true,
		Poll: func(ctx context.Context, r api.JobRecord) (api.JobRecord, api.Change, bool, error) {
			is, err := c.Changer.EraseStatus(ctx, r.ID, q.Users)
			return changeRecord(api.EraseJob, is), is, true, err
		},
	}
}

// scrubbed hands out an erasure. Once it is over its users are removed here,
// before the asker hears of it, and then from its record.
func (c Changes) scrubbed(ctx context.Context, steps iter.Seq2[Step[api.Change], error], q changeQuestion) iter.Seq2[api.Change, error] {
	return func(yield func(api.Change, error) bool) {
		for step, err := range steps {
			is := changeOf(step, q)
			if step.Record.State.Over() {
				c.Finish(ctx, step.Record, is, q.Users)
			}
			if !yield(is, err) {
				return
			}
		}
	}
}

// Finish removes the users of an erasure that is over, here and from its record.
func (c Changes) Finish(ctx context.Context, r api.JobRecord, is api.Change, users []api.UserID) {
	ctx = context.WithoutCancel(ctx)
	if c.Forget == nil || c.Forget(ctx, is, users) == nil {
		c.scrub(ctx, r)
		if c.Settle != nil {
			c.Settle(ctx, r.ID)
		}
	}
}

// scrub replaces the users in the record of an erasure that is over by hashes.
func (c Changes) scrub(ctx context.Context, r api.JobRecord) {
	q := readChangeQuestion(r)
	if len(q.Users) == 0 && len(q.Hashed) > 0 {
		return
	}
	for _, u := range q.Users {
		q.Hashed = append(q.Hashed, c.hash(u))
	}
	var is api.Change
	if r.Result != nil && json.Unmarshal(r.Result, &is) == nil {
		for i, p := range is.Parts {
			is.Parts[i].Name = c.hash(api.UserID(p.Name))
		}
		r.Result = []byte(canonical(is))
	}
	q.Users = nil
	r.Question = canonical(q)
	_ = c.Engine.save(ctx, r) // told by save; Unscrubbed finds it again
}

func (c Changes) hash(u api.UserID) string {
	if c.Hash == nil {
		return ""
	}
	return c.Hash(u)
}

// Open lists the acts on this bot that were started and not seen to their end,
// started last first.
func (c Changes) Open(ctx context.Context) ([]api.JobRecord, error) {
	var out []api.JobRecord
	for _, kind := range []api.JobKind{api.PublishJob, api.ImportJob, api.EraseJob} {
		open, err := c.Engine.store.OpenJobs(ctx, kind)
		if err != nil {
			return nil, fmt.Errorf("list what is under way: %w", err)
		}
		for _, r := range open {
			if q := readChangeQuestion(r); q.Bot == c.Bot && r.ID != "" {
				out = append(out, r)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b api.JobRecord) int { return b.Started.Compare(a.Started) })
	return out, nil
}

// Unscrubbed lists erasures that are over and still name their users, because
// the program ended before they were removed here.
func (c Changes) Unscrubbed(ctx context.Context) ([]api.JobRecord, error) {
	all, err := c.Engine.store.ListJobs(ctx, api.EraseJob, 0)
	if err != nil {
		return nil, fmt.Errorf("list the erasures: %w", err)
	}
	return slices.DeleteFunc(all, func(r api.JobRecord) bool {
		return !r.State.Over() || len(readChangeQuestion(r).Users) == 0
	}), nil
}

// Resume follows an act that was started before.
func (c Changes) Resume(ctx context.Context, r api.JobRecord) iter.Seq2[api.Change, error] {
	q := readChangeQuestion(r)
	switch r.Kind {
	case api.PublishJob:
		return changes(Resume(ctx, c.Engine, c.publishSpec(q), r), q)
	case api.ImportJob:
		return changes(Resume(ctx, c.Engine, c.importSpec(q), r), q)
	}
	return c.scrubbed(ctx, Resume(ctx, c.Engine, c.eraseSpec(q), r), q)
}

// ChangeNow is what a kept record says, without asking anybody.
func ChangeNow(r api.JobRecord) api.Change {
	step := Step[api.Change]{Record: r}
	step.Has = r.Result != nil && json.Unmarshal(r.Result, &step.Result) == nil
	return changeOf(step, readChangeQuestion(r))
}

// Users are those that a record of an erasure names; none once it is scrubbed.
func Users(r api.JobRecord) []api.UserID { return readChangeQuestion(r).Users }

// Export has the bot's definition written to a file, waits for it and writes it
// to w. It changes nothing.
func (c Changes) Export(ctx context.Context, w io.Writer) (api.Exported, int64, error) {
	spec := Spec[api.Exported]{
		Kind: api.ExportJob, Question: canonical(c.question()), Deadline: exportDeadline, Lane: "export:" + string(c.Bot),
		Start: func(ctx context.Context) (api.JobRecord, error) {
			e, err := c.Exporter.StartExport(ctx, api.InDevelopment)
			return changeRecord(api.ExportJob, e.Change), err
		},
		Poll: func(ctx context.Context, _ api.JobRecord) (api.JobRecord, api.Exported, bool, error) {
			e, err := c.Exporter.ExportStatus(ctx)
			return changeRecord(api.ExportJob, e.Change), e, true, err
		},
	}
	var last Step[api.Exported]
	for step, err := range Run(ctx, c.Engine, spec) {
		if last = step; err != nil {
			return step.Result, 0, err
		}
	}
	if last.Record.State != api.JobSucceeded {
		return last.Result, 0, &api.Error{Kind: api.Unavailable, Endpoint: api.ExportBot, Said: last.Record.Failure}
	}
	n, err := c.Exporter.SaveExport(ctx, w)
	return last.Result, n, err
}

func changes(steps iter.Seq2[Step[api.Change], error], q changeQuestion) iter.Seq2[api.Change, error] {
	return func(yield func(api.Change, error) bool) {
		for step, err := range steps {
			if !yield(changeOf(step, q), err) {
				return
			}
		}
	}
}

// changeOf lets the record have the last word about how the act stands.
func changeOf(s Step[api.Change], q changeQuestion) api.Change {
	is, r := s.Result, s.Record
	is.Call, is.Target = callOf(r.Kind), string(q.Bot)
	if r.Kind == api.EraseJob {
		is.Target = fmt.Sprintf("%d users", max(len(q.Users), len(q.Hashed)))
	}
	if !strings.HasPrefix(string(r.ID), ownID) {
		is.ID = r.ID
	}
	is.State, is.Word, is.Failure = r.State, r.Word, r.Failure
	if r.Percent.Known {
		is.Percent = r.Percent
	}
	if is.Started.IsZero() {
		is.Started = r.Started
	}
	if r.State.Over() && is.Ended.IsZero() {
		is.Ended = r.Changed
	}
	return is
}

func callOf(k api.JobKind) string {
	switch k {
	case api.PublishJob:
		return api.Publish
	case api.ImportJob:
		return api.ImportBot
	case api.ExportJob:
		return api.ExportBot
	}
	return api.EraseUsers
}

func changeRecord(kind api.JobKind, c api.Change) api.JobRecord {
	return api.JobRecord{
		Kind: kind, ID: c.ID, State: c.State, Word: c.Word, Percent: c.Percent, Started: c.Started, Failure: c.Failure,
	}
}

func readChangeQuestion(r api.JobRecord) (q changeQuestion) {
	_ = json.Unmarshal([]byte(r.Question), &q) // made here; empty for a record made elsewhere
	return q
}
