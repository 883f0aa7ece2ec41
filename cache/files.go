package cache

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The file, its log and the log's index are made here, before the engine opens
// them: private whatever the umask is, and never through a link. The engine
// then finds them and keeps their modes.

const (
	logSuffix   = "-wal"
	indexSuffix = "-shm"
	badInfix    = ".bad-"
	// keepBad is how long a damaged file stays for a look.
	keepBad = 7 * 24 * time.Hour
)

// errUnsafe is a folder or file that we did not make that way.
var errUnsafe = errors.New("not safe to use")

// cleanName gives a file name from a profile name: letters, digits, hyphen,
// underscore. Anything else is replaced, and a name that was changed carries a
// hash, so that two profiles never share a file.
func cleanName(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	clean := b.String()
	if len(clean) > 64 {
		clean = clean[:64]
	}
	if clean == name && clean != "" {
		return clean
	}
	return fmt.Sprintf("%s-%08x", clean, hash32(name))
}

// hash32 is FNV-1a, stable across versions because file names depend on it.
func hash32(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// ownFolder makes the folder, or checks the one that is there: ours, not a
// link, closed to others.
func ownFolder(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return fmt.Errorf("make the cache folder: %w", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the cache folder: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("look at the cache folder: %w", err)
	}
	switch {
	case !info.IsDir():
		return fmt.Errorf("%w: %s is not a folder", errUnsafe, dir)
	case !ownedByUs(info):
		return fmt.Errorf("%w: %s belongs to another user", errUnsafe, dir)
	case info.Mode().Perm() == 0o700:
		return nil
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("close the cache folder to others: %w", err)
	}
	return nil
}

// ownFile makes an empty private file or checks the one that is there. Between
// the two looks a process that ends may take its log away, hence the tries.
func ownFile(path string) (info fs.FileInfo, err error) {
	for range 5 {
		if info, err = makeOrCheck(path); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return info, err
}

func makeOrCheck(path string) (fs.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL|noFollow, 0o600)
	if err == nil {
		// The umask may have taken even our own rights.
		modeErr := f.Chmod(0o600)
		info, statErr := f.Stat()
		if err := errors.Join(modeErr, statErr, f.Close()); err != nil {
			return nil, fmt.Errorf("make %s private: %w", filepath.Base(path), err)
		}
		return info, nil
	}
	if !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the cache file: %w", err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return nil, fmt.Errorf("look at the cache file: %w", err)
	}
	name := filepath.Base(path)
	switch {
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: %s is a link or no plain file", errUnsafe, name)
	case !ownedByUs(info):
		return nil, fmt.Errorf("%w: %s belongs to another user", errUnsafe, name)
	case linkCount(info) > 1:
		return nil, fmt.Errorf("%w: %s has a second name", errUnsafe, name)
	case info.Mode().Perm() != 0o600:
		if err := os.Chmod(path, 0o600); err != nil {
			return nil, fmt.Errorf("make %s private: %w", name, err)
		}
	}
	return info, nil
}

// ownAsItIs is makeOrCheck for a file that cannot be changed: its rights have to be
// right already.
func ownAsItIs(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("look at the cache file: %w", err)
	case !info.Mode().IsRegular(), !ownedByUs(info), linkCount(info) > 1, info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("%w: %s", errUnsafe, filepath.Base(path))
	}
	return info, nil
}

// ownFiles does it for the file and its two companions, and says how long the
// file and the log are.
func ownFiles(path string) (file fs.FileInfo, logged int64, err error) {
	if file, err = ownFile(path); err != nil {
		return nil, 0, err
	}
	wal, err := ownFile(path + logSuffix)
	if err != nil {
		return nil, 0, err
	}
	if _, err := ownFile(path + indexSuffix); err != nil {
		return nil, 0, err
	}
	return file, wal.Size(), nil
}

// plainHeader reports a database that was never encrypted: not one of ours.
func plainHeader(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // only read
	head := make([]byte, 16)
	if _, err := io.ReadFull(f, head); err != nil {
		return false
	}
	return string(head) == "SQLite format 3\x00"
}

// setAside renames a damaged file, if it is still the one that was found
// damaged: another process may have done it already.
func setAside(ctx context.Context, path string, found fs.FileInfo, now time.Time) error {
	unlock, err := lockFolder(ctx, filepath.Dir(path))
	if err != nil {
		return err
	}
	defer unlock()
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at the damaged file: %w", err)
	}
	if found != nil && !os.SameFile(info, found) {
		return nil
	}
	bad := path + badInfix + strconv.FormatInt(now.Unix(), 10)
	for _, suffix := range []string{logSuffix, ""} {
		if err := os.Rename(path+suffix, bad+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("set the damaged file aside: %w", err)
		}
	}
	if err := os.Remove(path + indexSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("set the damaged file aside: %w", err)
	}
	return nil
}

// filesOf lists everything of one profile in the folder, damaged files too.
func filesOf(dir, name string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		base, rest, ok := strings.Cut(e.Name(), ".db")
		ours := base == name || strings.HasPrefix(base, name+besideInfix) && isDigits(base[len(name+besideInfix):])
		tail := strings.HasPrefix(rest, badInfix)
		if ok && ours && (tail || slices.Contains([]string{"", logSuffix, indexSuffix, "-journal"}, rest)) {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, nil
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// sweepBad removes damaged files that nobody looked at for a week.
func sweepBad(dir, name string, now time.Time) error {
	files, err := filesOf(dir, name)
	if err != nil {
		return err
	}
	for _, f := range files {
		_, stamp, ok := strings.Cut(f, ".db"+badInfix)
		if !ok {
			continue
		}
		sec, err := strconv.ParseInt(strings.TrimSuffix(stamp, logSuffix), 10, 64)
		age := now.Sub(time.Unix(sec, 0))
		if err == nil && age < keepBad && age > -time.Hour {
			continue
		}
		if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// purgeBad removes every damaged file of a name, however young.
func purgeBad(dir, name string) error {
	files, err := filesOf(dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		if strings.Contains(f, ".db"+badInfix) {
			err = errors.Join(err, os.Remove(f))
		}
	}
	return err
}

// Purge removes every file of a profile without opening any. name is the
// profile, as in [Options].
func Purge(dir, name string) error {
	files, err := filesOf(dir, cleanName(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("purge the cache: %w", err)
	}
	var failed []error
	for _, f := range files {
		if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = append(failed, err)
		}
	}
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("purge the cache: %w", err)
	}
	return nil
}

// PurgeAll removes every file whose name begins with prefix, damaged ones that were
// set aside too, without opening any: it works on a full disk and with a damaged
// file. An empty prefix is everything of this program in the folder. It gives the
// names of what was removed, and fails where something is left.
func PurgeAll(dir, prefix string) (removed []string, err error) {
	return sweep(dir, prefix, func(fs.FileInfo) bool { return true })
}

// Sweep removes files of every profile that nobody has touched since then, except
// those whose name begins with keep: profiles that were renamed or are gone leave
// their files behind.
func Sweep(dir, keep string, since time.Time) (removed []string, err error) {
	touched := map[string]time.Time{} // when any file of a database was
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("sweep the cache: %w", err)
	}
	for _, e := range entries {
		base, _, _ := strings.Cut(e.Name(), ".db")
		if info, err := e.Info(); err == nil && info.ModTime().After(touched[base]) {
			touched[base] = info.ModTime()
		}
	}
	return sweep(dir, "", func(i fs.FileInfo) bool {
		base, _, _ := strings.Cut(i.Name(), ".db")
		return touched[base].Before(since) && base != cleanName(keep) && !inUse(filepath.Join(dir, base+".db"))
	})
}

func sweep(dir, prefix string, old func(fs.FileInfo) bool) (removed []string, err error) {
	if prefix != "" {
		prefix = cleanName(prefix)
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("purge the cache: %w", err)
	}
	var failed []error
	for _, e := range entries {
		if _, rest, ok := strings.Cut(e.Name(), ".db"); !ok || !ourEnding(rest) || !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !old(info) {
			continue
		}
		switch err := os.Remove(filepath.Join(dir, e.Name())); {
		case err == nil:
			removed = append(removed, e.Name())
		case !errors.Is(err, fs.ErrNotExist):
			failed = append(failed, err)
		}
	}
	if err := errors.Join(failed...); err != nil {
		return removed, fmt.Errorf("purge the cache: %w", err)
	}
	return removed, nil
}

func ourEnding(rest string) bool {
	return strings.HasPrefix(rest, badInfix) || slices.Contains([]string{"", logSuffix, indexSuffix, "-journal"}, rest)
}
