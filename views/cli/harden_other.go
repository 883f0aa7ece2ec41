//go:build !linux

package cli

// Harden does nothing where the system has no such switches.
func Harden() {}
