package cache

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	sqlite3 "github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
	"github.com/ncruces/go-sqlite3/vfs/adiantum"
)

// Power that fails: the engine writes through a layer that notes everything below a
// folder. What a disk would hold after a cut is made from the notes: all that was
// there when a file was last synced, and of what came later any blocks.

// act is one thing that was done to a file, or a page that the writer was told is
// written.
type act struct {
	file  string // base name
	what  actKind
	off   int64
	data  []byte
	pages int
}

type actKind int

const (
	wrote actKind = iota
	cutTo
	synced
	removed
	said // the writer knows of so many pages
)

// powerVFS is the usual file layer with notes.
type powerVFS struct {
	vfs.VFS
	dir string

	mu   sync.Mutex
	acts []act
}

func (v *powerVFS) note(a act) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.acts = append(v.acts, a)
}

func (v *powerVFS) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := vfsutil.WrapOpen(v.VFS, name, flags)
	return v.watched(f, name), flags, err
}

func (v *powerVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := vfsutil.WrapOpenFilename(v.VFS, name, flags)
	if name == nil {
		return f, flags, err
	}
	return v.watched(f, name.String()), flags, err
}

func (v *powerVFS) watched(f vfs.File, name string) vfs.File {
	if f == nil || filepath.Dir(name) != v.dir {
		return f
	}
	return &powerFile{File: f, v: v, name: filepath.Base(name)}
}

func (v *powerVFS) Delete(name string, syncDir bool) error {
	err := v.VFS.Delete(name, syncDir)
	if err == nil && filepath.Dir(name) == v.dir {
		v.note(act{file: filepath.Base(name), what: removed})
	}
	return err
}

// powerFile is one file of it.
type powerFile struct {
	vfs.File
	v    *powerVFS
	name string
}

func (f *powerFile) WriteAt(p []byte, off int64) (int, error) {
	f.v.note(act{file: f.name, what: wrote, off: off, data: bytes.Clone(p)})
	return f.File.WriteAt(p, off)
}

func (f *powerFile) Truncate(size int64) error {
	f.v.note(act{file: f.name, what: cutTo, off: size})
	return f.File.Truncate(size)
}

func (f *powerFile) Sync(flags vfs.SyncFlag) error {
	err := f.File.Sync(flags)
	f.v.note(act{file: f.name, what: synced})
	return err
}

func (f *powerFile) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }
func (f *powerFile) Unwrap() vfs.File               { return f.File }

// blockBytes is what a disk writes whole or not at all: file systems and drives of
// today keep to it, and the layer that encrypts works in such blocks. A disk that
// tears them in smaller pieces can cost the file: with 512 here, one cut in some
// 250 sets it aside.
const blockBytes = 4096

// after is what the disk holds when the power goes before act n, and how many pages
// must be among it.
func after(rnd *rand.Rand, acts []act, n int) (files map[string][]byte, must int) {
	last := map[string]int{} // the last sync of a file
	names := 0               // the last sync at all: file systems write names before what comes later
	for i, a := range acts[:n] {
		if a.what == synced {
			last[a.file], names = i, i
		}
	}
	files = map[string][]byte{}
	pages := 0
	orderly := 0
	if rnd.IntN(2) == 0 { // a disk that writes in order loses the end alone
		orderly = n - rnd.IntN(8)
	}
	for i, a := range acts[:n] {
		sure := i < last[a.file] || i < orderly
		switch a.what {
		case said:
			pages = a.pages
		case synced:
			if strings.HasSuffix(a.file, "-wal") {
				must = pages // what the log holds and is synced is written
			}
		case wrote:
			for at := 0; at < len(a.data); at += blockBytes {
				if sure || rnd.IntN(2) == 0 {
					files[a.file] = overwrite(files[a.file], a.data[at:min(at+blockBytes, len(a.data))], a.off+int64(at))
				}
			}
		case cutTo:
			if sure || rnd.IntN(2) == 0 {
				files[a.file] = resized(files[a.file], a.off)
			}
		case removed:
			if i < names || rnd.IntN(2) == 0 {
				delete(files, a.file)
			}
		}
	}
	return files, must
}

func overwrite(b, p []byte, off int64) []byte {
	if need := off + int64(len(p)); int64(len(b)) < need {
		b = resized(b, need)
	}
	copy(b[off:], p)
	return b
}

func resized(b []byte, size int64) []byte {
	if int64(len(b)) >= size {
		return b[:size]
	}
	return append(b, make([]byte, size-int64(len(b)))...)
}

// Whenever the power goes, the file opens without a word of damage, every page is
// there whole or not at all, and what was synced is there.
func TestPowerFails(t *testing.T) {
	cuts := 40
	if testing.Short() {
		cuts = 12
	}
	if full() {
		cuts = 500
	}
	usual := vfs.Find("adiantum")
	v := &powerVFS{VFS: vfs.Find(""), dir: t.TempDir()}
	vfs.Register("adiantum", adiantum.Wrap(v, nil))
	t.Cleanup(func() { vfs.Register("adiantum", usual) })
	o := childOptions(v.dir)
	s := mustOpen(t, o)
	begun := len(v.acts) // making the file is a step of its own
	const pages = 24
	for page := range pages {
		if err := s.write(t.Context(), "page", func(c *conn) error { return writePage(c, page) }); err != nil {
			t.Fatal(err)
		}
		v.note(act{what: said, pages: page + 1})
		if page%7 == 6 {
			if err := s.checkpoint(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	v.mu.Lock()
	acts := v.acts[:len(v.acts):len(v.acts)]
	v.mu.Unlock()
	vfs.Register("adiantum", usual)
	rnd := rand.New(rand.NewPCG(5, uint64(cuts))) //nolint:gosec // a repeatable test
	kept, due := 0, 0
	for range cuts {
		n := begun + rnd.IntN(len(acts)-begun)
		files, must := after(rnd, acts, n)
		there := openAfterCut(t, files, must, fmt.Sprintf("cut before act %d of %d", n, len(acts)))
		kept, due = kept+there, due+must
	}
	t.Logf("%d cuts in %d acts: %d pages were synced, %d are there", cuts, len(acts)-begun, due, kept)
	if due == 0 {
		t.Error("nothing was ever synced: the test sees nothing")
	}
	tries(t, cuts)
}

// openAfterCut opens what the disk holds and looks at every page.
func openAfterCut(t *testing.T, files map[string][]byte, must int, where string) int {
	t.Helper()
	dir := t.TempDir()
	for name, b := range files {
		if strings.HasSuffix(name, "-shm") {
			continue // is memory, and gone
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, notice, err := Open(t.Context(), childOptions(dir))
	if err != nil || notice != "" {
		t.Fatalf("%s: %q, %v", where, notice, err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	there := checkPages(t, s, must)
	quickCheck(t, s)
	rows := 0
	if err := s.read(t.Context(), "count", func(c *conn) error {
		return c.rows("SELECT count(*) FROM session", nil, func(q *sqlite3.Stmt) error { rows = q.ColumnInt(0); return nil })
	}); err != nil {
		t.Fatal(err)
	}
	if rows != there*pageRows {
		t.Errorf("%s: %d rows of %d whole pages", where, rows, there)
	}
	return there
}
