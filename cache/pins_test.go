package cache

import (
	"slices"
	"testing"
	"time"

	"korescope/api"
)

func pinOf(id string, names ...string) Pin {
	return Pin{
		Session: api.SessionID(id), Note: "note of " + id, At: at(0), User: "u-1", Start: at(-30), Type: api.DropOff,
		Messages: 3, Calls: 2, Lines: 1, Metrics: 4, Missing: "lines", Names: names, Body: []byte("body of " + id),
	}
}

func pinned(t *testing.T, s *Store) []string {
	t.Helper()
	list, err := s.Pins(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range list {
		out = append(out, string(p.Session))
	}
	slices.Sort(out)
	return out
}

func pinAll(t *testing.T, s *Store, pins ...Pin) {
	t.Helper()
	for _, p := range pins {
		if err := s.Pin(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
}

// Neither age nor size nor clearing takes a pin away; letting go does, with every
// trace.
func TestAPinStaysUntilItIsLetGo(t *testing.T) {
	c := newClock()
	o := plainOptions(t, c)
	s := mustOpen(t, o)
	s.idle.Wait()
	pinAll(t, s, pinOf("one", "u-1"), pinOf("two", "u-2"), pinOf("one", "u-1", "u-3"))
	list, err := s.Pins(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	want := pinOf("one")
	want.Names, want.Body = nil, nil
	if i := slices.IndexFunc(list, func(p Pin) bool { return p.Session == "one" }); !list[i].At.Equal(want.At) || list[i].Note != want.Note ||
		list[i].Lines != 1 || list[i].Metrics != 4 || list[i].Missing != "lines" || !list[i].Start.Equal(want.Start) {
		t.Errorf("%+v", list[i])
	}
	c.move(100 * 24 * time.Hour)
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := pinned(t, s); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("left are %q", got)
	}
	if b, err := s.Pinned(t.Context(), "one"); err != nil || string(b) != "body of one" {
		t.Errorf("%q, %v", b, err)
	}
	if info, err := s.Info(t.Context()); err != nil || info.Pinned != 2 {
		t.Errorf("%+v, %v", info, err)
	}
	if n, err := s.Unpin(t.Context(), []api.SessionID{"one", "three"}); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	if b, err := s.Pinned(t.Context(), "one"); err != nil || b != nil {
		t.Errorf("%q, %v", b, err)
	}
	if n := countIn(t, o.Dir, "body of one"); n != 0 {
		t.Errorf("%d copies left", n)
	}
}

// An erasure takes the pins of everybody in them, and of nobody else.
func TestAnErasureTakesPins(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	pinAll(t, s,
		pinOf("by name", "u-1"), pinOf("by path", "acct/sms/u-1"), pinOf("alike", "u-10"), pinOf("part", "xu-1"),
		pinOf("by session", "somebody"))
	keepMessages(t, s, func() api.Message {
		m := messageAt("by session", 1, at(-9), api.FromUser, "hello")
		m.User = "u-1"
		return m
	}())
	if _, err := s.Forget(t.Context(), []api.UserID{"u-1"}); err != nil {
		t.Fatal(err)
	}
	if got := pinned(t, s); !slices.Equal(got, []string{"alike", "part"}) {
		t.Errorf("left are %q", got)
	}
}
