package cache

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"korescope/api"
)

// A disk on which nothing can be written keeps what is there from nobody, and
// whatever wants to write says that it did not.
func TestAFileThatNobodyCanWriteToIsRead(t *testing.T) {
	for name, refusal := range map[string]error{"full": syscall.ENOSPC, "read-only": syscall.EROFS, "closed": fs.ErrPermission} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			o := options(t, c)
			w := &world{page: 1000}
			for i := range 30 {
				w.sessions = append(w.sessions, sessionAt(noon().Add(-time.Duration(i+120)*time.Minute), i, false))
			}
			q := api.SessionQuery{Window: api.Between(at(-24*60), at(-60))}
			s := mustOpen(t, o)
			last(t, Sessions(s, w, Normal).Refresh(t.Context(), q, api.Person))
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			before := bytesBelow(t, o.Dir)

			o.files = func(string) (fs.FileInfo, int64, error) {
				return nil, 0, fmt.Errorf("make the cache file: %w", refusal)
			}
			s, notice, err := Open(t.Context(), o)
			if err != nil || !strings.Contains(string(notice), "cache read-only, nothing new is kept") {
				t.Fatal(notice, err)
			}
			w.asked = nil
			a, err := Sessions(s, w, Offline).Cached(t.Context(), q)
			if err != nil || len(a.Value) != 30 || a.Partial {
				t.Errorf("%d of 30 rows, partial %v, %v", len(a.Value), a.Partial, err)
			}
			if last(t, Sessions(s, w, Normal).Refresh(t.Context(), q, api.Person)); len(w.asked) > 0 {
				t.Errorf("what is on disk was asked for again: %+v", w.asked)
			}
			w.sessions = append(w.sessions, sessionAt(noon().Add(-30*time.Minute), 99, false))
			newer := last(t, Sessions(s, w, Normal).Refresh(t.Context(), api.SessionQuery{Window: api.Between(at(-60), at(0))}, api.Person))
			if len(newer.Value) != 1 || !strings.Contains(newer.Note, "not kept on disk") {
				t.Errorf("%d rows, %q", len(newer.Value), newer.Note)
			}
			if s.Clear(t.Context()) == nil {
				t.Error("a file that nobody can write to was cleared")
			}
			if i, err := s.Info(t.Context()); err != nil || i.Memory || i.Sessions != 30 {
				t.Errorf("%+v, %v", i, err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if after := bytesBelow(t, o.Dir); after != before {
				t.Error("the folder has changed")
			}
		})
	}
}

// What is no file of ours, or is not there, is not read in that way either.
func TestOnlyOurOwnFileIsReadFrozen(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, path string) error{
		"none":      func(_ *testing.T, path string) error { return os.Remove(path) },
		"two names": func(t *testing.T, path string) error { return os.Link(path, filepath.Join(t.TempDir(), "x")) },
		"open":      func(_ *testing.T, path string) error { return os.Chmod(path, 0o644) },
		"a link": func(t *testing.T, path string) error {
			to := filepath.Join(t.TempDir(), "x")
			if err := os.Rename(path, to); err != nil {
				return err
			}
			return os.Symlink(to, path)
		},
		"damaged": func(_ *testing.T, path string) error { return os.WriteFile(path, make([]byte, 8192), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, newClock())
			if err := mustOpen(t, o).Close(); err != nil {
				t.Fatal(err)
			}
			if err := change(t, filepath.Join(o.Dir, "test.db")); err != nil {
				t.Fatal(err)
			}
			o.files = func(string) (fs.FileInfo, int64, error) { return nil, 0, syscall.EROFS }
			expectMemory(t, o, "full or read-only")
			if bad, err := filepath.Glob(filepath.Join(o.Dir, "*.bad-*")); err != nil || len(bad) > 0 {
				t.Errorf("set aside: %v, %v", bad, err)
			}
		})
	}
}

// bytesBelow are the names and bytes of all files of a folder.
func bytesBelow(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(e.Name() + "\x00" + string(data) + "\x00")
	}
	return b.String()
}
