package cache

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
