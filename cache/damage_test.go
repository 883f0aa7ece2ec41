package cache

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// written is a closed file with some pages in it.
func written(t *testing.T, pages int) (Options, []byte) {
	t.Helper()
	o := options(t, newClock())
	s := mustOpen(t, o)
	for p := range pages {
		if err := s.write(t.Context(), "page", func(c *conn) error { return writePage(c, p) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(o.Dir, "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	return o, b
}

// useAll runs everything once and writes a page; nothing may fail.
func useAll(t *testing.T, s *Store) {
	t.Helper()
	r := Sessions(s, nil, Offline)
	for page := range 12 {
		if _, err := r.Cached(t.Context(), api.SessionQuery{Window: pageWindow(page)}); err != nil && api.KindOf(err) != api.NotCached {
			t.Fatal(err)
		}
		row := sessionAt(pageWindow(page).From, page*pageRows, false)
		if _, err := Messages(s, nil, Offline).Cached(t.Context(), api.MessageQuery{Sessions: api.ListIDs(row.ID)}); err != nil && api.KindOf(err) != api.NotCached {
			t.Fatal(err)
		}
		if _, err := s.Find(t.Context(), FindQuery{Text: fmt.Sprintf("needle%d", page)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.write(t.Context(), "page", func(c *conn) error { return writePage(c, 0) }); err != nil {
		t.Fatal(err)
	}
	a, err := r.Cached(t.Context(), api.SessionQuery{Window: pageWindow(0)})
	if err != nil || len(a.Value) != pageRows {
		t.Fatalf("the page just written: %d rows, %v", len(a.Value), err)
	}
}

func TestDamagedFilesAreReplaced(t *testing.T) {
	o, good := written(t, 12)
	path := filepath.Join(o.Dir, "test.db")
	rnd := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // a repeatable test
	type bent struct {
		name string
		b    []byte
	}
	cases := []bent{
		{"empty", nil},
		{"one byte", good[:1]},
		{"half a page", good[:2048]},
		{"first page only", good[:4096]},
		{"cut in the middle", good[:len(good)/2]},
		{"cut by a byte", good[:len(good)-1]},
		{"garbage", []byte(strings.Repeat("not a database ", 4000))},
		{"zeroes", make([]byte, len(good))},
	}
	for i := range 40 {
		b := append([]byte(nil), good...)
		for range 1 + rnd.IntN(64) {
			b[rnd.IntN(len(b))] ^= byte(1 + rnd.IntN(255))
		}
		cases = append(cases, bent{fmt.Sprintf("bytes %d", i), b})
	}
	for i := 0; i < len(good); i += 4096 * 3 {
		b := append([]byte(nil), good...)
		b[i+rnd.IntN(4096)] ^= 0x40
		cases = append(cases, bent{fmt.Sprintf("page %d", i/4096), b})
	}
	replaced := 0
	for _, c := range cases {
		if err := Purge(o.Dir, o.Name); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, c.b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, _, err := Open(t.Context(), o)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		useAll(t, s)
		info, err := s.Info(t.Context())
		if err != nil || info.Memory {
			t.Errorf("%s: memory %v, %v, %s", c.name, info.Memory, err, s.Notice())
		}
		if s.Notice() != "" {
			replaced++
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	t.Logf("%d of %d were replaced", replaced, len(cases))
	if replaced < len(cases)/2 {
		t.Errorf("only %d of %d were replaced", replaced, len(cases))
	}
}

func TestDamagedLogIsHarmless(t *testing.T) {
	o, _ := written(t, 2)
	for _, b := range [][]byte{[]byte("x"), []byte(strings.Repeat("garbage ", 9000)), make([]byte, 70_000)} {
		for _, suffix := range []string{logSuffix, indexSuffix} {
			if err := os.WriteFile(filepath.Join(o.Dir, "test.db"+suffix), b, 0o600); err != nil {
				t.Fatal(err)
			}
			s, notice, err := Open(t.Context(), o)
			if err != nil || notice != "" {
				t.Fatalf("%q, %v", notice, err)
			}
			if pages := checkPages(t, s, 2); pages != 2 {
				t.Errorf("%d pages", pages)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestCheckAfterCrashFindsWhatNobodyReads(t *testing.T) {
	o, good := written(t, 12)
	s := mustOpen(t, o)
	path := filepath.Join(o.Dir, "test.db")
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{good[len(good)-9] ^ 1}, int64(len(good)-9)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.h.unclean = true
	s.mu.Unlock()
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.Notice() != rebuiltNotice {
		t.Errorf("notice %q", s.Notice())
	}
	useAll(t, s)
}

func TestPurge(t *testing.T) {
	o, _ := written(t, 2)
	dir := o.Dir
	for _, name := range []string{
		"test.db-wal", "test.db-shm", "test~v1.db", "test~v1.db-wal", "test.db.bad-1", "test.db.bad-1-wal",
		"other.db", "test-x.db", "testx.db", "test~vx.db", "test.dbx", "xtest.db",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Purge(dir, o.Name); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	if err != nil || strings.Join(names, " ") != "other.db test-x.db test.dbx testx.db test~vx.db xtest.db" {
		t.Errorf("left: %v, %v", names, err)
	}
	if err := Purge(filepath.Join(dir, "absent"), "test"); err != nil {
		t.Error(err)
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		err  error
		want fault
	}{
		{nil, noFault},
		{sqlite3.BUSY, busyFault},
		{sqlite3.BUSY_SNAPSHOT, busyFault},
		{sqlite3.LOCKED, busyFault},
		{sqlite3.FULL, fullFault},
		{sqlite3.READONLY, fullFault},
		{sqlite3.IOERR_WRITE, fullFault},
		{sqlite3.IOERR_SHMSIZE, fullFault},
		{fmt.Errorf("x: %w", syscall.ENOSPC), fullFault},
		{sqlite3.CORRUPT, damagedFault},
		{sqlite3.NOTADB, damagedFault},
		{sqlite3.IOERR_DATA, damagedFault},
		{errPanicked, damagedFault},
		{sqlite3.INTERRUPT, stoppedFault},
		{sqlite3.ERROR, otherFault},
		{notCached(), otherFault},
	} {
		if got := faultOf(c.err); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}

// A disk that is full: reading goes on, the answer is whole, and says that it
// is not kept; nothing is set aside.
func TestFullDisk(t *testing.T) {
	o, _ := written(t, 2)
	s := mustOpen(t, o)
	err := s.bare(t.Context(), "limit", func(c *conn) error {
		pages, err := c.number("PRAGMA page_count")
		if err != nil {
			return err
		}
		return c.db.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages))
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{page: 500}
	for i := range 2000 {
		w.sessions = append(w.sessions, sessionAt(at(-6000-i), i, false))
		w.sessions[i].Raw = []byte(strings.Repeat("x", 3000))
	}
	q := api.SessionQuery{Window: api.Between(at(-9000), at(-5000))}
	a := last(t, Sessions(s, w, Normal).Refresh(t.Context(), q, api.Person))
	if len(a.Value) != 2000 || a.Partial || !strings.Contains(a.Note, "not kept on disk") {
		t.Errorf("%d rows, partial %v, note %q", len(a.Value), a.Partial, a.Note)
	}
	if pages := checkPages(t, s, 2); pages != 2 || s.Notice() != "" {
		t.Errorf("%d pages, notice %q", pages, s.Notice())
	}
}

// A bent page never gives wrong content: what comes back is what was written
// or nothing.
func TestDamageIsNeverShown(t *testing.T) {
	o := options(t, newClock())
	s := mustOpen(t, o)
	want := callAt(1, at(-5), "prompt", strings.Repeat("a long answer ", 8_000))
	keepCalls(t, s, want)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.Dir, "test.db")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lost := 0
	for place := 2000; place < len(good); place += 4096 { // once in every page
		b := append([]byte(nil), good...)
		b[place] ^= 1
		if err := Purge(o.Dir, o.Name); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, _, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Calls(s).Cached(t.Context(), want.ID)
		switch {
		case api.KindOf(err) == api.NotCached:
			lost++
		case err != nil:
			t.Error(err)
		case string(a.Value.Raw) != string(want.Raw) || string(a.Value.Response) != string(want.Response):
			t.Errorf("byte %d of %d: wrong content", place, len(b))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if lost == 0 {
		t.Error("no damage was found")
	}
}

// What was set aside goes with the rest, also where nothing else is left; other
// files of the folder stay.
func TestPurgeLeavesNothingBehind(t *testing.T) {
	for prefix, want := range map[string][]string{
		"prod-": {"lab-11.db", "notes.txt"}, "": {"notes.txt"}, "gone-": {"lab-11.db", "notes.txt", "prod-22.db", "prod-22.db-wal", "prod-33.db.bad-1700000000", "prod-33.db.bad-1700000000-wal"},
	} {
		dir := t.TempDir()
		for _, name := range []string{"prod-22.db", "prod-22.db-wal", "prod-33.db.bad-1700000000", "prod-33.db.bad-1700000000-wal", "lab-11.db", "notes.txt"} {
			if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		removed, err := PurgeAll(dir, prefix)
		entries, _ := os.ReadDir(dir)
		var left []string
		for _, e := range entries {
			left = append(left, e.Name())
		}
		if err != nil || !slices.Equal(left, want) || len(removed)+len(left) != 6 {
			t.Errorf("%q: removed %q, left %q, %v", prefix, removed, left, err)
		}
	}
}

// Files that nobody has touched for long go, whatever profile they were of; a
// database of which any part was touched stays whole, and so does our own.
func TestSweep(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	for name, days := range map[string]int{
		"old-1.db": 40, "old-1.db-wal": 40, "used-2.db": 40, "used-2.db-wal": 1, "mine-3.db": 40, "gone-4.db.bad-17": 40, "notes.txt": 40,
	} {
		path := filepath.Join(dir, name)
		at := now.AddDate(0, 0, -days)
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	removed, err := Sweep(dir, "mine-3", now.Add(-7*24*time.Hour))
	slices.Sort(removed)
	if err != nil || !slices.Equal(removed, []string{"gone-4.db.bad-17", "old-1.db", "old-1.db-wal"}) {
		t.Errorf("removed %q, %v", removed, err)
	}
}

// A file of our own is private, plain and reached by its one name.
func TestOpenOwn(t *testing.T) {
	for name, tt := range map[string]struct {
		make func(path string) error
		ok   bool
	}{
		"none":   {func(string) error { return nil }, true},
		"there":  {func(p string) error { return os.WriteFile(p, []byte("x\n"), 0o600) }, true},
		"opened": {func(p string) error { return errors.Join(os.WriteFile(p, nil, 0o600), os.Chmod(p, 0o666)) }, true},
		"link":   {func(p string) error { return errors.Join(os.WriteFile(p+"2", nil, 0o600), os.Symlink(p+"2", p)) }, false},
		"second": {func(p string) error { return errors.Join(os.WriteFile(p+"2", nil, 0o600), os.Link(p+"2", p)) }, false},
		"pipe":   {func(p string) error { return syscall.Mkfifo(p, 0o600) }, false},
		"folder": {func(p string) error { return os.Mkdir(p, 0o700) }, false},
	} {
		dir := filepath.Join(t.TempDir(), "state")
		path := filepath.Join(dir, "journal.jsonl")
		if err := errors.Join(os.Mkdir(dir, 0o777), os.Chmod(dir, 0o777), tt.make(path)); err != nil {
			t.Fatal(err)
		}
		f, err := OpenOwn(path)
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		info, _ := f.Stat()
		folder, _ := os.Stat(dir)
		if info.Mode().Perm() != 0o600 || folder.Mode().Perm() != 0o700 || f.Close() != nil {
			t.Errorf("%s: %s in %s", name, info.Mode(), folder.Mode())
		}
	}
}
