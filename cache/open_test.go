//go:build unix

package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// withUmask runs f under a umask; tests that use it do not run in parallel.
func withUmask(mask int, f func()) {
	old := syscall.Umask(mask)
	defer syscall.Umask(old)
	f()
}

func TestFilesAreClosedToOthersUnderAnyUmask(t *testing.T) {
	for _, mask := range []int{0, 0o022, 0o077, 0o277} {
		t.Run(fmt.Sprintf("%03o", mask), func(t *testing.T) {
			c := newClock()
			o := options(t, c)
			o.Dir = filepath.Join(o.Dir, "cache", "korescope")
			// A umask without our own rights would also close the parents.
			if err := os.MkdirAll(filepath.Dir(o.Dir), 0o755); err != nil {
				t.Fatal(err)
			}
			withUmask(mask, func() {
				s := mustOpen(t, o)
				if err := s.write(t.Context(), "page", func(c *conn) error { return writePage(c, 0) }); err != nil {
					t.Fatal(err)
				}
				checkPages(t, s, 1)
				n := checkModes(t, o.Dir)
				if n != 3 {
					t.Errorf("%d files, want the file, its log and its index", n)
				}
			})
		})
	}
}

func TestOpenRightsAreTakenAway(t *testing.T) {
	c := newClock()
	o := options(t, c)
	if err := mustOpen(t, o).Close(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(o.Dir, 0o755), os.Chmod(filepath.Join(o.Dir, "test.db"), 0o644)); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, o)
	checkModes(t, o.Dir)
}

// expectMemory opens and wants a cache in memory with a reason.
func expectMemory(t *testing.T, o Options, reason string) {
	t.Helper()
	s, notice, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	info, err := s.Info(t.Context())
	if err != nil || !info.Memory || info.Path != "" {
		t.Errorf("memory %v, path %q, %v", info.Memory, info.Path, err)
	}
	if !strings.Contains(string(notice), reason) || !strings.HasPrefix(string(notice), "cache in memory only: ") {
		t.Errorf("notice %q, want %q in it", notice, reason)
	}
	w := &world{sessions: []api.Session{sessionAt(at(-90), 1, false)}}
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30))}
	last(t, Sessions(s, w, Normal).Refresh(t.Context(), q, api.Person))
	if a, err := Sessions(s, nil, Offline).Cached(t.Context(), q); err != nil || len(a.Value) != 1 {
		t.Errorf("in memory: %d rows, %v", len(a.Value), err)
	}
}

func TestPlantedLinksAreRefused(t *testing.T) {
	for _, suffix := range []string{"", logSuffix, indexSuffix} {
		for _, kind := range []string{"symlink", "hard link", "dangling symlink", "folder"} {
			t.Run(kind+suffix, func(t *testing.T) {
				c := newClock()
				o := options(t, c)
				target := filepath.Join(t.TempDir(), "victim")
				if err := os.WriteFile(target, []byte("precious"), 0o600); err != nil {
					t.Fatal(err)
				}
				planted := filepath.Join(o.Dir, "test.db"+suffix)
				var err error
				switch kind {
				case "symlink":
					err = os.Symlink(target, planted)
				case "dangling symlink":
					err = os.Symlink(target+"-new", planted)
				case "hard link":
					err = os.Link(target, planted)
				case "folder":
					err = os.Mkdir(planted, 0o700)
				}
				if err != nil {
					t.Fatal(err)
				}
				expectMemory(t, o, "not safe to use")
				if b, err := os.ReadFile(target); err != nil || string(b) != "precious" {
					t.Errorf("the target was changed: %q, %v", b, err)
				}
				if _, err := os.Lstat(target + "-new"); !errors.Is(err, fs.ErrNotExist) {
					t.Error("a file was made through the link")
				}
			})
		}
	}
}

func TestLinkedFolderIsRefused(t *testing.T) {
	c := newClock()
	o := options(t, c)
	real := o.Dir
	o.Dir = filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(real, o.Dir); err != nil {
		t.Fatal(err)
	}
	expectMemory(t, o, "not safe to use")
}

func TestMemoryInsteadOfDisk(t *testing.T) {
	c := newClock()
	for _, tc := range []struct {
		name   string
		change func(*Options)
		reason string
	}{
		{"no secret", func(o *Options) { o.Secret = "" }, "no client secret"},
		{"no home", func(o *Options) { o.Dir = "" }, "no cache folder"},
		{"network", func(o *Options) { o.Statfs = func(string) (string, error) { return "NFS", nil } }, "network file system (NFS)"},
		{"a file where the folder should be", func(o *Options) {
			o.Dir = filepath.Join(o.Dir, "file")
			if err := os.WriteFile(o.Dir, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "not a folder"},
		{"another program's database", func(o *Options) {
			plain := *o
			plain.plain = true
			if err := mustOpen(t, plain).Close(); err != nil {
				t.Fatal(err)
			}
		}, "another program"},
		{"no room", func(o *Options) {
			o.step = func(int) error { return fmt.Errorf("write: %w", syscall.ENOSPC) }
		}, "full"},
		{"held by another process", func(o *Options) {
			o.step = func(int) error { return sqlite3.BUSY }
		}, "another process"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := options(t, c)
			dir := o.Dir
			tc.change(&o)
			if o.step != nil {
				// The fault strikes on the disk only.
				fault := o.step
				n := 0
				o.step = func(v int) error {
					if n++; n == 1 {
						return fault(v)
					}
					return nil
				}
			}
			expectMemory(t, o, tc.reason)
			if bad, err := filepath.Glob(filepath.Join(dir, "*.bad-*")); err != nil || len(bad) > 0 {
				t.Errorf("set aside: %v, %v", bad, err)
			}
		})
	}
}

func TestNothingOnDiskInMemoryMode(t *testing.T) {
	c := newClock()
	o := options(t, c)
	o.Memory = true
	s := mustOpen(t, o)
	keepMessages(t, s, messageAt("s1", 1, at(-5), api.FromUser, "canary-in-memory"))
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(o.Dir)
	if err != nil || len(entries) != 0 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestAnotherSecretSetsTheFileAside(t *testing.T) {
	c := newClock()
	o := options(t, c)
	s := mustOpen(t, o)
	if err := s.write(t.Context(), "page", func(c *conn) error { return writePage(c, 0) }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	o.Secret = "a new secret"
	s, notice, err := Open(t.Context(), o)
	if err != nil || notice != rebuiltNotice {
		t.Fatalf("%q, %v", notice, err)
	}
	if pages := checkPages(t, s, 0); pages != 0 {
		t.Errorf("%d pages in the new file", pages)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(o.Dir, fmt.Sprintf("test.db.bad-%d", noon().Unix()))
	if info, err := os.Stat(bad); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("set aside: %v, %v", info, err)
	}
	c.move(8 * 24 * time.Hour)
	mustOpen(t, o)
	if _, err := os.Stat(bad); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("still there after a week: %v", err)
	}
}

func TestNoPlainTextInAnyFile(t *testing.T) {
	c := newClock()
	o := options(t, c)
	const canary = "xylophonecanary"
	s := mustOpen(t, o)
	for i := range 200 {
		keepMessages(t, s, messageAt("s1", i, at(-i), api.FromUser, fmt.Sprintf("%s%d", canary, i)))
	}
	keepCalls(t, s, callAt(1, at(-5), canary, strings.Repeat(canary+" ", 3000)))
	check := func(when string) {
		t.Helper()
		if n := countIn(t, o.Dir, canary); n != 0 {
			t.Errorf("%s: %d copies", when, n)
		}
		if n := countIn(t, o.Dir, "SQLite format"); n != 0 {
			t.Errorf("%s: a readable header", when)
		}
	}
	check("in the log")
	if err := s.checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("in the file")
	if hits, err := s.Find(t.Context(), FindQuery{Text: canary + "7"}); err != nil || len(hits) != 1 {
		t.Errorf("%d hits, %v", len(hits), err)
	}
}

func TestNames(t *testing.T) {
	seen := map[string]string{}
	for _, name := range []string{"prod-eu", "Prod-EU", "prod_eu", "", "..", "../../etc/passwd", "a/b", "a_b", "ä", "prod-eu~v1", strings.Repeat("x", 300), "\x00"} {
		clean := cleanName(name)
		if clean == "" || len(clean) > 80 || strings.Trim(clean, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("%q became %q", name, clean)
		}
		if other, ok := seen[clean]; ok {
			t.Errorf("%q and %q share %q", name, other, clean)
		}
		seen[clean] = name
	}
	if cleanName("prod-eu") != "prod-eu" {
		t.Error("a plain name was changed")
	}
}

func TestKeysDiffer(t *testing.T) {
	a, err := deriveKey("s", "one")
	b, err2 := deriveKey("s", "two")
	if err != nil || err2 != nil || a == b || len(a) != 64 {
		t.Errorf("%q %q", a, b)
	}
}

func TestCancelledOpen(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, _, err := Open(ctx, options(t, newClock())); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", s, err)
	}
}

func TestClosedStore(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Info(t.Context()); !errors.Is(err, errClosed) {
		t.Error(err)
	}
}

func TestACrashIsToldFromACompanion(t *testing.T) {
	c := newClock()
	o := options(t, c)
	first := mustOpen(t, o)
	if err := first.write(t.Context(), "page", func(c *conn) error { return writePage(c, 0) }); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.Dir, "test.db")
	if info, err := os.Stat(path + logSuffix); err != nil || info.Size() == 0 {
		t.Fatalf("the log is empty, %v", err)
	}
	second := mustOpen(t, o)
	if second.uncleanStart() {
		t.Error("another process was taken for a crash")
	}
	left := options(t, c)
	for _, suffix := range []string{"", logSuffix, indexSuffix} {
		b, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(left.Dir, "test.db"+suffix), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h, _, err := mustDefaults(t, left).openDisk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	}()
	if !h.unclean {
		t.Error("a crash was not seen")
	}
}

func mustDefaults(t *testing.T, o Options) Options {
	t.Helper()
	o, err := o.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	return o
}
