package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"korescope/cache"
)

// casesName is the list of case folders that were written from here, one path a
// line, in the state folder: an erasure tells which of them hold a user.
const casesName = "cases"

// noteCase adds a folder to the list. Not being able to keeps no case from
// being written.
func noteCase(state, folder string) error {
	full, err := filepath.Abs(folder)
	if err != nil || state == "" || strings.ContainsAny(full, "\r\n") {
		return err
	}
	f, err := cache.OpenOwn(filepath.Join(state, casesName))
	if err != nil {
		return err
	}
	_, err = f.WriteString(full + "\n")
	return errors.Join(err, f.Close())
}

// caseFolders are those that were written from here. A list that is there and cannot
// be read is no empty one.
func caseFolders(state string) ([]string, error) {
	path := filepath.Join(state, casesName)
	if _, err := os.Lstat(path); state == "" || err != nil {
		return nil, nil // no case was written from here
	}
	f, err := cache.OpenOwn(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	data, err := cache.ReadTail(f, 1<<24)
	if err != nil {
		return nil, err
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out, nil
}

// foldersOf lists the case folders that hold one of the users or of their
// sessions. What could not be looked through is an error: it is not known to hold
// nobody.
func foldersOf(ctx context.Context, state string, e erased) (holds []string, err error) {
	folders, err := caseFolders(state)
	for _, folder := range folders {
		if ctx.Err() != nil {
			return holds, errors.Join(err, ctx.Err())
		}
		found := e.in(folder)
		if !found {
			var failed error
			found, failed = folderHolds(folder, e.names)
			err = errors.Join(err, failed)
		}
		if found {
			holds = append(holds, folder)
		}
	}
	return holds, err
}

func folderHolds(folder string, names []string) (found bool, err error) {
	root, err := os.OpenRoot(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // moved or removed meanwhile
	}
	if err != nil {
		return false, err
	}
	defer root.Close() //nolint:errcheck // nothing was written
	err = fs.WalkDir(root.FS(), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || found || !e.Type().IsRegular() {
			return err
		}
		f, err := root.Open(path)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // nothing was written
		found = holdsAny(f, names)
		return nil
	})
	if err != nil {
		err = fmt.Errorf("look through %s: %w", folder, err)
	}
	return found, err
}

// holdsAny looks for the names in a stream of any length.
func holdsAny(r io.Reader, names []string) bool {
	longest := 0
	for _, u := range names {
		longest = max(longest, len(u))
	}
	in, window := bufio.NewReaderSize(r, 64<<10), []byte(nil)
	chunk := make([]byte, 64<<10)
	for {
		n, err := in.Read(chunk)
		window = append(window, chunk[:n]...)
		for _, u := range names {
			if u != "" && bytes.Contains(window, []byte(u)) {
				return true
			}
		}
		if err != nil {
			return false
		}
		if len(window) > longest {
			window = slices.Clone(window[len(window)-longest:])
		}
	}
}
