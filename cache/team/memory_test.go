package team

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func memory(t *testing.T, c *clock, secret string) *Memory {
	t.Helper()
	m, err := NewMemory(machine(t, c, secret+rand.Text()).link, secret, "platform.example st-1", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAnAnswerIsSharedByThoseWithTheKey(t *testing.T) {
	c := start(t)
	a, b, other := memory(t, c, "key one"), memory(t, c, "key one"), memory(t, c, "key two")
	long := bytes.Repeat([]byte("where is my parcel? "), 5000)
	a.Put(t.Context(), "messages of ms-1", long, "u-1")
	if got, ok := b.Get(t.Context(), "messages of ms-1"); !ok || !bytes.Equal(got, long) {
		t.Errorf("%d bytes, %v", len(got), ok)
	}
	if _, ok := other.Get(t.Context(), "messages of ms-1"); ok {
		t.Error("read with another key")
	}
	if _, ok := b.Get(t.Context(), "messages of ms-2"); ok {
		t.Error("something that nobody kept")
	}
	dump := c.server.Dump()
	for _, secret := range []string{"parcel", "ms-1", "u-1", "st-1", "platform", "key one"} {
		if strings.Contains(dump, secret) {
			t.Errorf("%q is readable at the server", secret)
		}
	}
	c.move(time.Hour + time.Second)
	if _, ok := b.Get(t.Context(), "messages of ms-1"); ok {
		t.Error("kept for longer than the retention")
	}
}

// A flipped bit anywhere, a cut, a value in the place of another: none is taken.
func TestWhatWasTamperedWithIsRefused(t *testing.T) {
	c := start(t)
	m := memory(t, c, "key")
	m.Put(t.Context(), "a", []byte("first"))
	m.Put(t.Context(), "b", []byte("second"))
	good, err := c.server.Get(m.at("a"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.server.Get(m.at("b"))
	if err != nil {
		t.Fatal(err)
	}
	bad := []string{second, "", good[:len(good)-1], good + "x", good[:5]}
	for i := range len(good) {
		for _, bit := range []byte{1, 0x80} {
			b := []byte(good)
			b[i] ^= bit
			bad = append(bad, string(b))
		}
	}
	for i, value := range bad {
		if err := c.server.Set(m.at("a"), value); err != nil {
			t.Fatal(err)
		}
		if got, ok := m.Get(t.Context(), "a"); ok {
			t.Errorf("%d: read as %q", i, got)
		}
	}
	if m.Foreign() != len(bad) {
		t.Errorf("%d of %d were counted", m.Foreign(), len(bad))
	}
}

func TestOneReadsForAll(t *testing.T) {
	c := start(t)
	var read atomic.Int32
	var over sync.WaitGroup
	for range 8 {
		m := memory(t, c, "key")
		over.Go(func() {
			value, done := m.Share(t.Context(), "a")
			if done != nil {
				read.Add(1)
				value = []byte("answer")
				m.Put(t.Context(), "a", value)
				done()
			}
			if string(value) != "answer" {
				t.Errorf("got %q", value)
			}
		})
	}
	over.Wait()
	if n := read.Load(); n != 1 {
		t.Errorf("read %d times", n)
	}
}

// Who reads and dies, or reads and has nothing to keep, holds nobody for long.
func TestATurnEnds(t *testing.T) {
	c := start(t)
	a, b := memory(t, c, "key"), memory(t, c, "key")
	_, done := a.Share(t.Context(), "a")
	done() // nothing was kept
	_, done = b.Share(t.Context(), "a")
	if done == nil {
		t.Fatal("nobody reads")
	}
	waits := make(chan func())
	go func() {
		_, done := a.Share(t.Context(), "a")
		waits <- done
	}()
	done()
	(<-waits)()
	if err := c.server.Set(a.turnOf(a.at("a")), "of one that died"); err != nil {
		t.Fatal(err)
	}
	c.server.SetTTL(a.turnOf(a.at("a")), turnLasts)
	c.move(turnLasts + time.Second)
	if _, done := a.Share(t.Context(), "a"); done == nil {
		t.Error("still waits for one that died")
	}
}

func TestForgetAndPurge(t *testing.T) {
	c := start(t)
	m, other := memory(t, c, "key"), memory(t, c, "another")
	for i := range 5 {
		m.Put(t.Context(), fmt.Sprint("of one ", i), []byte("x"), "u-1")
		m.Put(t.Context(), fmt.Sprint("of two ", i), []byte("x"), "u-2", "u-3")
	}
	other.Put(t.Context(), "a", []byte("x"), "u-1")
	if err := m.Forget(t.Context(), "u-1"); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if _, ok := m.Get(t.Context(), fmt.Sprint("of one ", i)); ok {
			t.Error("still there")
		}
		if _, ok := m.Get(t.Context(), fmt.Sprint("of two ", i)); !ok {
			t.Error("of somebody else, and gone")
		}
	}
	if n, err := m.Purge(t.Context()); n != 7 || err != nil { // five answers, two owners
		t.Errorf("%d, %v", n, err)
	}
	if _, ok := other.Get(t.Context(), "a"); !ok {
		t.Error("another profile's is gone")
	}
	if keys := c.server.Keys(); len(keys) != 2 {
		t.Errorf("left: %v", keys)
	}
}

func TestAwayIsNothing(t *testing.T) {
	c := start(t)
	m := memory(t, c, "key")
	m.Put(t.Context(), "a", []byte("x"))
	c.server.Close()
	if _, ok := m.Get(t.Context(), "a"); ok {
		t.Error("read from nowhere")
	}
	value, done := m.Share(t.Context(), "a")
	if value != nil || done == nil {
		t.Fatalf("%q", value)
	}
	done()
	if err := m.Forget(t.Context(), "u"); err == nil {
		t.Error("says it forgot")
	}
	if _, err := m.Purge(t.Context()); err == nil {
		t.Error("says it purged")
	}
}
