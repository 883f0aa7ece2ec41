//go:build unix

package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"korescope/api"
)

func ownCount(t *testing.T, c *clock) api.Ledger {
	t.Helper()
	o := options(t, c)
	o.Memory = true
	s, _, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s.Ledger()
}

// Many counts without a common cache, as of other profiles, other processes and
// --no-cache, never go over what the platform allows, and use nearly all of it.
func TestEverybodyOfAMachineCountsTogether(t *testing.T) {
	c := newClock()
	path := filepath.Join(t.TempDir(), "allowance")
	limits := api.Limits{PerMinute: 60, PerHour: 1800}
	var all []api.Ledger
	for range 8 {
		all = append(all, Shared(ownCount(t, c), path, "", "https://a.example"))
	}
	var mu sync.Mutex
	var taken []time.Time
	for range 5 { // a minute each; the hour is tried with processes
		var over sync.WaitGroup
		for _, l := range all {
			over.Go(func() {
				for {
					ticket, wait, err := l.Take(t.Context(), "bot:x", limits, api.Person, c.Now())
					if err != nil || wait > 0 {
						return
					}
					if err := l.Settle(t.Context(), ticket, 1, c.Now()); err != nil {
						t.Error(err)
					}
					mu.Lock()
					taken = append(taken, c.Now())
					mu.Unlock()
				}
			})
		}
		over.Wait()
		c.move(time.Minute + api.LimitMargin)
	}
	if m := worst(taken, time.Minute); m > 60 || m < 57 {
		t.Errorf("worst minute %d of 60", m)
	}
	other := Shared(ownCount(t, c), path, "", "https://b.example")
	if _, wait, err := other.Take(t.Context(), "bot:x", limits, api.Person, c.Now()); wait > 0 || err != nil {
		t.Errorf("another host waits %v, %v", wait, err)
	}
}

// A file that several make at once forgets nothing of what was counted first.
func TestTheFirstToCountAreCounted(t *testing.T) {
	for range 60 {
		path := filepath.Join(t.TempDir(), "allowance")
		var over sync.WaitGroup
		for i := range uint64(16) {
			over.Go(func() {
				if err := withOwn(t.Context(), places{path}, func(f *ownSlots) error {
					return f.put(slot{slotRequest, 1, noon().UnixMilli(), i + 1}, noon())
				}); err != nil {
					t.Error(err)
				}
			})
		}
		over.Wait()
		slots, _ := ownSlotsOf(places{path})
		if n := len(requests(slots, 1)); n != 16 {
			t.Fatalf("%d of 16 are counted", n)
		}
	}
}

// A count that a stopped process holds locked lets a request through a minute
// later, and not before.
func TestALockThatIsHeldHoldsNobodyForLong(t *testing.T) {
	c := newClock()
	path := filepath.Join(t.TempDir(), "allowance")
	held, err := lockedOwn(t.Context(), ownPath(path))
	if err != nil {
		t.Fatal(err)
	}
	l := Shared(ownCount(t, c), path, "", "h")
	for _, want := range []time.Duration{busyAgain, 0} {
		_, wait, err := l.Take(t.Context(), "bot:x", api.Limits{}, api.Person, c.Now())
		if wait != want || err != nil {
			t.Errorf("%v, %v; want %v", wait, err, want)
		}
		c.move(foreignMost)
	}
	_ = held.f.Close()
	if _, wait, err := l.Take(t.Context(), "bot:x", api.Limits{}, api.Person, c.Now()); wait != 0 || err != nil {
		t.Errorf("free: %v, %v", wait, err)
	}
}

// What somebody else put in the place of the file is not used; the own count
// goes on.
func TestAFileThatIsNotOursIsNotUsed(t *testing.T) {
	for name, put := range map[string]func(t *testing.T, file string) error{
		"a link":      func(t *testing.T, file string) error { return os.Symlink(filepath.Join(t.TempDir(), "x"), file) },
		"a folder":    func(_ *testing.T, file string) error { return os.Mkdir(file, 0o700) },
		"a fifo":      func(_ *testing.T, file string) error { return syscall.Mkfifo(file, 0o644) },
		"open to all": func(_ *testing.T, file string) error { return writeMode(file, 0o666) },
		"a second name": func(_ *testing.T, file string) error {
			if err := writeMode(file, 0o644); err != nil {
				return err
			}
			return os.Link(file, file+"-other")
		},
	} {
		path := filepath.Join(t.TempDir(), "allowance")
		if err := put(t, ownPath(path)); err != nil {
			t.Fatal(err)
		}
		if f, err := openOwn(ownPath(path)); err == nil {
			_ = f.Close()
			t.Errorf("%s is used", name)
		}
	}
}

func writeMode(file string, mode os.FileMode) error {
	if err := os.WriteFile(file, make([]byte, slotBytes), 0o600); err != nil {
		return err
	}
	return os.Chmod(file, mode)
}

// What others wrote slows down and never stops for longer than a minute, a gate
// that is further away than any refusal is none, and nobody gets faster by it.
func TestWhatOthersWroteIsBounded(t *testing.T) {
	now := noon()
	f, err := lockedOwn(t.Context(), ownPath(filepath.Join(t.TempDir(), "allowance")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.f.Close() //nolint:errcheck // a test's file
	for _, step := range []struct {
		after, held, want time.Duration
		lane              api.Lane
	}{
		{0, time.Hour, time.Minute, api.Person},
		{20 * time.Second, time.Hour, 40 * time.Second, api.Person},
		{time.Minute, time.Hour, time.Minute, api.ReadAhead},
		{time.Minute, time.Hour, 0, api.Person},
		{61 * time.Second, time.Hour, 59 * time.Second, api.Follow},
		{2 * time.Minute, time.Second, 0, api.Person},
		{130 * time.Second, 5 * time.Second, 5 * time.Second, api.Person},
		{131 * time.Second, 0, 0, api.ReadAhead},
		{131 * time.Second, time.Hour, 49 * time.Second, api.Person},
		{131 * time.Second, 0, 0, api.Person},
		{132 * time.Second, 5 * time.Second, 5 * time.Second, api.Person},
	} {
		at := now.Add(step.after)
		got, err := f.patient(1, step.held, step.lane, at)
		if got != step.want || err != nil {
			t.Errorf("after %v: %v, %v, want %v", step.after, got, err, step.want)
		}
	}
	for _, c := range []struct {
		others, minute, hour int
	}{{0, 60, 1800}, {1, 58, 1738}, {2, 57, 1710}, {60, 57, 1710}} {
		if l := withRoom(api.Limits{}, c.others); l.PerMinute != c.minute || l.PerHour != c.hour {
			t.Errorf("%d others: %+v", c.others, l)
		}
	}
	far := []slot{{slotGate, 1, now.Add(400 * 24 * time.Hour).UnixMilli(), 1}, {slotGate, 1, now.Add(time.Minute).UnixMilli(), 2}}
	if d := gate(far, 1, now); d != time.Minute {
		t.Errorf("the gate is shut for %v", d)
	}
}

// Refusals are known to all, whatever is killed meanwhile.
func TestARefusalIsKnownToAll(t *testing.T) {
	c := newClock()
	path := filepath.Join(t.TempDir(), "allowance")
	a, b := Shared(ownCount(t, c), path, "", "h"), Shared(ownCount(t, c), path, "", "h")
	if err := a.Shut(t.Context(), "bot:x", c.Now().Add(50*time.Second), "sent away"); err != nil {
		t.Fatal(err)
	}
	if _, wait, err := b.Take(t.Context(), "bot:x", api.Limits{}, api.Person, c.Now()); wait != 50*time.Second || err != nil {
		t.Errorf("%v, %v", wait, err)
	}
	c.move(51 * time.Second)
	if _, wait, err := b.Take(t.Context(), "bot:x", api.Limits{}, api.Person, c.Now()); wait != 0 || err != nil {
		t.Errorf("%v, %v", wait, err)
	}
	if u, err := a.Usage(t.Context(), "bot:x", api.Limits{}, c.Now()); err != nil || u.Minute != 1 || u.Hour != 1 {
		t.Errorf("%+v, %v", u, err)
	}
	info, err := os.Stat(ownPath(path))
	if err != nil || info.Size() != slotsKept*slotBytes || fmt.Sprint(info.Mode().Perm()) != "-rw-r--r--" {
		t.Errorf("%v, %v", info, err)
	}
}

// A gate that was kept with a wrong clock opens within the hour.
func TestAGateOfAWrongClockEnds(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	l := s.Ledger()
	if err := l.Shut(t.Context(), "bot:x", c.Now().Add(9000*time.Hour), ""); err != nil {
		t.Fatal(err)
	}
	if _, wait, err := l.Take(t.Context(), "bot:x", api.Limits{}, api.Person, c.Now()); err != nil || wait != gateMost {
		t.Errorf("%v, %v", wait, err)
	}
	c.move(gateMost + time.Second)
	if _, wait, err := l.Take(t.Context(), "bot:x", api.Limits{}, api.Person, c.Now()); err != nil || wait != 0 {
		t.Errorf("an hour later: %v, %v", wait, err)
	}
}
