package cache

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// AllBots asks for every bot of the account.
type AllBots struct{}

// AllRoles asks for every user of the account with their roles.
type AllRoles struct{}

// AccountReader reads a whole list of the account through the cache. The list
// on disk is always one that was read to its end; it stays for a day. It holds
// the fields of T and nothing else: answers of the platform that carry client
// secrets never come here.
type AccountReader[K comparable, T any] struct {
	s       *Store
	mode    Mode
	flights flights[K, []T]

	what string // name in the table, and for people
	read func(ctx context.Context, lane api.Lane) iter.Seq2[api.Page[T], error]
	key  func(T) string
}

// Bots makes a reader of the bots of the account, in the order of the platform.
// src may be nil in mode Offline.
func Bots(s *Store, src api.AccountSource, m Mode) *AccountReader[AllBots, api.Bot] {
	return &AccountReader[AllBots, api.Bot]{
		s: s, mode: m, what: "bots",
		read: func(ctx context.Context, lane api.Lane) iter.Seq2[api.Page[api.Bot], error] {
			return src.Bots(ctx, lane)
		},
		key: func(b api.Bot) string { return string(b.ID) },
	}
}

// Roles makes a reader of the users of the account, in the order of the
// platform. src may be nil in mode Offline.
func Roles(s *Store, src api.AccountSource, m Mode) *AccountReader[AllRoles, api.RoleAssignment] {
	return &AccountReader[AllRoles, api.RoleAssignment]{
		s: s, mode: m, what: rolesList,
		read: func(ctx context.Context, lane api.Lane) iter.Seq2[api.Page[api.RoleAssignment], error] {
			return src.Roles(ctx, lane)
		},
		key: func(r api.RoleAssignment) string { return string(r.User) + "\x1f" + r.Username },
	}
}

// rolesList is the list that names people.
const rolesList = "roles"

// Cached answers from disk. The error is an *api.Error of kind NotCached when
// there is no list of the last day.
func (r *AccountReader[K, T]) Cached(ctx context.Context, _ K) (api.Answer[[]T], error) {
	if r.mode == Fresh {
		return api.Answer[[]T]{}, notCached()
	}
	return r.cached(ctx)
}

func (r *AccountReader[K, T]) cached(ctx context.Context) (api.Answer[[]T], error) {
	now := r.s.o.Now()
	var a api.Answer[[]T]
	err := r.s.read(ctx, "read "+r.what+" from the cache", func(c *conn) error {
		value, fetched, found, err := accountList(c, r.what)
		switch {
		case err != nil:
			return err
		case !found || expired(fetched, now, r.s.o.accountKeep()):
			return notCached()
		}
		a = api.Answer[[]T]{At: fetched, Origin: api.FromDisk, Done: true, Fresh: within(fetched, now, slowFor)}
		if json.Unmarshal(value, &a.Value) != nil {
			return notCached() // of a shape that this version does not know
		}
		return nil
	})
	return a, err
}

func (o Options) accountKeep() time.Duration { return min(keepAccount, o.Retention) }

func accountList(c *conn, what string) (value []byte, fetched time.Time, found bool, err error) {
	err = c.rows("SELECT value, fetched FROM account WHERE what = ?", []any{what}, func(s *sqlite3.Stmt) error {
		value, fetched, found = columnBytes(s, 0), fromMillis(s.ColumnInt64(1)), true
		return nil
	})
	return value, fetched, found, err
}

// Refresh reads the whole list and gives it after every page: what was read,
// then what only the list from before has. The last answer, when all went
// well, holds only what was read, and is kept.
func (r *AccountReader[K, T]) Refresh(ctx context.Context, k K, lane api.Lane) iter.Seq2[api.Answer[[]T], error] {
	if r.mode == Offline {
		return onlyCached(func() (api.Answer[[]T], error) { return r.cached(ctx) })
	}
	return r.flights.share(ctx, k, func(yield func(api.Answer[[]T], error) bool) {
		w := &accountRead[K, T]{r: r, yield: yield}
		w.run(ctx, lane)
	})
}

// accountRead is one run of AccountReader.Refresh.
type accountRead[K comparable, T any] struct {
	r     *AccountReader[K, T]
	yield func(api.Answer[[]T], error) bool

	before []T
	rows   []T
	seen   map[string]bool
	whole  bool
	stuck  bool // the paging itself was not in order
	total  api.Maybe[int]
	gaps   []api.Gap
	said   []string
}

func (w *accountRead[K, T]) run(ctx context.Context, lane api.Lane) {
	w.seen = map[string]bool{}
	if w.r.mode != Fresh {
		switch known, err := w.r.cached(ctx); {
		case err == nil:
			w.before = known.Value
		case ctx.Err() != nil:
			w.give(true, ctx.Err())
			return
		case api.KindOf(err) != api.NotCached:
			w.said = append(w.said, "not kept on disk: "+reason(err))
		}
	}
	more := false
	for page, err := range w.r.read(ctx, lane) {
		if err != nil {
			w.give(true, err)
			return
		}
		more = page.More
		w.take(page)
		if !w.give(false, nil) {
			return
		}
	}
	if w.whole = !more && !w.stuck && len(w.gaps) == 0; w.whole {
		w.keep(ctx)
	}
	w.give(true, nil)
}

func (w *accountRead[K, T]) take(page api.Page[T]) {
	w.total = page.Total
	w.gaps = append(w.gaps, page.Gaps...)
	w.stuck = w.stuck || page.Note != ""
	if page.Note != "" && !slices.Contains(w.said, page.Note) {
		w.said = append(w.said, page.Note)
	}
	for _, row := range page.Items {
		if k := w.r.key(row); !w.seen[k] {
			w.seen[k] = true
			w.rows = append(w.rows, row)
		}
	}
}

func (w *accountRead[K, T]) keep(ctx context.Context) {
	value, err := json.Marshal(w.rows)
	if err == nil {
		err = w.r.s.write(context.WithoutCancel(ctx), "keep "+w.r.what, func(c *conn) error {
			return c.exec("INSERT OR REPLACE INTO account (what, fetched, value) VALUES (?, ?, ?)",
				w.r.what, w.r.s.o.Now().UnixMilli(), value)
		})
	}
	if err != nil {
		w.said = append(w.said, "not kept on disk: "+reason(err))
	}
}

func (w *accountRead[K, T]) give(done bool, failed error) bool {
	a := api.Answer[[]T]{
		Value: w.rows[:len(w.rows):len(w.rows)], At: w.r.s.o.Now(), Origin: api.FromNetwork, Done: done,
		Partial: !w.whole, Fresh: w.whole, Gaps: slices.Clone(w.gaps), Total: w.total, Note: strings.Join(w.said, "; "),
	}
	if !w.whole {
		for _, row := range w.before {
			if !w.seen[w.r.key(row)] {
				a.Value = append(a.Value, row)
			}
		}
	}
	return w.yield(a, failed)
}
