package cache

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"
	_ "github.com/ncruces/go-sqlite3/vfs/adiantum" // the encrypting file layer
)

// busyTimeout is how long a statement waits for another process. Page writes
// take some 100 ms, so a few queued ones fit.
const busyTimeout = 5 * time.Second

// conn is one connection with its prepared statements. Only one goroutine uses
// it at a time; Store hands it out.
type conn struct {
	db    *sqlite3.Conn
	stmts map[string]*sqlite3.Stmt
}

// place says which database to open and how.
type place struct {
	path     string // "" for memory
	key      string // hex; "" for a plain file, which only tests use
	readOnly bool
	// frozen: nobody can write there, not even what lies beside the file. The log is
	// not looked at then.
	frozen bool
}

func (p place) uri() string {
	if p.path == "" {
		return ":memory:"
	}
	// Whatever the engine makes beside the file gets the file's own mode.
	q := url.Values{"modeof": {p.path}}
	if p.frozen {
		q.Set("immutable", "1")
	}
	if p.key != "" {
		q.Set("vfs", "adiantum")
		q.Set("hexkey", p.key)
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: p.path, RawQuery: q.Encode()}
	return u.String()
}

// dial opens a connection with the settings that every one of them needs.
func dial(ctx context.Context, p place) (*conn, error) {
	flags := sqlite3.OPEN_READWRITE | sqlite3.OPEN_URI
	if p.readOnly {
		flags = sqlite3.OPEN_READONLY | sqlite3.OPEN_URI
	}
	if p.path == "" {
		flags |= sqlite3.OPEN_CREATE
	}
	db, err := sqlite3.OpenFlags(p.uri(), flags)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	c := &conn{db: db, stmts: map[string]*sqlite3.Stmt{}}
	db.SetInterrupt(ctx)
	if err := c.prepareFor(p); err != nil {
		_ = c.close() // the first error is the one to tell
		return nil, err
	}
	return c, nil
}

// pragmas hold for one connection, so each gets them. The page cache is small
// because two or three connections live as long as the program.
func pragmas(p place) string {
	lines := []string{
		"PRAGMA temp_store = memory",
		"PRAGMA secure_delete = on",
		"PRAGMA synchronous = normal",
		"PRAGMA trusted_schema = off",
		"PRAGMA journal_size_limit = 4194304",
		"PRAGMA cache_size = -3072",
	}
	if p.readOnly {
		lines = append(lines, "PRAGMA query_only = on")
	}
	if p.path == "" {
		// Full is an error that callers survive; running out of the engine's
		// memory is not.
		lines = append(lines, "PRAGMA max_page_count = 40000")
	}
	return strings.Join(lines, ";")
}

func (c *conn) prepareFor(p place) error {
	if err := c.db.BusyTimeout(busyTimeout); err != nil {
		return err
	}
	if err := fts5.RegisterCustom(c.db, registerWords); err != nil {
		return fmt.Errorf("full text: %w", err)
	}
	if err := c.db.Exec(pragmas(p)); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}

func (c *conn) close() error {
	for _, s := range c.stmts {
		_ = s.Close() // the connection goes away
	}
	clear(c.stmts)
	return c.db.Close()
}

// stmt prepares once per connection.
func (c *conn) stmt(sql string) (*sqlite3.Stmt, error) {
	if s, ok := c.stmts[sql]; ok {
		return s, nil
	}
	s, _, err := c.db.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, err
	}
	c.stmts[sql] = s
	return s, nil
}

// exec runs one statement that gives no rows.
func (c *conn) exec(sql string, args ...any) error {
	s, err := c.stmt(sql)
	if err != nil {
		return err
	}
	if err := bind(s, args); err != nil {
		return err
	}
	if err := s.Exec(); err != nil {
		_ = s.Reset() // repeats the same error
		return err
	}
	return s.ClearBindings()
}

// rows runs a query; each is called once per row and may stop with an error.
// each must not run the same SQL again.
func (c *conn) rows(sql string, args []any, each func(*sqlite3.Stmt) error) error {
	s, err := c.stmt(sql)
	if err != nil {
		return err
	}
	if err := bind(s, args); err != nil {
		return err
	}
	for s.Step() {
		if err := each(s); err != nil {
			_ = s.Reset() // the caller's error counts
			return err
		}
	}
	err = s.Err()
	if rerr := s.Reset(); err == nil {
		err = rerr
	}
	return err
}

// number reads a single integer, 0 when there is no row or it is NULL.
func (c *conn) number(sql string, args ...any) (int64, error) {
	var n int64
	err := c.rows(sql, args, func(s *sqlite3.Stmt) error {
		n = s.ColumnInt64(0)
		return nil
	})
	return n, err
}

// within runs f inside a transaction; begin is BEGIN or BEGIN IMMEDIATE.
func (c *conn) within(ctx context.Context, begin string, f func() error) (err error) {
	if err := c.exec(begin); err != nil {
		return err
	}
	done := false
	defer func() {
		if done {
			return
		}
		// An interrupted connection refuses everything, also the way back.
		live := c.db.SetInterrupt(context.WithoutCancel(ctx))
		defer c.db.SetInterrupt(live)
		if !c.db.GetAutocommit() {
			_ = c.exec("ROLLBACK") // the first error is the one to tell
		}
	}()
	if err := f(); err != nil {
		return err
	}
	if err := c.exec("COMMIT"); err != nil {
		return err
	}
	done = true
	return nil
}

func bind(s *sqlite3.Stmt, args []any) error {
	for i, a := range args {
		var err error
		switch v := a.(type) {
		case nil:
			err = s.BindNull(i + 1)
		case string:
			err = s.BindText(i+1, v)
		case []byte:
			if v == nil {
				err = s.BindNull(i + 1)
			} else {
				err = s.BindBlob(i+1, v)
			}
		case int64:
			err = s.BindInt64(i+1, v)
		case int:
			err = s.BindInt(i+1, v)
		case bool:
			err = s.BindBool(i+1, v)
		default:
			err = fmt.Errorf("bind %T: %w", a, sqlite3.MISMATCH)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
