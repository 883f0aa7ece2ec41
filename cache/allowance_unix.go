//go:build unix

package cache

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// slotsKept is how many slots a file begins with; they are written out, so
	// that a disk which fills up later keeps nobody from counting.
	slotsKept = 4096
	slotsMost = 1 << 16
	// usersMost bounds how many files of other users are read.
	usersMost = 64
	// lockMost is how long one try waits for the lock of one's own file.
	lockMost  = 2 * time.Second
	lockAgain = 2 * time.Millisecond
)

var errNotOurs = errors.New("the file is not a plain file of this user")

// ownSlots is the file of this user, locked.
type ownSlots struct {
	f         *os.File
	have      []slot
	elsewhere []slot // what this user wrote in other places
}

func ownPath(path string) string { return path + "." + strconv.Itoa(os.Getuid()) }

// places are where files may lie, the first that can be used counts: the one that
// was named, memory that every user has, for a folder that is full or cannot be
// written, and a folder of the user's own, for when somebody else took both names.
type places []string

func placesOf(path, private string) places {
	all := places{path, filepath.Join("/dev/shm", filepath.Base(path))}
	if private != "" {
		all = append(all, filepath.Join(private, filepath.Base(path)))
	}
	return all
}

// withOwn carries do out on the user's own file, which is locked meanwhile. The
// error is [errBusy] where somebody held the lock all the time.
func withOwn(ctx context.Context, in places, do func(*ownSlots) error) error {
	err := errNotOurs
	for i, place := range in {
		var o *ownSlots
		if o, err = lockedOwn(ctx, ownPath(place)); err == nil {
			defer func() { _ = o.f.Close() }() // it also unlocks; what was written is written
			for j, elsewhere := range in {
				if i != j { // counted there while this place could not be used
					o.elsewhere = append(o.elsewhere, readPlain(ownPath(elsewhere), os.Getuid())...)
				}
			}
			return do(o)
		}
		if errors.Is(err, errBusy) || ctx.Err() != nil {
			break // counted here and nowhere else
		}
	}
	return err
}

// lockedOwn opens and locks one file, with room for what is to be counted.
func lockedOwn(ctx context.Context, name string) (*ownSlots, error) {
	f, err := openOwn(name)
	if err != nil {
		return nil, err
	}
	o := &ownSlots{f: f}
	if err = lock(ctx, f); err == nil {
		if !plain(f, os.Getuid()) { // removed or changed while we waited
			err = errNotOurs
		} else if err = reserveRoom(f); err == nil {
			o.have, err = slotsOf(f)
		}
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return o, nil
}

// reserveRoom writes out what a file begins with. It goes on behind what is
// there: whoever is first to hold the lock does it, and that need not be whoever
// made the file.
func reserveRoom(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err //nolint:wrapcheck // only whether it worked matters
	}
	if missing := slotsKept*slotBytes - info.Size(); missing > 0 {
		_, err = f.WriteAt(make([]byte, missing), info.Size())
	}
	return err //nolint:wrapcheck // as above: a full disk means the next place
}

// openOwn opens without following links, and makes the file where there is none.
// Creating and opening are apart: an existing file in a shared folder is not
// opened with the flag that makes one.
func openOwn(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, 0o644) //nolint:gosec // others read the times
		if errors.Is(err, fs.ErrExist) {
			f, err = os.OpenFile(name, os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
		} else if err == nil {
			_ = f.Chmod(0o644) // whatever the umask says; without it others do not see us
		}
	}
	if err != nil {
		return nil, err //nolint:wrapcheck // only whether it worked matters
	}
	if !plain(f, os.Getuid()) {
		_ = f.Close()
		return nil, errNotOurs
	}
	return f, nil
}

// plain reports a regular file with one name, owned by the user, that nobody
// else can write, of a size that can be meant.
func plain(f *os.File, uid int) bool {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o022 != 0 || info.Size() > slotsMost*slotBytes {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && st.Nlink == 1 && int(st.Uid) == uid
}

func lock(ctx context.Context, f *os.File) error {
	most := time.NewTimer(lockMost)
	defer most.Stop()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err //nolint:wrapcheck // only whether it worked matters
		}
		select {
		case <-ctx.Done():
			return ctx.Err() //nolint:wrapcheck // as above
		case <-most.C:
			return errBusy
		case <-time.After(lockAgain):
		}
	}
}

func slotsOf(f *os.File) ([]slot, error) {
	b, err := io.ReadAll(io.NewSectionReader(f, 0, slotsMost*slotBytes))
	return readSlots(b), err
}

func (o *ownSlots) slots() []slot { return append(slices.Clip(o.have), o.elsewhere...) }

// put writes a slot over one that is spent, or behind the last.
func (o *ownSlots) put(s slot, now time.Time) error {
	at := slices.IndexFunc(o.have, func(have slot) bool { return have.spent(now) })
	if at < 0 {
		at = len(o.have)
	}
	return o.write(at, s)
}

// replace writes a slot over that of an id in one go, so that whoever is killed
// meanwhile leaves the one or the other. An id that is not there is put.
func (o *ownSlots) replace(id uint64, s slot, now time.Time) error {
	at := slices.IndexFunc(o.have, func(have slot) bool { return id != 0 && have.id == id && have.kind != 0 })
	if at < 0 {
		return o.put(s, now)
	}
	return o.write(at, s)
}

func (o *ownSlots) write(at int, s slot) error {
	if at >= slotsMost {
		return errNotOurs
	}
	if _, err := o.f.WriteAt(s.bytes(), int64(at)*slotBytes); err != nil {
		return err
	}
	if at == len(o.have) {
		o.have = append(o.have, s)
	} else {
		o.have[at] = s
	}
	return nil
}

// drop frees the slot of an id. One that cannot be freed counts on.
func (o *ownSlots) drop(id uint64) {
	for i, s := range o.have {
		if s.id == id && s.kind != 0 {
			if _, err := o.f.WriteAt(slot{}.bytes(), int64(i)*slotBytes); err == nil {
				o.have[i] = slot{}
			}
		}
	}
}

// ownSlotsOf reads the own files without a lock, for showing. known is false
// where there is none.
func ownSlotsOf(in places) (all []slot, known bool) {
	for _, place := range in {
		slots := readPlain(ownPath(place), os.Getuid())
		all, known = append(all, slots...), known || slots != nil
	}
	return all, known
}

// foreignSlots reads what other users wrote, each in a file of their own, and
// says how many they are.
func foreignSlots(in places) ([]slot, int) {
	var out []slot
	seen := map[int]bool{}
	for _, place := range in {
		names, err := filepath.Glob(glob(place) + ".*")
		if err != nil {
			continue
		}
		for _, name := range names {
			uid, err := strconv.Atoi(strings.TrimPrefix(name, place+"."))
			if err != nil || uid == os.Getuid() || len(seen) >= usersMost && !seen[uid] {
				continue
			}
			if slots := readPlain(name, uid); slots != nil {
				out = append(out, slots...)
				seen[uid] = true
			}
		}
	}
	return out, len(seen)
}

func readPlain(name string, uid int) []slot {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }() // only read
	if !plain(f, uid) {
		return nil
	}
	slots, err := slotsOf(f)
	if err != nil {
		return nil
	}
	return slots
}

// glob takes the meaning off the signs of a pattern.
func glob(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}
