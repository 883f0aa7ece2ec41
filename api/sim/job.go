package sim

import (
	"net/http"
	"sync"

	"korescope/api"
)

// job is an asynchronous job (reference 26). How far it is follows from the
// clock alone; only the number of looks at it is remembered, for the fault that
// moves its percentage back.
type job struct {
	id      string
	no      uint64
	kind    api.JobKind
	bot     *bot // nil for the account
	by      string
	started int64 // Unix ms
	takes   int64 // ms
	spoil   spoil
	looks   int
	stages  int  // a test run advances step by step; 0 for the others
	fails   bool // it was bound to fail from the start
	ask     any  // what was asked, by kind

	once   sync.Once
	answer any // made when first fetched
}

// look is a job as one status call sees it.
type look struct {
	percent int
	stage   int
	over    bool
	failed  bool
	word    string // replaces every status word, "" for none
	seen    int64  // Unix ms
}

// invalidRequest is [SIM]: the answer for an id that is unknown or forgotten.
func invalidRequest() *refusal {
	return &refusal{http.StatusBadRequest, 400, "Invalid request id"}
}

// begin files a job and counts the act.
func (c *call) begin(kind api.JobKind, prefix, name string, ask any) *job {
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	j := c.file(kind, prefix, ask)
	d.act(c, name, j.id)
	return j
}

// file makes a job; the desk is locked.
func (c *call) file(kind api.JobKind, prefix string, ask any) *job {
	d := c.w.desk
	j := &job{
		id: d.draw(prefix), no: d.n, kind: kind, bot: c.bot, by: caller(c.app),
		started: c.ms(), takes: d.takes.Milliseconds(), spoil: c.spoil, ask: ask,
	}
	if run, ok := ask.(*runAsk); ok {
		j.stages = len(run.suite.steps)
		if run.suite.breaksAfter > 0 {
			j.stages, j.fails = run.suite.breaksAfter, true
		}
		j.takes = int64(j.stages) * d.step.Milliseconds()
	}
	d.jobs[j.id] = j
	return j
}

// caller is the user behind an app, who is named as the creator of its jobs.
func caller(app *Credential) string {
	h := uint64(len(app.ClientID))
	for _, c := range []byte(app.ClientID) {
		h = blend(h, uint64(c))
	}
	return uuid("u-", h)
}

// poll finds a job by its id. Reports and imports are forgotten after 15
// minutes; how long a test run is kept is not said, here for ever [SIM].
func (c *call) poll(kind api.JobKind, id string) (*job, look, *refusal) {
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.jobs[id]
	if j == nil || j.kind != kind || j.bot != c.bot {
		return nil, look{}, invalidRequest()
	}
	l, no := c.look(j)
	return j, l, no
}

func (c *call) look(j *job) (look, *refusal) {
	s := j.spoil.and(c.spoil)
	j.looks++
	l := j.at(c.ms(), s)
	switch {
	case s.lost, s.expired && l.over, j.kind != api.TestJob && c.ms()-j.started >= jobLife.Milliseconds():
		return look{}, invalidRequest()
	}
	return l, nil
}

// at says how far the job is.
func (j *job) at(now int64, s spoil) look {
	takes := max(1, j.takes+s.slow.Milliseconds())
	gone := min(max(now-j.started, 0), takes)
	l := look{over: gone >= takes, percent: int(gone * 100 / takes), failed: j.fails || s.fail, word: s.word, seen: now}
	if j.stages > 0 {
		l.stage = int(gone * int64(j.stages) / takes)
		l.percent = l.stage * 100 / j.total()
	}
	if s.stuck && l.percent >= stuckAt {
		l.percent, l.over, l.stage = stuckAt, false, j.stages*stuckAt/100
	}
	if s.word != "" {
		l.over = false
	}
	l.failed = l.failed && l.over
	if s.flap && !l.over && j.looks%2 == 0 {
		l.percent = max(0, l.percent-flapBy)
	}
	return l
}

const stuckAt, flapBy = 40, 15 // percent

// total is the number of stages of the whole, also of those never reached.
func (j *job) total() int {
	if run, ok := j.ask.(*runAsk); ok {
		return len(run.suite.steps)
	}
	return 100
}

// ended is the moment a job was over.
func (j *job) ended(s spoil) int64 { return j.started + j.takes + s.slow.Milliseconds() }

// dock is the shape in which the platform shows most jobs, with the keys that
// one kind has beside the common ones.
func (j *job) dock(l look, success, failure string, extra ...any) obj {
	status, logs := "IN_PROGRESS", []any{}
	switch {
	case l.word != "":
		status = l.word
	case l.failed:
		status = failure
		logs = []any{ob("status", failure, "message", "Something went wrong while the job was run", "time", stamp(l.seen))} // [SIM]
	case l.over:
		status = success
	}
	out := ob("status", status, "percentageComplete", l.percent)
	out = out.with(extra...)
	return out.with("action", "QUERY", "createdBy", j.by, "statusLogs", logs, "_id", j.id,
		"lMod", wholeSecond(l.seen), "createdOn", stamp(j.started), "__v", 0)
}

func (j *job) expireAt() string { return stamp(j.started + jobLife.Milliseconds()) }
