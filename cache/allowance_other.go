//go:build !unix

package cache

import (
	"context"
	"errors"
	"time"
)

// ownSlots is nothing here: without users and locks of this kind each process
// counts through its own cache.
type ownSlots struct{}

func withOwn(context.Context, places, func(*ownSlots) error) error {
	return errors.New("not counted together on this system")
}

// places are where files would lie.
type places []string

func placesOf(string, string) places { return nil }

func (*ownSlots) slots() []slot                         { return nil }
func (*ownSlots) put(slot, time.Time) error             { return nil }
func (*ownSlots) replace(uint64, slot, time.Time) error { return nil }
func (*ownSlots) drop(uint64)                           {}

func ownSlotsOf(places) ([]slot, bool)  { return nil, false }
func foreignSlots(places) ([]slot, int) { return nil, 0 }
