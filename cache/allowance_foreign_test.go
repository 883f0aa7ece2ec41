//go:build unix

package cache

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"korescope/api"
)

// What another user writes slows this one and never stops it for longer than a
// minute, over all its processes; it never makes it faster.
func TestAForeignFileSlowsAndNeverStops(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can write as another user")
	}
	for name, slots := range map[string]func(time.Time) []slot{
		"requests without end": func(now time.Time) []slot {
			return many(slotsMost-1, func(i int) slot { return slot{slotRequest, 0, now.UnixMilli(), uint64(i + 1)} }) //nolint:gosec // counted up
		},
		"an honest look": func(now time.Time) []slot {
			return many(1800, func(i int) slot {
				return slot{slotRequest, 0, now.Add(-time.Duration(i) * 2 * time.Second).UnixMilli(), uint64(i + 1)} //nolint:gosec // counted up
			})
		},
		"gates":     func(now time.Time) []slot { return []slot{{slotGate, 0, now.Add(gateMost).UnixMilli(), 1}} },
		"no format": func(time.Time) []slot { return many(64, func(int) slot { return slot{^uint64(0), 0, -1, ^uint64(0)} }) },
		"waits":     func(now time.Time) []slot { return []slot{{slotHeld, 0, now.UnixMilli(), 1}} },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "allowance")
			c := newClock()
			var all []api.Ledger
			for range 4 {
				all = append(all, sharedIn(ownCount(t, c), places{path}))
			}
			hash := (&Allowance{host: "h"}).hash("bot:x")
			var taken []time.Time
			last := c.Now()
			for range 4 * 6 { // four minutes
				theirs := slots(c.Now())
				var b []byte
				for _, s := range theirs {
					s.key = hash
					b = append(b, s.bytes()...)
				}
				file := path + "." + strconv.Itoa(nobody)
				if err := os.WriteFile(file, b, 0o644); err != nil { //nolint:gosec // others read it
					t.Fatal(err)
				}
				if err := os.Chown(file, nobody, nobody); err != nil {
					t.Fatal(err)
				}
				for _, l := range all {
					for {
						ticket, wait, err := l.Take(t.Context(), "bot:x", api.Limits{}, api.Person, c.Now())
						if err != nil {
							t.Fatal(err)
						}
						if wait > 0 {
							if wait > foreignMost+api.LimitMargin {
								t.Fatalf("waits %v", wait)
							}
							break
						}
						if err := l.Settle(t.Context(), ticket, 1, c.Now()); err != nil {
							t.Fatal(err)
						}
						taken, last = append(taken, c.Now()), c.Now()
					}
				}
				if idle := c.Now().Sub(last); idle > foreignMost {
					t.Fatalf("nothing for %v", idle)
				}
				c.move(10 * time.Second)
			}
			m := worst(taken, time.Minute)
			t.Logf("%d requests in four minutes, worst minute %d", len(taken), m)
			tries(t, 4*6*4)
			if m > 60 {
				t.Errorf("worst minute %d of 60", m)
			}
		})
	}
}

func many(n int, one func(int) slot) []slot {
	out := make([]slot, n)
	for i := range out {
		out[i] = one(i)
	}
	return out
}

// Where the cache cannot be written and where somebody else took the name of the
// file, the processes of a user still count together.
func TestCountsTogetherWithoutACacheOrAName(t *testing.T) {
	for name, squatted := range map[string]bool{"the cache fails": false, "the name is taken": true} {
		dir := t.TempDir()
		in := places{dir + "/shared", dir + "/memory", dir + "/private"}
		if squatted {
			for _, p := range in[:2] {
				if err := os.Mkdir(ownPath(p), 0o700); err != nil {
					t.Fatal(err)
				}
			}
		}
		taken := 0
		for range 3 {
			c := newClock()
			own := ownCount(t, c)
			if !squatted {
				own = broken{}
			}
			l := sharedIn(own, in)
			for {
				ticket, wait, err := l.Take(t.Context(), "bot:x", api.Limits{}, api.Person, c.Now())
				if err != nil {
					t.Fatal(err)
				}
				if wait > 0 {
					break
				}
				if err := l.Settle(t.Context(), ticket, 1, c.Now()); err != nil {
					t.Fatal(err)
				}
				taken++
			}
			if u, err := l.Usage(t.Context(), "bot:x", api.Limits{}, c.Now()); err != nil || u.Minute != 60 || u.Limits.PerHour != 1800 {
				t.Errorf("%s: %+v, %v", name, u, err)
			}
		}
		if taken != 60 {
			t.Errorf("%s: %d of 60", name, taken)
		}
	}
}

func sharedIn(own api.Ledger, in places) *Allowance {
	a := Shared(own, in[0], "", "h").(*Allowance) //nolint:errcheck,forcetypeassert // a path makes one
	a.files = in
	return a
}

// broken is a count on a full disk.
type broken struct{}

func (broken) Take(context.Context, api.LimitKey, api.Limits, api.Lane, time.Time) (api.Ticket, time.Duration, error) {
	return api.Ticket{}, 0, syscall.ENOSPC
}
func (broken) Settle(context.Context, api.Ticket, int, time.Time) error { return syscall.ENOSPC }
func (broken) Shut(context.Context, api.LimitKey, time.Time, string) error {
	return syscall.ENOSPC
}

func (broken) Usage(context.Context, api.LimitKey, api.Limits, time.Time) (api.Usage, error) {
	return api.Usage{}, syscall.ENOSPC
}

// What was counted in another place, while the usual one could not be used, counts
// when that can be used again.
func TestAPlaceThatComesBackForgetsNothing(t *testing.T) {
	c := newClock()
	dir := t.TempDir()
	in := places{dir + "/gone/allowance", dir + "/memory"}
	take := func() int {
		n, l := 0, sharedIn(ownCount(t, c), in)
		for {
			if _, wait, err := l.Take(t.Context(), "bot:x", api.Limits{}, api.Person, c.Now()); err != nil || wait > 0 {
				return n
			}
			n++
		}
	}
	before := take()
	if err := os.Mkdir(dir+"/gone", 0o700); err != nil {
		t.Fatal(err)
	}
	if after := take(); before != 60 || after != 0 {
		t.Errorf("%d before the folder was there, %d after", before, after)
	}
}

// Whether processes count together is known, and why not.
func TestCountingTogetherIsKnown(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(ownPath(dir+"/taken"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"free": true, "taken": false, "gone/free": false} {
		a := sharedIn(broken{}, places{filepath.Join(dir, name)})
		if err := a.Together(t.Context()); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
