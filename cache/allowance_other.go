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

func withOwn(context.Context, string, func(*ownSlots) error) error {
	return errors.New("not counted together on this system")
}

func (*ownSlots) slots() []slot             { return nil }
func (*ownSlots) put(slot, time.Time) error { return nil }
func (*ownSlots) drop(uint64)               {}

func ownSlotsOf(string) []slot   { return nil }
func foreignSlots(string) []slot { return nil }
