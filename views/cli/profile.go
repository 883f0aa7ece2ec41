package cli

import (
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
)

// profileFlag asks for a profile of the processor's time in a file: names of
// functions and numbers, nothing of what was read. It is for whoever makes the
// program faster, so help does not list it.
const profileFlag = "profile-cpu"

// profiled begins a profile; the function returned ends it and closes the file.
func profiled(path string) (end func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write a profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(fmt.Errorf("begin a profile: %w", err), f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}
