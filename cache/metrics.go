package cache

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
	"korescope/api/trace"
)

// MetricReader reads the platform's own metrics through the cache.
type MetricReader struct {
	s       *Store
	src     api.MetricSource
	mode    Mode
	flights flights[api.MetricQuery, []api.Metric]
}

// Metrics makes a reader. src may be nil in mode Offline.
func Metrics(s *Store, src api.MetricSource, m Mode) *MetricReader {
	return &MetricReader{s: s, src: src, mode: m}
}

// Cached answers from disk: rows newest first, without Raw. A row that names no
// session is linked to one that is cached when user and time fit just one. Note
// says so when the newest row is older than the newest session that is cached:
// the platform's metrics may lag. The error is an *api.Error of kind NotCached
// when nothing about the kind and window is known.
func (r *MetricReader) Cached(ctx context.Context, q api.MetricQuery) (api.Answer[[]api.Metric], error) {
	if r.mode == Fresh {
		return api.Answer[[]api.Metric]{}, notCached()
	}
	return r.cached(ctx, q)
}

func (r *MetricReader) cached(ctx context.Context, q api.MetricQuery) (api.Answer[[]api.Metric], error) {
	now := r.s.o.Now()
	q = metricWindow(q, now)
	a, err := r.listing(q, now).cached(ctx, r.s, now)
	if err == nil {
		r.complete(ctx, q, &a)
	}
	return a, err
}

// Refresh asks the platform for the parts of the window that are not settled
// and gives the growing answer after every page, as [MetricReader.Cached] does.
func (r *MetricReader) Refresh(ctx context.Context, q api.MetricQuery, lane api.Lane) iter.Seq2[api.Answer[[]api.Metric], error] {
	if r.mode == Offline {
		return onlyCached(func() (api.Answer[[]api.Metric], error) { return r.cached(ctx, q) })
	}
	return r.flights.share(ctx, q, func(yield func(api.Answer[[]api.Metric], error) bool) {
		now := r.s.o.Now()
		q := metricWindow(q, now)
		refreshList(ctx, r.s, r.listing(q, now), r.mode, lane, func(a api.Answer[[]api.Metric], err error) bool {
			r.complete(ctx, q, &a)
			return yield(a, err)
		})
	})
}

func metricWindow(q api.MetricQuery, now time.Time) api.MetricQuery {
	if q.Window.Zero() {
		q.Window = api.Last(longestDefault, now)
	}
	return q
}

func (r *MetricReader) listing(q api.MetricQuery, now time.Time) *listing[api.Metric] {
	q.Bot = r.s.o.Home.Of(q.Bot)
	ask := question{metric: metricQuestion{bot: q.Bot, kind: q.Kind, channels: q.Channels, developer: q.Developer}}
	return &listing[api.Metric]{
		what: "metrics", ask: ask, window: q.Window, limit: q.Limit, passed: true,
		read: func(ctx context.Context, part api.Window, lane api.Lane) iter.Seq2[api.Page[api.Metric], error] {
			asked := q
			asked.Window = part
			return r.src.Metrics(ctx, asked, lane)
		},
		list: func(c *conn) ([]api.Metric, error) {
			return listMetrics(c, q, r.s.notBefore(now))
		},
		put: func(c *conn, rows []api.Metric, part api.Window, at time.Time) error {
			return putMetrics(c, q, rows, part, at)
		},
		key:   func(m api.Metric) identity { return identity(metricKey(m)) },
		at:    func(m api.Metric) time.Time { return m.At },
		order: byMetric,
		holds: func(m api.Metric) bool { return m.At.IsZero() || q.Window.Holds(m.At) },
		owner: func(m api.Metric) api.UserID { return m.User },
		owned: func(rows []api.Metric) bool {
			return !slices.ContainsFunc(rows, func(m api.Metric) bool { return m.User == "" })
		},
	}
}

// complete adds what the cached sessions say: whose the rows without a session
// are, and whether the metrics lag behind.
func (r *MetricReader) complete(ctx context.Context, q api.MetricQuery, a *api.Answer[[]api.Metric]) {
	var sessions []api.Session
	err := r.s.read(ctx, "read the sessions of metrics", func(c *conn) (err error) {
		sessions, err = sessionSpans(c, r.s.o.Home.Asked(r.s.o.Home.Of(q.Bot)), q.Window.Widen(longStory, 0), r.s.notBefore(r.s.o.Now()))
		return err
	})
	if err != nil || len(sessions) == 0 {
		return // without sessions nothing is linked and nothing can lag
	}
	a.Value = trace.LinkMetrics(a.Value, sessions)
	if newest := sessions[0].Start; a.Done && q.Window.Holds(newest) {
		a.Note = strings.Join(slices.Concat(nonEmpty(a.Note), nonEmpty(lagging(a.Value, newest))), "; ")
	}
}

// longStory is how long before a row its session may have begun.
const longStory = 6 * time.Hour

// lagging is said when the newest row is older than the newest session.
func lagging(rows []api.Metric, newest time.Time) string {
	i := slices.IndexFunc(rows, func(m api.Metric) bool { return !m.At.IsZero() })
	switch {
	case i < 0:
		return "metrics may lag: no row yet, newest session " + newest.Format(time.RFC3339)
	case rows[i].At.Before(newest):
		return "metrics may lag: newest row " + rows[i].At.Format(time.RFC3339) + ", newest session " + newest.Format(time.RFC3339)
	}
	return ""
}

// sessionSpans are the cached sessions of a bot ("": of any) that began in a
// window, newest first, as far as linking needs them.
func sessionSpans(c *conn, bot api.BotID, w api.Window, notBefore int64) ([]api.Session, error) {
	var out []api.Session
	err := c.rows(`SELECT id, user, start, "end", channel, status, containment FROM session
		WHERE at >= ? AND at < ? AND start IS NOT NULL AND fetched >= ? AND (?4 = '' OR bot IN ('', ?4)) ORDER BY at DESC`,
		[]any{w.From.UnixMilli(), w.To.UnixMilli(), notBefore, string(bot)}, func(s *sqlite3.Stmt) error {
			out = append(out, api.Session{
				ID: api.SessionID(s.ColumnText(0)), User: api.UserID(s.ColumnText(1)), Start: columnTime(s, 2), End: columnTime(s, 3), Channel: s.ColumnText(4),
				Status: s.ColumnText(5), Containment: api.Containment(s.ColumnText(6)),
			})
			return nil
		})
	return out, err
}

// metricQuestion is a question for metrics; its zero value is none.
type metricQuestion struct {
	bot       api.BotID // "" for that of the credential
	kind      api.MetricKind
	channels  string
	developer bool
}

func (q metricQuestion) name() string {
	name := "metrics\x1f" + string(q.kind)
	if q.bot != "" {
		name += "\x1fbot=" + string(q.bot)
	}
	if q.developer {
		name += "\x1fdeveloper"
	}
	if q.channels != "" {
		name += "\x1fchannels=" + q.channels
	}
	return name
}

func byMetric(a, b api.Metric) int {
	return cmp.Or(b.At.Compare(a.At), cmp.Compare(metricKey(a), metricKey(b)))
}

func metricKey(m api.Metric) string {
	if m.ID != "" {
		return m.ID
	}
	return hashed + shortHash(m.Raw)
}

// putMetrics writes rows where the window that found them can find them again.
// What the platform sent beside what was understood is not kept.
func putMetrics(c *conn, q api.MetricQuery, rows []api.Metric, part api.Window, now time.Time) error {
	for _, m := range rows {
		kept := m
		kept.ID, kept.Raw = metricKey(m), nil
		value, err := json.Marshal(kept)
		if err != nil {
			return fmt.Errorf("write a metric: %w", err)
		}
		at := m.At
		if at.IsZero() {
			at = part.To.Add(-time.Millisecond)
		}
		err = c.exec(`INSERT OR REPLACE INTO metric (asked, developer, id, at, session, who, desk, value, fetched) VALUES (?,?,?,?,?,?,?,?,?)`,
			askedFor(q), flag(q.Developer), kept.ID, at.UnixMilli(), string(m.Session), string(m.User), m.ChannelID, value, now.UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

// askedFor is the kind that was asked for, and whose rows: rows name no bot.
func askedFor(q api.MetricQuery) string {
	if q.Bot == "" {
		return string(q.Kind)
	}
	return string(q.Kind) + "\x1f" + string(q.Bot)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

func listMetrics(c *conn, q api.MetricQuery, notBefore int64) ([]api.Metric, error) {
	var out []api.Metric
	channels := strings.Split(q.Channels, ",")
	err := c.rows(`SELECT value FROM metric WHERE asked = ? AND developer = ? AND at >= ? AND at < ? AND fetched >= ? ORDER BY at DESC, id`,
		[]any{askedFor(q), flag(q.Developer), q.Window.From.UnixMilli(), q.Window.To.UnixMilli(), notBefore}, func(s *sqlite3.Stmt) error {
			var m api.Metric
			if err := json.Unmarshal(s.ColumnRawBlob(0), &m); err != nil {
				return fmt.Errorf("read a metric: %w: %w", errDamaged, err)
			}
			m.Raw = nil // was written as null
			if q.Channels == "" || slices.Contains(channels, m.Channel) {
				out = append(out, m)
			}
			return nil
		})
	slices.SortStableFunc(out, byMetric)
	return out, err
}
