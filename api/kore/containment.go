package kore

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"

	"korescope/api"
)

// containmentAsk is the body of taskContainmentReport (reference 10).
type containmentAsk struct {
	Filters containmentFilters `json:"filters"`
}

type containmentFilters struct {
	From        string `json:"dateFrom"`
	To          string `json:"dateTo"`
	Aggregation string `json:"AggregationType"`

	Tasks  []string `json:"includeTaskName,omitempty"`
	Kind   string   `json:"ConversationType,omitempty"`
	Status string   `json:"ConversationStatus,omitempty"`
}

// capitals are the words of conversations as this call spells them; sessions
// have them in lower case (reference 10).
func capitals(word string) string {
	switch word {
	case api.KindInteractive:
		return "Interactive"
	case api.KindNonInteractive:
		return "Non-Interactive"
	case api.StatusActive:
		return "Active"
	case api.StatusClosed:
		return "Closed"
	}
	return word
}

// StartContainment starts the report of at most 90 days, 30 when daily. The
// times in the record are the platform's. Its skip and limit are sent only when
// a limit is asked for: what happens without is documented as little as what
// they count, and most reports come whole (reference 27.31). Tags are not sent:
// the shape of theirs is documented nowhere.
//
// POST /api/public/bot/{bot}/taskContainmentReport (reference 10).
func (c *Client) StartContainment(ctx context.Context, q api.ContainmentQuery) (api.JobRecord, error) {
	if q.Window.From.IsZero() || q.Window.Length() <= 0 {
		return api.JobRecord{}, misuse("a window with a beginning and a later end is needed")
	}
	ask := containmentAsk{containmentFilters{
		From: stamp(q.Window.From), To: stamp(q.Window.To), Aggregation: "Cumulative",
		Tasks: q.TaskNames(), Kind: capitals(q.Kind), Status: capitals(q.Status),
	}}
	if q.Daily {
		ask.Filters.Aggregation = "Daily"
	}
	var page url.Values
	if q.Limit > 0 {
		page = url.Values{"skip": {"0"}, "limit": {strconv.Itoa(q.Limit)}}
	}
	a, err := c.call(ctx, api.StartContainment, page, ask, api.Person)
	if err != nil {
		return api.JobRecord{}, err
	}
	r, err := objectOf(api.StartContainment, a)
	if err != nil {
		return api.JobRecord{}, err
	}
	job := decodeJob(api.ContainmentJob, r)
	if job.ID == "" {
		return job, noID(api.StartContainment, api.Job)
	}
	return job, nil
}

// ContainmentStatus reads one report. Rows is nil until there is a result.
//
// GET /api/public/bot/{bot}/taskContainmentReport/status/{id} (reference 10).
func (c *Client) ContainmentStatus(ctx context.Context, id api.JobID) (api.ContainmentReport, error) {
	a, err := c.put(ctx, question{
		endpoint: api.ContainmentStatus, named: map[string]string{"id": string(id)}, lane: api.Person,
	})
	if err != nil {
		return api.ContainmentReport{}, err
	}
	r, err := objectOf(api.ContainmentStatus, a)
	if err != nil {
		return api.ContainmentReport{}, err
	}
	job := decodeJob(api.ContainmentJob, r)
	if job.ID == "" && job.Word == "" && r["tasksExecutionReport"] == nil {
		return api.ContainmentReport{}, unexpected(api.ContainmentStatus, a)
	}
	job.ID = id
	rows := containmentRows(r)
	report := api.ContainmentReport{Rows: rows, Job: settle(job, rows != nil)}
	if rows != nil {
		report.Count = api.Count{Came: len(rows), Announced: r.sub("tasksExecutionReport").number("total")}
	}
	return report, nil
}

// containmentRows reads the rows under whatever keys they stand, in the order
// of the platform; nil when there is no data at all.
func containmentRows(r row) []api.ContainmentRow {
	data, ok := r.sub("tasksExecutionReport").find("data")
	if !ok || string(data) == "null" {
		return nil
	}
	out := []api.ContainmentRow{}
	take := func(period string, raw json.RawMessage) {
		for _, one := range listOrOne(raw) {
			if t, isObject := readRow(one); isObject {
				out = append(out, containmentRow(period, t))
			}
		}
	}
	var list []json.RawMessage
	if json.Unmarshal(data, &list) == nil {
		take("", data)
		return out
	}
	for _, f := range fields(data) {
		take(f.key, f.raw)
	}
	return out
}

// containmentRow reads one task with one outcome. Its Status is the outcome;
// the status of the job stands elsewhere.
func containmentRow(period string, t row) api.ContainmentRow {
	if period == "" {
		period = t.text("dateRange")
	}
	return api.ContainmentRow{
		Period: period, Task: t.text("taskName"), TaskType: t.text("taskType"), Status: t.text("Status"),
		Executions: t.number("totalExecution"), Sessions: t.number("totalSession"),
		SelfService: t.number("selfServiceSessions"), DropOff: t.number("dropOffSessions"),
		Agent:   t.number("agentTransferSessions"),
		SelfPct: t.float("selfServiceSessionsInPercentage"), DropPct: t.float("dropOffSessionsInPercentage"),
		AgentPct: t.float("agentTransferSessionsInPercentage"),
	}
}
