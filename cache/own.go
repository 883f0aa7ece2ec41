package cache

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// OwnFolder makes a folder that is ours and closed to others, or sees to it that
// the one that is there is so.
func OwnFolder(dir string) error { return ownFolder(dir) }

// OpenOwn opens a file that only we write, to read it and to append to it, and
// makes it where there is none: in a folder that is ours and closed to others, a
// plain file with one name and no rights for others, never through a link. It
// never waits, as a named pipe would have it.
func OpenOwn(path string) (*os.File, error) {
	if err := ownFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	info, err := ownFile(path)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|noFollow|noWait, 0)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", filepath.Base(path), err)
	}
	have, err := f.Stat()
	if err == nil && !os.SameFile(info, have) {
		err = fmt.Errorf("%w: %s was exchanged", errUnsafe, filepath.Base(path))
	}
	if err != nil {
		_ = f.Close() // the refusal is what counts
		return nil, err
	}
	return f, nil
}

// ReadTail reads at most the last n bytes of a file.
func ReadTail(f *os.File, n int64) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	from := max(info.Size()-n, 0)
	return io.ReadAll(io.NewSectionReader(f, from, info.Size()-from))
}

// ReplaceOwn puts data in the place of a file that only we write, whole or not
// at all, under the same conditions as OpenOwn.
func ReplaceOwn(path string, data []byte) (err error) {
	f, err := MakeOwn(path)
	if err != nil {
		return err
	}
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", filepath.Base(path), err), os.Remove(f.Name()))
	}
	return nil
}

// MakeOwn makes a new file beside path, closed to others, that may take its
// place. The folder is looked at as OpenOwn does; who stands at path must not be
// a link, a folder or another's.
func MakeOwn(path string) (*os.File, error) {
	if err := ownFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if _, err := os.Lstat(path); err == nil {
		if _, err := ownFile(path); err != nil {
			return nil, err
		}
	}
	return os.CreateTemp(filepath.Dir(path), ".part-*")
}
