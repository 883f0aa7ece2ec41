package cache

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// ReportReader reads a report through the cache: the platform makes it anew on
// every question, which takes a while, and forgets it after minutes.
type ReportReader[K comparable, V any] struct {
	s       *Store
	run     func(context.Context, K) iter.Seq2[V, error]
	mode    Mode
	flights flights[K, V]
	again   flights[K, V] // of Reread
	form    reportForm[K, V]
}

// reportForm is how one kind of report differs from another.
type reportForm[K, V any] struct {
	kind   api.JobKind
	window func(K) api.Window
	shape  func(K) string // what besides the window makes a question
	job    func(*V) *api.JobRecord
	empty  func(V) bool // no rows
	count  func(V) api.Count
	note   func(*V) *string // what happened to the job; nil where nothing is told
}

// Billing makes a reader of the usage summary. run asks the platform: it gives
// the report as it grows, the last one whole. It may be nil in mode Offline.
func Billing(s *Store, run func(context.Context, api.BillingQuery) iter.Seq2[api.BillingReport, error], m Mode) *ReportReader[api.BillingQuery, api.BillingReport] {
	return &ReportReader[api.BillingQuery, api.BillingReport]{s: s, run: run, mode: m, form: reportForm[api.BillingQuery, api.BillingReport]{
		kind:   api.BillingJob,
		window: func(q api.BillingQuery) api.Window { return q.Window },
		shape:  func(q api.BillingQuery) string { return string(q.By) },
		job:    func(r *api.BillingReport) *api.JobRecord { return &r.Job },
		empty:  func(r api.BillingReport) bool { return len(r.Rows) == 0 },
		count:  func(api.BillingReport) api.Count { return api.Count{} },
		note:   func(r *api.BillingReport) *string { return &r.Note },
	}}
}

// Containment makes a reader of the task containment report, as [Billing] does.
func Containment(s *Store, run func(context.Context, api.ContainmentQuery) iter.Seq2[api.ContainmentReport, error], m Mode) *ReportReader[api.ContainmentQuery, api.ContainmentReport] {
	return &ReportReader[api.ContainmentQuery, api.ContainmentReport]{s: s, run: run, mode: m, form: reportForm[api.ContainmentQuery, api.ContainmentReport]{
		kind:   api.ContainmentJob,
		window: func(q api.ContainmentQuery) api.Window { return q.Window },
		shape: func(q api.ContainmentQuery) string {
			shape := ""
			if q.Daily {
				shape = "daily"
			}
			if only := q.Tasks + q.Kind + q.Status; only != "" {
				shape += "\x1f" + q.Tasks + "\x1f" + q.Kind + "\x1f" + q.Status
			}
			return shape
		},
		job:   func(r *api.ContainmentReport) *api.JobRecord { return &r.Job },
		empty: func(r api.ContainmentReport) bool { return len(r.Rows) == 0 },
		count: func(r api.ContainmentReport) api.Count { return r.Count },
	}}
}

// keptReport is a report on disk.
type keptReport[V any] struct {
	value   V
	window  api.Window
	fetched time.Time
	found   bool
}

// Cached answers from disk: with the report of this very window, or else with
// the newest one whose window has the same start or the same length and ends
// earlier. That one is Partial when it ends more than five minutes earlier;
// Covered is its window and Note says so. The error is an *api.Error of kind
// NotCached when there is none.
func (r *ReportReader[K, V]) Cached(ctx context.Context, k K) (api.Answer[V], error) {
	if r.mode == Fresh {
		return api.Answer[V]{}, notCached()
	}
	return r.cached(ctx, k)
}

func (r *ReportReader[K, V]) cached(ctx context.Context, k K) (api.Answer[V], error) {
	now := r.s.o.Now()
	asked := r.asked(k, now)
	kept, err := r.kept(ctx, k, asked)
	if err != nil {
		return api.Answer[V]{}, err
	}
	if !kept.found {
		return api.Answer[V]{}, notCached()
	}
	return r.form.answer(kept, asked, now), nil
}

// asked is the window of a question; without one the platform takes the last
// seven days.
func (r *ReportReader[K, V]) asked(k K, now time.Time) api.Window {
	if w := r.form.window(k); !w.Zero() {
		return w
	}
	return api.Last(longestDefault, now)
}

// answer is a kept report as an answer about a window. One that came short is
// never fresh.
func (f reportForm[K, V]) answer(kept keptReport[V], asked api.Window, now time.Time) api.Answer[V] {
	a := api.Answer[V]{Value: kept.value, At: kept.fetched, Origin: api.FromDisk, Done: true}
	a.Covered = upToNow(kept.window, kept.fetched)
	a.Fresh, a.Partial = reportStanding(asked, kept.window, kept.fetched, now)
	if a.Partial {
		a.Note = "report of " + a.Covered.From.Format(time.RFC3339) + " to " + a.Covered.To.Format(time.RFC3339)
	}
	if err := f.count(kept.value).Short(""); err != nil {
		a.Fresh, a.Partial = false, true
		a.Gaps = append(a.Gaps, api.Gap{Window: a.Covered, Why: err})
	}
	return a
}

// kept finds the report that answers best.
func (r *ReportReader[K, V]) kept(ctx context.Context, k K, asked api.Window) (found keptReport[V], err error) {
	now := r.s.o.Now()
	since := now.Add(-r.s.o.ReportRetention).UnixMilli()
	ahead := now.Add(clockSlack).UnixMilli()
	err = r.s.read(ctx, "read a report from the cache", func(c *conn) error {
		found = keptReport[V]{}
		return c.rows(`SELECT "from", "to", fetched, value FROM report
			WHERE kind = ?1 AND shape = ?2 AND fetched BETWEEN ?3 AND ?4
				AND "to" > ?5 AND "to" <= ?6 AND ("from" = ?5 OR "to" - "from" = ?6 - ?5)
			ORDER BY "to" DESC, fetched DESC LIMIT 1`,
			[]any{string(r.form.kind), r.form.shape(k), since, ahead, asked.From.UnixMilli(), asked.To.UnixMilli()},
			func(s *sqlite3.Stmt) error {
				found.window = api.Window{From: fromMillis(s.ColumnInt64(0)), To: fromMillis(s.ColumnInt64(1))}
				found.fetched = fromMillis(s.ColumnInt64(2))
				// One of a shape that this version does not know is as good as none.
				found.found = json.Unmarshal(s.ColumnRawBlob(3), &found.value) == nil
				return nil
			})
	})
	return found, err
}

// Refresh asks for the report, unless it is of a period that was over for a day
// when it was read. Every answer on the way carries the job in its value, with
// the percent, and the rows of the last report until there are new ones. On
// failure the last report stays, beside the error.
func (r *ReportReader[K, V]) Refresh(ctx context.Context, k K, _ api.Lane) iter.Seq2[api.Answer[V], error] {
	return r.ask(ctx, k, &r.flights, r.mode)
}

// Reread asks for the report also where the one on disk would serve.
func (r *ReportReader[K, V]) Reread(ctx context.Context, k K, _ api.Lane) iter.Seq2[api.Answer[V], error] {
	return r.ask(ctx, k, &r.again, whole(r.mode))
}

func (r *ReportReader[K, V]) ask(ctx context.Context, k K, f *flights[K, V], m Mode) iter.Seq2[api.Answer[V], error] {
	if m == Offline {
		return onlyCached(func() (api.Answer[V], error) { return r.cached(ctx, k) })
	}
	return f.share(ctx, k, func(yield func(api.Answer[V], error) bool) {
		w := &reportRead[K, V]{r: r, mode: m, k: k, asked: r.asked(k, r.s.o.Now()), yield: yield}
		w.follow(ctx)
	})
}

// reportRead is one run of ReportReader.Refresh.
type reportRead[K comparable, V any] struct {
	r     *ReportReader[K, V]
	mode  Mode
	k     K
	asked api.Window
	yield func(api.Answer[V], error) bool

	last  keptReport[V]
	value V // as the platform gave it last
	any   bool
	said  []string
}

func (w *reportRead[K, V]) follow(ctx context.Context) {
	now := w.r.s.o.Now()
	// The last report is shown meanwhile in every mode, also when nothing on
	// disk may stand for an answer: its age is beside it.
	last, err := w.r.kept(ctx, w.k, w.asked)
	switch {
	case ctx.Err() != nil:
		w.yield(w.growing(true, ctx.Err()), ctx.Err())
		return
	case err != nil:
		w.said = append(w.said, "not kept on disk: "+reason(err))
	case last.found:
		w.last = last
		if w.mode == Normal && last.window == w.asked && reportSettled(last.window, last.fetched) && w.r.form.count(last.value).Whole() {
			w.yield(w.r.form.answer(last, w.asked, now), nil)
			return
		}
	}
	for v, err := range w.r.run(ctx, w.k) {
		if err != nil {
			if job := w.r.form.job(&v); job.State != "" {
				w.value = v
			}
			w.yield(w.growing(true, err), err)
			return
		}
		w.value, w.any = v, true
		if !w.yield(w.growing(false, nil), nil) {
			return
		}
	}
	w.end(ctx)
}

// end is what follows the last word of the platform.
func (w *reportRead[K, V]) end(ctx context.Context) {
	job := w.r.form.job(&w.value)
	if !w.any || job.State != "" && job.State != api.JobSucceeded {
		err := &api.Error{Kind: api.Unavailable, Said: cutText(job.Failure, maxWhy)}
		w.yield(w.growing(true, err), err)
		return
	}
	now := w.r.s.o.Now()
	kept := keptReport[V]{value: w.value, window: w.asked, fetched: now, found: true}
	if err := w.keep(ctx, kept); err != nil {
		w.said = append(w.said, "not kept on disk: "+reason(err))
	}
	a := w.r.form.answer(kept, w.asked, now)
	a.Origin, a.Note = api.FromNetwork, strings.Join(slices.Concat(w.happened(), w.said), "; ")
	w.yield(a, nil)
}

// growing is the answer while the report is not there, or will not come.
func (w *reportRead[K, V]) growing(done bool, failed error) api.Answer[V] {
	now := w.r.s.o.Now()
	job := *w.r.form.job(&w.value)
	a := api.Answer[V]{Value: w.value, At: now, Origin: api.FromNetwork}
	if w.last.found && (failed != nil || w.r.form.empty(w.value) || !job.State.Over()) {
		a = w.r.form.answer(w.last, w.asked, now)
		if job.State != "" {
			*w.r.form.job(&a.Value) = job
		}
	}
	a.Done, a.Fresh = done, false
	a.Partial = a.Partial || !w.last.found || failed != nil
	a.Note = strings.Join(slices.Concat(nonEmpty(a.Note), w.happened(), w.said), "; ")
	return a
}

// happened is what happened to the job on the way.
func (w *reportRead[K, V]) happened() []string {
	if w.r.form.note == nil {
		return nil
	}
	return nonEmpty(*w.r.form.note(&w.value))
}

func (w *reportRead[K, V]) keep(ctx context.Context, kept keptReport[V]) error {
	w.r.form.job(&kept.value).Result = nil // it says the same again
	if w.r.form.note != nil {
		*w.r.form.note(&kept.value) = "" // of this reading alone
	}
	value, err := json.Marshal(kept.value)
	if err != nil {
		return fmt.Errorf("write a report: %w", err)
	}
	return w.r.s.write(context.WithoutCancel(ctx), "keep a report", func(c *conn) error {
		return c.exec(`INSERT OR REPLACE INTO report (kind, shape, "from", "to", fetched, value) VALUES (?, ?, ?, ?, ?, ?)`,
			string(w.r.form.kind), w.r.form.shape(w.k), kept.window.From.UnixMilli(), kept.window.To.UnixMilli(),
			kept.fetched.UnixMilli(), value)
	})
}
