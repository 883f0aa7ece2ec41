package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"korescope/spell"
)

// A looseError is a file that others could read or change, with the command
// that closes it.
type looseError struct {
	what string
	cure string
}

func (e *looseError) Error() string { return e.what + " (run: " + e.cure + ")" }

// guard decides whom a file may belong to.
type guard struct {
	uid   int                              // me; root is trusted beside me
	owner func(fs.FileInfo) (uid, gid int) // of a file
}

func newGuard() guard { return guard{uid: os.Geteuid(), owner: ownerOf} }

func ownerOf(fi fs.FileInfo) (uid, gid int) {
	if st, ok := fi.Sys().(*syscall.Stat_t); ok {
		return int(st.Uid), int(st.Gid)
	}
	return -1, -1
}

// Permission bits of others that a file must not have.
const (
	closedBits fs.FileMode = 0o077 // a secret: nothing
	writeBits  fs.FileMode = 0o022 // a config file: no writing
)

// open opens a regular file of mine or root's without the forbidden bits, in
// folders that nobody else can change. What is checked is the open file, so
// that it cannot be exchanged in between.
func (g guard) open(path string, forbidden fs.FileMode) (*os.File, error) {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	// Non-blocking, or a named pipe would hold us here for ever.
	f, err := os.OpenFile(target, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if err := g.check(f, path, target, forbidden); err != nil {
		_ = f.Close() // the refusal is what counts
		return nil, err
	}
	return f, nil
}

func (g guard) check(f *os.File, path, target string, forbidden fs.FileMode) error {
	fi, err := f.Stat()
	if err != nil {
		return err
	}
	if !fi.Mode().IsRegular() {
		return errors.New("is not a regular file")
	}
	if err := g.mine(fi, target); err != nil {
		return err
	}
	if forbidden == writeBits {
		forbidden = g.writers(fi)
	}
	if fi.Mode().Perm()&forbidden != 0 {
		e := &looseError{fmt.Sprintf("others may write it (mode %04o)", fi.Mode().Perm()), "chmod go-w " + shellWord(target)}
		if forbidden == closedBits {
			e = &looseError{fmt.Sprintf("it is open to others (mode %04o)", fi.Mode().Perm()), "chmod 600 " + shellWord(target)}
		}
		return e
	}
	if err := g.folders(filepath.Dir(target)); err != nil {
		return err
	}
	// The folder of a link decides where the link leads.
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return err
	}
	return g.folders(dir)
}

// folders walks up to the root: whoever may change one of them can put another
// file in place of ours. A sticky folder such as /tmp lets only owners do so.
func (g guard) folders(dir string) error {
	for {
		fi, err := os.Lstat(dir)
		if err != nil {
			return err
		}
		if err := g.mine(fi, dir); err != nil {
			return err
		}
		if fi.Mode().Perm()&g.writers(fi) != 0 && fi.Mode()&fs.ModeSticky == 0 {
			return &looseError{fmt.Sprintf("others may change the folder %s (mode %04o)", clean(dir), fi.Mode().Perm()), "chmod go-w " + shellWord(dir)}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return nil
		}
		dir = up
	}
}

// helper refuses a program of somebody else's, or one that others may change or
// put another in place of. Folders of programs that a group keeps are usual.
func (g guard) helper(path string) error {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	fi, err := os.Stat(target)
	if err != nil {
		return err
	}
	if err := g.mine(fi, target); err != nil {
		return err
	}
	if mode := fi.Mode().Perm(); mode&g.writers(fi) != 0 {
		return &looseError{fmt.Sprintf("others may write that program (mode %04o)", mode), "chmod go-w " + shellWord(target)}
	}
	for _, dir := range []string{filepath.Dir(target), filepath.Dir(path)} {
		fi, err := os.Stat(dir)
		if err != nil {
			return err
		}
		if mode := fi.Mode(); mode.Perm()&0o002 != 0 && mode&fs.ModeSticky == 0 {
			return &looseError{fmt.Sprintf("others may change the folder %s of that program (mode %04o)", clean(dir), mode.Perm()), "chmod o-w " + shellWord(dir)}
		}
	}
	return nil
}

func (g guard) mine(fi fs.FileInfo, path string) error {
	if uid, _ := g.owner(fi); uid != g.uid && uid != 0 {
		return &looseError{fmt.Sprintf("%s belongs to another user (uid %d)", clean(path), uid), fmt.Sprintf("chown %d %s", g.uid, shellWord(path))}
	}
	return nil
}

// writers are the bits that let others write. Where every user has a group of
// the same number, umask 002 is usual and the group of a file is its owner.
func (g guard) writers(fi fs.FileInfo) fs.FileMode {
	if uid, gid := g.owner(fi); uid == gid {
		return writeBits &^ 0o020
	}
	return writeBits
}

// shellWord quotes a path so that the line can be pasted.
func shellWord(path string) string {
	if c := clean(path); c != path {
		return c // cannot be pasted, but does not drive the terminal either
	}
	return spell.Shell(path)
}
