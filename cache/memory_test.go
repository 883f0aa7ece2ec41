package cache

import (
	"errors"
	"fmt"
	"syscall"
	"testing"

	sqlite3 "github.com/ncruces/go-sqlite3"
)

// Want of memory is never taken for damage, whatever it comes as.
func TestWantOfMemoryIsNoDamage(t *testing.T) {
	for name, stop := range map[string]func() error{
		"panic with words":  func() error { panic("mmap: cannot allocate memory") },
		"panic with errno":  func() error { panic(fmt.Errorf("reserve: %w", syscall.ENOMEM)) },
		"panic with code":   func() error { panic(sqlite3.NOMEM) },
		"panic in words":    func() error { panic("runtime: out of memory") },
		"error of the code": func() error { return fmt.Errorf("open: %w", sqlite3.NOMEM) },
		"errno":             func() error { return syscall.ENOMEM },
	} {
		if err := guard(stop); !errors.Is(err, errNoMemory) || faultOf(err) == damagedFault {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := guard(func() error { panic("index out of range") }); faultOf(err) != damagedFault {
		t.Errorf("another panic: %v", err)
	}
}
