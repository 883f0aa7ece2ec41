package jobs

import (
	"context"
	"iter"
	"slices"
	"time"

	"korescope/api"
)

// The longest windows of reference 2.2, with a day to spare: nobody says
// whether the limit itself is allowed.
const (
	day            = 24 * time.Hour
	longestReport  = 89 * day
	longestByDay   = 29 * day
	freshFor       = 5 * time.Minute
	settledAfter   = day // numbers of a window that has ended do not move any more
	settledFreshIn = 30 * day
)

// Reports makes the billing summary and the containment report.
type Reports struct {
	Engine *Engine
	Source api.ReportSource
	Bot    api.BotID
	// Again: no finished report is used again.
	Again bool
}

// reportQuestion identifies a report of one window.
type reportQuestion struct {
	Bot   api.BotID
	From  time.Time
	To    time.Time
	By    api.Period `json:",omitempty"`
	Daily bool       `json:",omitempty"`
	Only  []string   `json:",omitempty"` // of containment: tasks, kind, status
	Limit int        `json:",omitempty"`
}

// Billing makes the usage summary. Windows longer than the platform allows are
// made in parts, each value holds all periods so far, and the last one has a
// Job that is over. By the hour, the hours that the platform leaves out are
// filled in with zeros once everything is there. The error of a part ends the
// iteration, beside the rows of the parts before it.
func (p Reports) Billing(ctx context.Context, q api.BillingQuery) iter.Seq2[api.BillingReport, error] {
	return func(yield func(api.BillingReport, error) bool) {
		parts := cutAtDays(q.Window, longestReport, q.By == api.ByMonth)
		if len(parts) == 0 {
			yield(api.BillingReport{}, noWindow(api.StartBilling))
			return
		}
		var before []api.BillingRow
		again := ""
		for i, w := range parts {
			part := api.BillingQuery{Window: w, By: q.By}
			lastPart := i == len(parts)-1
			var rows []api.BillingRow
			for step, err := range Run(ctx, p.Engine, p.billing(part)) {
				if step.Has {
					rows = inPart(step.Result.Rows, w, lastPart)
				}
				out := api.BillingReport{Rows: addBilling(before, rows), Job: bare(step.Record)}
				if step.Again != nil {
					again = step.Again.Error() + "; it was started once more"
				}
				out.Note = again
				if err == nil {
					err = failed(api.StartBilling, step.Record)
				}
				if err == nil && lastPart && step.Record.State == api.JobSucceeded && q.By == api.ByHour {
					out.Rows = fillHours(out.Rows, q.Window, p.Engine.now())
				}
				if !lastPart && out.Job.State == api.JobSucceeded {
					out.Job.State = api.JobRunning // of the whole
				}
				if !yield(out, err) || err != nil {
					return
				}
			}
			before = addBilling(before, rows)
		}
	}
}

func (p Reports) billing(q api.BillingQuery) Spec[api.BillingReport] {
	return Spec[api.BillingReport]{
		Kind: api.BillingJob, Deadline: ReportDeadline, Lane: "billing:" + string(p.Bot),
		Question: canonical(reportQuestion{Bot: p.Bot, From: q.Window.From, To: q.Window.To, By: q.By}),
		Fresh:    p.fresh(q.Window),
		Start:    func(ctx context.Context) (api.JobRecord, error) { return p.Source.StartBilling(ctx, q) },
		Poll: func(ctx context.Context, _ api.JobRecord) (api.JobRecord, api.BillingReport, bool, error) {
			r, err := p.Source.BillingStatus(ctx)
			return r.Job, api.BillingReport{Rows: r.Rows}, r.Rows != nil, err
		},
	}
}

// Containment makes the task containment report. Windows longer than the
// platform allows are made in parts; cumulative parts stay apart, since their
// sessions cannot be added up, and are labelled by their dates.
func (p Reports) Containment(ctx context.Context, q api.ContainmentQuery) iter.Seq2[api.ContainmentReport, error] {
	return func(yield func(api.ContainmentReport, error) bool) {
		longest := longestReport
		if q.Daily {
			longest = longestByDay
		}
		parts := cutAtDays(q.Window, longest, false)
		if len(parts) == 0 {
			yield(api.ContainmentReport{}, noWindow(api.StartContainment))
			return
		}
		var before []api.ContainmentRow
		var count, last api.Count
		for i, w := range parts {
			part := q
			part.Window = w
			lastPart := i == len(parts)-1
			var rows []api.ContainmentRow
			for step, err := range p.wholeContainment(ctx, part) {
				if step.Has {
					rows = labelled(ofTasks(step.Result.Rows, q), w, q.Daily, len(parts) > 1, lastPart)
					last = step.Result.Count
				}
				out := api.ContainmentReport{
					Rows: append(before[:len(before):len(before)], rows...), Job: bare(step.Record), Count: addCounts(count, last),
				}
				if err == nil {
					err = failed(api.StartContainment, step.Record)
				}
				if !lastPart && out.Job.State == api.JobSucceeded {
					out.Job.State = api.JobRunning // of the whole
				}
				if !yield(out, err) || err != nil {
					return
				}
			}
			before, count = append(before, rows...), addCounts(count, last)
		}
	}
}

// wholeContainment makes one part. A report that came short is started once more
// with the announced number as its limit (reference 27.31); the larger of the
// two is given last.
func (p Reports) wholeContainment(ctx context.Context, q api.ContainmentQuery) iter.Seq2[Step[api.ContainmentReport], error] {
	return func(yield func(Step[api.ContainmentReport], error) bool) {
		var first Step[api.ContainmentReport]
		for step, err := range Run(ctx, p.Engine, p.containment(q)) {
			first = step
			if err == nil && step.Has && step.Record.State == api.JobSucceeded && !step.Result.Count.Whole() {
				break
			}
			if !yield(step, err) || err != nil {
				return
			}
		}
		if !first.Has || first.Record.State != api.JobSucceeded || first.Result.Count.Whole() {
			return
		}
		q.Limit = first.Result.Count.Announced.Value
		for step, err := range Run(ctx, p.Engine, p.containment(q)) {
			over := err != nil || step.Record.State.Over()
			if over && (err != nil || len(step.Result.Rows) < len(first.Result.Rows)) {
				step, err = first, ctx.Err() // what came is there, and said to be short
			}
			if !yield(step, err) || over {
				return
			}
		}
	}
}

// only is what of a containment question the platform is asked to leave out.
func only(q api.ContainmentQuery) []string {
	if q.Tasks+q.Kind+q.Status == "" {
		return nil
	}
	return []string{q.Tasks, q.Kind, q.Status}
}

// ofTasks are the rows of the tasks that were asked for, also where the platform
// sent others. Kind and status stand in no row: only the platform can apply them.
func ofTasks(rows []api.ContainmentRow, q api.ContainmentQuery) []api.ContainmentRow {
	if q.Tasks == "" || rows == nil {
		return rows
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r api.ContainmentRow) bool { return !q.Wants(r) })
}

// addCounts are the counts of two parts together.
func addCounts(a, b api.Count) api.Count {
	a.Came += b.Came
	if b.Announced.Known {
		a.Announced = api.Known(a.Announced.Value + b.Announced.Value)
	}
	return a
}

func (p Reports) containment(q api.ContainmentQuery) Spec[api.ContainmentReport] {
	return Spec[api.ContainmentReport]{
		Kind: api.ContainmentJob, Deadline: ReportDeadline,
		Question: canonical(reportQuestion{Bot: p.Bot, From: q.Window.From, To: q.Window.To, Daily: q.Daily, Limit: q.Limit, Only: only(q)}),
		Fresh:    p.fresh(q.Window),
		Start:    func(ctx context.Context) (api.JobRecord, error) { return p.Source.StartContainment(ctx, q) },
		Poll: func(ctx context.Context, r api.JobRecord) (api.JobRecord, api.ContainmentReport, bool, error) {
			c, err := p.Source.ContainmentStatus(ctx, r.ID)
			return c.Job, api.ContainmentReport{Rows: c.Rows, Count: c.Count}, c.Rows != nil, err
		},
	}
}

// fresh: a report of a moment ago, or of a window whose numbers had settled
// when it was made.
func (p Reports) fresh(w api.Window) func(api.JobRecord) bool {
	if p.Again {
		return nil
	}
	return func(r api.JobRecord) bool {
		age := p.Engine.now().Sub(r.Changed)
		settled := r.Started.After(w.To.Add(settledAfter))
		return age >= 0 && (age < freshFor || settled && age < settledFreshIn)
	}
}

// bare is a record without its result, which the report itself holds.
func bare(r api.JobRecord) api.JobRecord {
	r.Result = nil
	return r
}

// failed turns a job that ended without a report into an error.
func failed(endpoint string, r api.JobRecord) error {
	e := &api.Error{Endpoint: endpoint, Said: r.Failure}
	switch r.State {
	case api.JobFailed:
		e.Kind = api.Refused
	case api.JobExpired:
		e.Kind = api.NotFound
	case api.JobUnknown:
		e.Kind = api.Unavailable
	default:
		return nil
	}
	if e.Said == "" {
		e.Said = r.Word
	}
	return e
}

func noWindow(endpoint string) error {
	return &api.Error{Kind: api.Misuse, Endpoint: endpoint, Err: errWindow}
}
