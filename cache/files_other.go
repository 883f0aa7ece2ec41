//go:build !unix

package cache

import (
	"context"
	"io/fs"
)

const (
	noFollow = 0
	noWait   = 0
)

// Elsewhere the profile folder of the user is what keeps others out.
func ownedByUs(fs.FileInfo) bool           { return true }
func linkCount(fs.FileInfo) uint64         { return 1 }
func networkFolder(string) (string, error) { return "", nil }

func lockFolder(context.Context, string) (unlock func(), err error) { return func() {}, nil }

func inUse(string) bool { return false }
