package cache

import (
	"context"
	"slices"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// Observe keeps the newest call per endpoint. Names that are no endpoint names
// are not kept: a path could carry an id.
func (s *Store) Observe(ctx context.Context, o api.Observed) error {
	if !endpointName(o.Endpoint) {
		return nil
	}
	return s.write(ctx, "keep an observation", func(c *conn) error {
		return c.exec(`INSERT INTO observed (endpoint, at, status, took) VALUES (?, ?, ?, ?)
			ON CONFLICT (endpoint) DO UPDATE SET at = excluded.at, status = excluded.status, took = excluded.took
			WHERE excluded.at >= at`, o.Endpoint, atMillis(o.At), o.Status, o.Took.Milliseconds())
	})
}

// LastCalls lists the newest call per endpoint, by name.
func (s *Store) LastCalls(ctx context.Context) ([]api.Observed, error) {
	var out []api.Observed
	err := s.read(ctx, "read observations", func(c *conn) error {
		out = nil
		return c.rows("SELECT endpoint, at, status, took FROM observed ORDER BY endpoint", nil, func(st *sqlite3.Stmt) error {
			out = append(out, api.Observed{
				Endpoint: st.ColumnText(0), At: fromMillis(st.ColumnInt64(1)),
				Status: st.ColumnInt(2), Took: time.Duration(st.ColumnInt64(3)) * time.Millisecond,
			})
			return nil
		})
	})
	return out, err
}

// endpointName reports a name of the endpoint table.
func endpointName(s string) bool {
	return slices.ContainsFunc(api.Endpoints(), func(e api.Endpoint) bool { return e.Name == s })
}
