package cli

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"korescope/api"
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
	if err := os.MkdirAll(state, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(state, casesName), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(full + "\n")
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

func caseFolders(state string) []string {
	data, err := os.ReadFile(filepath.Join(state, casesName))
	if err != nil {
		return nil // no case was written from here
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}

// foldersOf lists the case folders that hold one of the users, and takes those
// whose very path names one out of the list that is kept.
func (d *desk) foldersOf(ctx context.Context, users []api.UserID) []string {
	var holds, keep []string
	all := caseFolders(d.stateDir)
	for _, folder := range all {
		if ctx.Err() != nil {
			return holds
		}
		if folderHolds(folder, users) {
			holds = append(holds, folder)
		}
		if !slices.ContainsFunc(users, func(u api.UserID) bool { return strings.Contains(folder, string(u)) }) {
			keep = append(keep, folder)
		}
	}
	if len(keep) < len(all) {
		// The list goes on without; what was told is told.
		_ = os.WriteFile(filepath.Join(d.stateDir, casesName), []byte(strings.Join(append(keep, ""), "\n")), 0o600)
	}
	return holds
}

func folderHolds(folder string, users []api.UserID) bool {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return false // moved or removed meanwhile
	}
	defer root.Close() //nolint:errcheck // nothing was written
	found := false
	_ = fs.WalkDir(root.FS(), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || found || !e.Type().IsRegular() {
			return nil //nolint:nilerr // what cannot be read is passed over
		}
		f, err := root.Open(path)
		if err != nil {
			return nil //nolint:nilerr // the same
		}
		defer f.Close() //nolint:errcheck // nothing was written
		found = holdsAny(f, users)
		return nil
	})
	return found
}

// holdsAny looks for the users in a stream of any length.
func holdsAny(r io.Reader, users []api.UserID) bool {
	longest := 0
	for _, u := range users {
		longest = max(longest, len(u))
	}
	in, window := bufio.NewReaderSize(r, 64<<10), []byte(nil)
	chunk := make([]byte, 64<<10)
	for {
		n, err := in.Read(chunk)
		window = append(window, chunk[:n]...)
		for _, u := range users {
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
