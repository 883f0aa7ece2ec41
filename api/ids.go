package api

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The identities. They are never bare strings: a user id cannot be passed where
// a session id is meant. All are opaque; prefixes only help to spot mistakes.
type (
	// BotID is "st-<uuid>".
	BotID string
	// SessionID is 24 hex digits, an ObjectId.
	SessionID string
	// UserID is "u-<uuid>", an e-mail or the enterprise's own id.
	UserID string
	// MessageID is "ms-<uuid>", or made here for rows that have none.
	MessageID string
	// CallID is made here: the platform gives model calls no id.
	CallID string
)

// Born is the creation time inside a session id (its first 8 hex digits are
// Unix seconds). It serves to choose a window to ask for, never as data to
// show. False when the id has another shape.
func (id SessionID) Born() (time.Time, bool) {
	if len(id) != 24 {
		return time.Time{}, false
	}
	if _, err := hex.DecodeString(string(id)); err != nil {
		return time.Time{}, false
	}
	sec, err := strconv.ParseInt(string(id[:8]), 16, 64)
	if err != nil {
		return time.Time{}, false
	}
	return time.Unix(sec, 0).UTC(), true
}

// IDList is a set of session ids in one comparable value, so that a query that
// names sessions can be a map key. Make it with [ListIDs].
type IDList string

// ListIDs sorts the ids and removes duplicates and empty ones.
func ListIDs(ids ...SessionID) IDList {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if id != "" {
			out = append(out, string(id))
		}
	}
	slices.Sort(out)
	return IDList(strings.Join(slices.Compact(out), "\n"))
}

// All returns the ids in sorted order; nil for an empty list.
func (l IDList) All() []SessionID {
	if l == "" {
		return nil
	}
	parts := strings.Split(string(l), "\n")
	out := make([]SessionID, len(parts))
	for i, p := range parts {
		out[i] = SessionID(p)
	}
	return out
}
