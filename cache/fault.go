package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	sqlite3 "github.com/ncruces/go-sqlite3"
)

// errDamaged marks content that this package cannot have written.
var errDamaged = errors.New("the cache file is damaged")

// errLocked is a folder that another process keeps locked.
var errLocked = errors.New("another process is opening the cache")

// fault is what sort of trouble the file gave. Only damage leads to a new
// file: a busy or full disk says nothing about the content.
type fault uint8

const (
	noFault fault = iota
	otherFault
	busyFault    // somebody else holds it too long
	fullFault    // no room, or not allowed to write
	damagedFault // not a database any more, or not ours
	stoppedFault // the asker left
)

func faultOf(err error) fault {
	switch {
	case err == nil:
		return noFault
	case errors.Is(err, errDamaged),
		errors.Is(err, sqlite3.CORRUPT), errors.Is(err, sqlite3.NOTADB), errors.Is(err, sqlite3.FORMAT),
		errors.Is(err, sqlite3.IOERR_DATA), errors.Is(err, sqlite3.IOERR_CORRUPTFS),
		errors.Is(err, sqlite3.IOERR_SHORT_READ):
		return damagedFault
	case errors.Is(err, sqlite3.INTERRUPT), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return stoppedFault
	case errors.Is(err, sqlite3.BUSY), errors.Is(err, sqlite3.LOCKED), errors.Is(err, errLocked):
		return busyFault
	case errors.Is(err, sqlite3.FULL), errors.Is(err, sqlite3.READONLY), errors.Is(err, sqlite3.CANTOPEN),
		errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EROFS),
		errors.Is(err, fs.ErrPermission), errors.Is(err, sqlite3.IOERR):
		return fullFault
	}
	return otherFault
}

// guard turns a panic of the engine into damage: a file can be bent so that
// the engine trips over it, and that must not take the program down. A panic for
// want of memory says nothing about the file.
func guard(f func() error) (err error) {
	defer func() {
		switch p := recover(); {
		case p == nil:
		case wantsMemory(p):
			err = errNoMemory
		default:
			err = fmt.Errorf("%w: %v", errPanicked, p)
		}
	}()
	if err = f(); err != nil && wantsMemory(err) {
		return errNoMemory
	}
	return err
}

// errNoMemory is an engine that could not have the room it reserves.
var errNoMemory = errors.New("there is not enough memory for it: each connection reserves 256 MB of address space, see ulimit -v")

// wantsMemory reports what the engine panics or fails with when it gets no memory.
func wantsMemory(p any) bool {
	err, ok := p.(error)
	if ok && (errors.Is(err, syscall.ENOMEM) || errors.Is(err, sqlite3.NOMEM) || errors.Is(err, errNoMemory)) {
		return true
	}
	words := fmt.Sprint(p)
	return strings.Contains(words, "cannot allocate memory") || strings.Contains(words, "out of memory")
}

var errPanicked = fmt.Errorf("engine stopped: %w", errDamaged)
