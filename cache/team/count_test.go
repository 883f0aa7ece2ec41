package team

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"korescope/api"
)

// clock is the time of the platform, of every machine and of the server.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	server *miniredis.Miniredis
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	if c.server != nil {
		c.server.SetTime(c.now)
		c.server.FastForward(d)
	}
}

func start(t *testing.T) *clock {
	t.Helper()
	c := &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), server: miniredis.RunT(t)}
	c.server.SetTime(c.now)
	return c
}

func machine(t *testing.T, c *clock, name string) *Count {
	t.Helper()
	return linked(t, Options{URL: "redis://" + c.server.Addr(), Machine: name, Clock: c.Now})
}

func machines(t *testing.T, c *clock, n int) []*Count {
	t.Helper()
	out := make([]*Count, n)
	for i := range out {
		out[i] = machine(t, c, fmt.Sprint("machine ", i))
	}
	return out
}

// own is the count of one machine, in memory.
type own struct {
	mu   sync.Mutex
	last int64
	sent map[int64]time.Time
	shut time.Time
}

func (o *own) times() (out []time.Time) {
	for _, at := range o.sent {
		out = append(out, at)
	}
	return out
}

func (o *own) Take(_ context.Context, key api.LimitKey, limits api.Limits, lane api.Lane, now time.Time) (api.Ticket, time.Duration, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if wait := max(o.shut.Sub(now), limits.Wait(lane, o.times(), now)); wait > 0 {
		return api.Ticket{}, wait, nil
	}
	if o.sent == nil {
		o.sent = map[int64]time.Time{}
	}
	o.last++
	o.sent[o.last] = now
	return api.Ticket{ID: o.last, Key: key}, 0, nil
}

func (o *own) Settle(_ context.Context, t api.Ticket, times int, now time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.sent, t.ID)
	for range times {
		o.last++
		o.sent[o.last] = now
	}
	return nil
}

func (o *own) Shut(_ context.Context, _ api.LimitKey, until time.Time, _ string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if until.After(o.shut) {
		o.shut = until
	}
	return nil
}

func (o *own) Usage(_ context.Context, _ api.LimitKey, limits api.Limits, now time.Time) (api.Usage, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	minute, hour := limits.Used(o.times(), now)
	return api.Usage{Minute: minute, Hour: hour, Limits: limits, ShutUntil: o.shut}, nil
}

const bot = api.LimitKey("bot:st-1")

var limits = api.Limits{PerMinute: 60, PerHour: 1800}

// spend takes until it is told to wait, at most that often.
func spend(t *testing.T, m *Count, c *clock, lane api.Lane, most int) int {
	t.Helper()
	return spendOf(t, m, c.Now, limits, lane, most)
}

func spendOf(t *testing.T, m *Count, now func() time.Time, limits api.Limits, lane api.Lane, most int) (n int) {
	t.Helper()
	for n < most {
		ticket, wait, err := m.Take(t.Context(), bot, limits, lane, now())
		if err != nil {
			t.Error(err)
			return n
		}
		if wait > 0 {
			return n
		}
		if err := m.Settle(t.Context(), ticket, 1, now()); err != nil {
			t.Error(err)
		}
		n++
	}
	return n
}

// log is what reached the platform.
type log struct {
	mu sync.Mutex
	at []time.Time
}

func (l *log) add(at time.Time, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range n {
		l.at = append(l.at, at)
	}
}

// worst is the fullest window as the platform counts, without our margin.
func (l *log) worst(window time.Duration) (most int) {
	slices.SortFunc(l.at, time.Time.Compare)
	from := 0
	for i := range l.at {
		for l.at[i].Sub(l.at[from]) >= window {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

func TestMachinesCountTogether(t *testing.T) {
	c := start(t)
	all := machines(t, c, 8)
	small := api.Limits{PerMinute: 12, PerHour: 300}
	var sent log
	for range 66 { // a minute each
		var over sync.WaitGroup
		for _, m := range all {
			over.Go(func() { sent.add(c.Now(), spendOf(t, m, c.Now, small, api.Person, 100)) })
		}
		over.Wait()
		c.move(time.Minute + api.LimitMargin)
	}
	m, h := sent.worst(time.Minute), sent.worst(time.Hour)
	if m != 12 || h > 300 || h < 285 {
		t.Errorf("worst minute %d of 12, worst hour %d of 300", m, h)
	}
}

func TestKeysComeBeforeBulkOnOtherMachines(t *testing.T) {
	c := start(t)
	bulk, keys := machine(t, c, "bulk"), machine(t, c, "keys")
	if n := spend(t, bulk, c, api.Follow, 100); n != 50 {
		t.Errorf("bulk took %d, 10 of 60 are for keys", n)
	}
	if n := spend(t, keys, c, api.Person, 100); n != 10 {
		t.Errorf("keys took %d", n)
	}
	if n := spend(t, keys, c, api.ReadAhead, 100); n != 0 {
		t.Errorf("reading ahead took %d of what is spent", n)
	}
}

func TestWhoWaitedGetsItsPart(t *testing.T) {
	c := start(t)
	first, second := machine(t, c, "first"), machine(t, c, "second")
	if n := spend(t, first, c, api.Person, 100); n != 60 {
		t.Fatalf("alone it may take all, not %d", n)
	}
	if n := spend(t, second, c, api.Person, 100); n != 0 {
		t.Fatalf("%d over the limit", n)
	}
	c.move(time.Minute + api.LimitMargin)
	if n := spend(t, first, c, api.Person, 100); n != 30 {
		t.Errorf("the first took %d while the second waits", n)
	}
	if n := spend(t, second, c, api.Person, 100); n != 30 {
		t.Errorf("the second got %d", n)
	}
}

func TestARefusalClosesTheGateForAll(t *testing.T) {
	c := start(t)
	all := machines(t, c, 3)
	if err := all[0].Shut(t.Context(), bot, c.Now().Add(50*time.Second), "words of the platform"); err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		_, wait, err := m.Take(t.Context(), bot, limits, api.Person, c.Now())
		if err != nil || wait != 50*time.Second {
			t.Errorf("waits %v, %v", wait, err)
		}
	}
	if err := all[1].Shut(t.Context(), bot, c.Now().Add(10*time.Second), ""); err != nil { // never sooner
		t.Fatal(err)
	}
	u, err := all[2].Usage(t.Context(), bot, limits, c.Now())
	if err != nil || !u.ShutUntil.Equal(c.Now().Add(50*time.Second)) || u.Team != 3 || !u.Shared {
		t.Errorf("%+v, %v", u, err)
	}
	c.move(51 * time.Second)
	if _, wait, err := all[2].Take(t.Context(), bot, limits, api.Person, c.Now()); wait != 0 || err != nil {
		t.Errorf("open again: %v, %v", wait, err)
	}
}

// away waits until a link knows that the server is, or is not, away.
func away(t *testing.T, m *Count, want bool) {
	t.Helper()
	until(t, "the link notices", func() bool { return m.link.Here() != want })
}

// A server that is killed takes nothing with it: nobody goes over what is left,
// afterwards each keeps to its part, and what was sent meanwhile is counted when
// the server is back, empty or not.
func TestTheServerMayGoAndComeBack(t *testing.T) {
	for name, emptied := range map[string]bool{"with what it knew": false, "empty": true} {
		t.Run(name, func(t *testing.T) {
			c := start(t)
			all := machines(t, c, 4)
			var sent log
			round := func() {
				for _, m := range all {
					sent.add(c.Now(), spend(t, m, c, api.Person, 4))
				}
			}
			for range 10 {
				round()
				c.move(3 * time.Second)
			}
			c.server.Close()
			for range 100 { // five minutes
				round()
				c.move(3 * time.Second)
			}
			gone := sent.worst(time.Minute)
			if emptied {
				c.server.FlushAll()
			}
			if err := c.server.Restart(); err != nil {
				t.Fatal(err)
			}
			for _, m := range all {
				away(t, m, false)
			}
			for range 100 {
				round()
				c.move(3 * time.Second)
			}
			if m := sent.worst(time.Minute); m > 60 || gone < 50 {
				t.Errorf("worst minute %d, %d until the server came back", m, gone)
			}
			u, err := all[0].Usage(t.Context(), bot, limits, c.Now())
			if err != nil || u.Hour != len(sent.at) {
				t.Errorf("the team counts %d of %d, %v", u.Hour, len(sent.at), err)
			}
		})
	}
}

// An emptied server does not know of those who are not asking just now; those who
// remember that there were others keep to their part until the minute is over.
func TestAnEmptiedServerLetsNobodyOver(t *testing.T) {
	c := start(t)
	all := machines(t, c, 3)
	sent := 0
	each := func(n int) {
		for _, m := range all {
			sent += spend(t, m, c, api.Person, n)
		}
	}
	each(5)
	c.move(time.Second)
	c.server.FlushAll()
	each(100)
	each(100) // a machine that has learnt that the server forgot asks again
	if sent > 60 || sent < 40 {
		t.Errorf("%d sent in the minute", sent)
	}
	c.move(time.Minute + api.LimitMargin)
	sent = 0
	each(100)
	each(100)
	if sent != 60 {
		t.Errorf("%d sent in the next minute", sent)
	}
}

// A server that was never there leaves an even part of four.
func TestWithoutAServerThereIsAShare(t *testing.T) {
	c := start(t)
	m := machine(t, c, "alone")
	c.server.Close()
	away(t, m, true)
	if n := spend(t, m, c, api.Person, 100); n > 60 || n == 0 {
		t.Errorf("%d", n)
	}
}

func TestNothingReadableIsAtTheServer(t *testing.T) {
	c := start(t)
	m := machine(t, c, "jump-host-7")
	spend(t, m, c, api.Person, 3)
	if err := m.Shut(t.Context(), bot, c.Now().Add(time.Minute), "words of the platform"); err != nil {
		t.Fatal(err)
	}
	dump := c.server.Dump()
	if !strings.Contains(dump, "korescope:") {
		t.Fatalf("nothing is there: %s", dump)
	}
	for _, secret := range []string{"st-1", "platform", "jump-host", "one", "words"} {
		if strings.Contains(dump, secret) {
			t.Errorf("%q is readable at the server", secret)
		}
	}
}

func TestAddresses(t *testing.T) {
	for address, good := range map[string]bool{
		"rediss://valkey.example:6379/0": true, "rediss://valkey.example": true, "redis://127.0.0.1:6379/2": true,
		"redis://localhost": true, "redis://[::1]:6379": true, "rediss://h1?addr=h2:6379&addr=h3:6379": true,
		"rediss://s1:26379?master_name=team": true, "rediss://user@h": true,
		"redis://valkey.example": false, "http://h": false, "": false, "rediss://": false, "rediss://h/x": false,
		"rediss://user:secret@h": false, "rediss://h?skip_verify=true": false, "rediss://h/-1": false, "redis://10.0.0.1": false,
	} {
		err := Check(address)
		if (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error repeats a password: %v", err)
		}
	}
}

// An asker that leaves gets its own reason and makes nobody think the server is
// away.
func TestAnAskerThatLeaves(t *testing.T) {
	c := start(t)
	m := machine(t, c, "one")
	spend(t, m, c, api.Person, 1)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := m.Take(ctx, bot, limits, api.Person, c.Now()); err == nil {
		t.Error("taken for nobody")
	}
	if !m.link.Here() {
		t.Error("the server counts as away")
	}
}
