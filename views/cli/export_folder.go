package cli

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"korescope/ui/text"
	"korescope/views"
)

// Rule: a case file never leaves its folder and never goes through a link. The
// names in it are written in this program; nothing that came from anywhere else
// becomes part of one.

// caseFolder is an open folder of a case file.
type caseFolder struct {
	root  *os.Root
	path  string
	made  bool // here, so it goes again when writing fails
	files []filed
}

// filed is a file that is written to its end.
type filed struct {
	Name   string `json:"name"`
	What   string `json:"what"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// looksFree reports whether the folder exists. One that holds anything, and
// anything that is no folder, is a UsageError.
func looksFree(path string) (exists bool, err error) {
	info, err := os.Lstat(filepath.Clean(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, &views.UsageError{Text: text.Format("--to %s: %s", path, err).String(), Err: err}
	case info.Mode()&fs.ModeSymlink != 0:
		return true, refused(path, "is a link; a case file is never written through one")
	case !info.IsDir():
		return true, refused(path, "exists and is no folder")
	case !ownedByUs(info):
		return true, refused(path, "belongs to another user")
	}
	entries, err := os.ReadDir(path)
	switch {
	case err != nil:
		return true, &views.UsageError{Text: text.Format("--to %s: %s", path, err).String(), Err: err}
	case len(entries) > 0:
		return true, refused(path, "is not empty; name a folder that does not exist yet")
	}
	return true, nil
}

func refused(path, why string) error {
	return views.Usage(text.Format("--to: %s %s", path, text.Clean(why)).String())
}

func ownedByUs(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int64(st.Uid) == int64(os.Geteuid())
}

// openCase makes the folder and opens it. It looks again at what it opened: the
// folder may have been changed for another one meanwhile.
func openCase(path string) (c *caseFolder, err error) {
	path = filepath.Clean(path)
	exists, err := looksFree(path)
	if err != nil {
		return nil, err
	}
	c = &caseFolder{path: path, made: !exists}
	if !exists {
		if err := os.Mkdir(path, 0o700); err != nil {
			return nil, &views.UsageError{Text: text.Format("--to: the folder cannot be made: %s", err).String(), Err: err}
		}
	}
	if c.root, err = os.OpenRoot(path); err != nil {
		return nil, fmt.Errorf("open the case file's folder: %w", err)
	}
	if err := c.ours(); err != nil {
		return nil, errors.Join(err, c.root.Close())
	}
	return c, nil
}

// ours checks that what is open is what stands at the path, and closes it to
// others.
func (c *caseFolder) ours() error {
	inside, err := c.root.Stat(".")
	if err != nil {
		return fmt.Errorf("look at the case file's folder: %w", err)
	}
	outside, err := os.Lstat(c.path)
	if err != nil {
		return fmt.Errorf("look at the case file's folder: %w", err)
	}
	if !outside.IsDir() || !os.SameFile(inside, outside) || !ownedByUs(inside) {
		return refused(c.path, "was changed for something else meanwhile")
	}
	if err := c.root.Chmod(".", 0o700); err != nil {
		return fmt.Errorf("close the case file's folder to others: %w", err)
	}
	return nil
}

// create writes one file: under another name first, so that a file that is there
// is whole. A name that exists already is refused, whatever it is.
func (c *caseFolder) create(name, what string, write func(io.Writer) error) (err error) {
	part := name + ".part"
	f, err := c.root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("begin %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.root.Remove(part))
		}
	}()
	sum, size := sha256.New(), &counter{}
	buf := bufio.NewWriterSize(io.MultiWriter(f, sum, size), 64<<10)
	if err := errors.Join(write(buf), buf.Flush(), f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if _, err := c.root.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return refused(c.path, "got a file of another hand meanwhile")
	}
	if err := c.root.Rename(part, name); err != nil {
		return fmt.Errorf("finish %s: %w", name, err)
	}
	c.files = append(c.files, filed{Name: name, What: what, Size: size.n, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// close makes sure that the names are on the disk as well.
func (c *caseFolder) close() error {
	dir, err := c.root.Open(".")
	if err == nil {
		err = errors.Join(dir.Sync(), dir.Close())
	}
	return errors.Join(err, c.root.Close())
}

// abandon takes away what was written, and the folder if it was made here.
func (c *caseFolder) abandon() {
	for _, f := range c.files {
		_ = c.root.Remove(f.Name) // the failure that led here is the one to tell
	}
	_ = c.root.Close()
	if c.made {
		_ = os.Remove(c.path) // fails when it holds anything that is not ours
	}
}

type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	return len(b), nil
}
