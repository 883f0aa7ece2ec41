package cache

import (
	"context"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3/ext/serdes"

	"korescope/api"
)

// Traces are the names that the cache knows users by: the ids they were asked
// for with, those of channels, and those of their sessions. Whoever forgets users
// elsewhere asks before they are forgotten here.
func (s *Store) Traces(ctx context.Context, users []api.UserID) (names []string, err error) {
	err = s.read(ctx, "look for the names of users", func(c *conn) error {
		names = nil
		for _, u := range users {
			if u == "" {
				continue
			}
			sessions, err := sessionsOfUser(c, u)
			if err != nil {
				return err
			}
			called, sessions, err := namesOfUser(c, u, sessions)
			if err != nil {
				return err
			}
			names = slices.Concat(names, called, sessions)
		}
		slices.Sort(names)
		names = slices.Compact(names)
		return nil
	})
	return names, err
}

// Settle empties the log of the file, which still holds what was overwritten.
func (s *Store) Settle(ctx context.Context) error { return s.checkpoint(ctx) }

// Pages is the whole file as its pages are once they are decrypted, those that
// are free too: what somebody with the key could find in it. It is held in
// memory.
func (s *Store) Pages(ctx context.Context) (pages []byte, err error) {
	if err := s.checkpoint(ctx); err != nil {
		return nil, err
	}
	err = s.bare(ctx, "read the pages of the cache", func(c *conn) (err error) {
		pages, err = serdes.Serialize(c.db, "main")
		return err
	})
	return pages, err
}

// PurgeBeside removes what was left of one profile beside its file: those made
// with a secret that is no longer used, which nobody can read and search, and
// damaged ones that were set aside. profile is the name before the tag of the
// secret, keep the name in use.
func PurgeBeside(dir, profile, keep string) error {
	names, err := Names(dir, profile)
	if err != nil {
		return err
	}
	for _, name := range names {
		tag, ok := strings.CutPrefix(name, cleanName(profile)+"-")
		if !ok || name == cleanName(keep) || len(tag) != 8 || strings.Trim(tag, "0123456789abcdef") != "" {
			continue
		}
		if err := Purge(dir, name); err != nil {
			return err
		}
	}
	return purgeBad(dir, cleanName(keep))
}
