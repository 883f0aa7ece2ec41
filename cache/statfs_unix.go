//go:build unix && !linux

package cache

// networkFolder cannot tell here; the engine's own checks remain.
func networkFolder(string) (string, error) { return "", nil }
