package cache

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// deriveKey makes the file's key, in hex, from the client secret. The profile
// name is part of it, so that two profiles with one secret do not share a key.
// A new secret therefore means a new file, which costs a second reading.
func deriveKey(secret, name string) (string, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "korescope cache file 1 "+name, 32)
	if err != nil {
		return "", fmt.Errorf("derive the cache key: %w", err)
	}
	return hex.EncodeToString(key), nil
}

// KeyTag is eight hex digits that differ for different secrets and tell nothing
// about them. It belongs into the file's name: a mistyped secret must open a
// file of its own, not find the right one undecryptable and set it aside.
func KeyTag(secret string) (string, error) {
	tag, err := hkdf.Key(sha256.New, []byte(secret), nil, "korescope cache name 1", 4)
	if err != nil {
		return "", fmt.Errorf("derive the cache name: %w", err)
	}
	return hex.EncodeToString(tag), nil
}

// Names lists the cache files in dir whose name begins with prefix, without
// their ending: those of one profile, whatever secret they were made with.
func Names(dir, prefix string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the cache: %w", err)
	}
	var out []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".db"); ok && strings.HasPrefix(name, cleanName(prefix)) {
			out = append(out, name)
		}
	}
	return out, nil
}
