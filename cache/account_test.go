package cache

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"testing"
	"time"

	"korescope/api"
)

// office is the account side of a platform.
type office struct {
	bots    []api.Bot
	roles   []api.RoleAssignment
	asked   int
	failure error // after the first page
	more    bool  // said of the last page too
}

func (o *office) Bots(context.Context, api.Lane) iter.Seq2[api.Page[api.Bot], error] {
	return inTwos(o, o.bots)
}

func (o *office) Roles(context.Context, api.Lane) iter.Seq2[api.Page[api.RoleAssignment], error] {
	return inTwos(o, o.roles)
}

func inTwos[T any](o *office, rows []T) iter.Seq2[api.Page[T], error] {
	o.asked++
	return func(yield func(api.Page[T], error) bool) {
		n := 0
		for two := range slices.Chunk(rows, 2) {
			n += len(two)
			if !yield(api.Page[T]{Items: two, More: o.more || n < len(rows), Total: api.Known(len(rows))}, nil) {
				return
			}
			if o.failure != nil {
				yield(api.Page[T]{}, o.failure)
				return
			}
		}
	}
}

func botNamed(n int) api.Bot {
	return api.Bot{
		ID: api.BotID(fmt.Sprint("st-", n)), Name: fmt.Sprint("bot ", n), Status: "published", Type: "default", Language: "en", Created: at(-n),
	}
}

func TestListOfBots(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	o := &office{bots: []api.Bot{botNamed(3), botNamed(1), botNamed(2)}}
	r := Bots(s, o, Normal)
	if _, err := r.Cached(t.Context(), AllBots{}); api.KindOf(err) != api.NotCached {
		t.Fatalf("empty: %v", err)
	}
	out := all(t, r.Refresh(t.Context(), AllBots{}, api.Person))
	if len(out) != 3 || len(out[0].answer.Value) != 2 || !out[0].answer.Partial || out[0].answer.Done {
		t.Fatalf("%+v", out)
	}
	end := out[2].answer
	if !end.Done || end.Partial || !end.Fresh || !reflect.DeepEqual(end.Value, o.bots) || end.Total.Value != 3 {
		t.Errorf("end: %+v", end)
	}
	c.move(4 * time.Minute)
	a, err := r.Cached(t.Context(), AllBots{})
	if err != nil || !a.Fresh || !reflect.DeepEqual(a.Value, o.bots) || !a.At.Equal(noon()) || a.Origin != api.FromDisk || !a.Done {
		t.Errorf("cached: %+v, %v", a, err)
	}
	c.move(time.Minute)
	if a, err := r.Cached(t.Context(), AllBots{}); err != nil || a.Fresh {
		t.Errorf("five minutes later: %+v, %v", a, err)
	}
	if a := last(t, Bots(s, nil, Offline).Refresh(t.Context(), AllBots{}, api.Person)); len(a.Value) != 3 {
		t.Errorf("offline: %+v", a)
	}
	c.move(24 * time.Hour)
	if a, err := r.Cached(t.Context(), AllBots{}); api.KindOf(err) != api.NotCached {
		t.Errorf("a day later: %+v, %v", a, err)
	}
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, "SELECT count(*) FROM account"); n != 0 {
		t.Errorf("%d lists left", n)
	}
}

// count reads one number.
func count(t *testing.T, s *Store, sql string, args ...any) (n int64) {
	t.Helper()
	err := s.read(t.Context(), "count", func(c *conn) (err error) {
		n, err = c.number(sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFailedListLeavesTheLastOne(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	o := &office{bots: []api.Bot{botNamed(1), botNamed(2), botNamed(3)}}
	r := Bots(s, o, Normal)
	last(t, r.Refresh(t.Context(), AllBots{}, api.Person))
	before := o.bots
	o.bots = []api.Bot{botNamed(4), botNamed(2), botNamed(5)} // 1 and 3 are gone
	o.failure = &api.Error{Kind: api.Unavailable}
	out := all(t, r.Refresh(t.Context(), AllBots{}, api.Person))
	end := out[len(out)-1]
	want := []api.Bot{botNamed(4), botNamed(2), botNamed(1), botNamed(3)}
	if api.KindOf(end.err) != api.Unavailable || !end.answer.Done || !end.answer.Partial || end.answer.Fresh || !reflect.DeepEqual(end.answer.Value, want) {
		t.Errorf("%+v", end)
	}
	if a, err := r.Cached(t.Context(), AllBots{}); err != nil || !reflect.DeepEqual(a.Value, before) {
		t.Errorf("cached: %+v, %v", a, err)
	}
	o.failure, o.more = nil, true
	if a := last(t, r.Refresh(t.Context(), AllBots{}, api.Person)); !a.Partial || len(a.Value) != 5 {
		t.Errorf("a list that does not end: %+v", a)
	}
	o.more = false
	if a := last(t, r.Refresh(t.Context(), AllBots{}, api.Person)); a.Partial || !reflect.DeepEqual(a.Value, o.bots) {
		t.Errorf("again: %+v", a)
	}
}

func TestRolesComeBackAsTheyWere(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	o := &office{roles: []api.RoleAssignment{
		{
			User: "u-1", Username: "sam@example.test", Developer: api.Known(true), CanCreate: api.Known(false),
			BotRoles: []api.BotRole{{Role: "App Developer", Bot: "st-1", Name: "Orders"}}, Admin: []string{"Owner"},
		},
		{User: "u-2", Username: "kim@example.test"},
	}}
	last(t, Roles(s, o, Normal).Refresh(t.Context(), AllRoles{}, api.Person))
	a, err := Roles(s, nil, Offline).Cached(t.Context(), AllRoles{})
	if err != nil || !reflect.DeepEqual(a.Value, o.roles) {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := Bots(s, nil, Offline).Cached(t.Context(), AllBots{}); api.KindOf(err) != api.NotCached {
		t.Errorf("bots: %v", err)
	}
}

// The answer of the platform holds the client secret of every app. What is
// kept has a place for nothing but these.
func TestNothingSecretHasAPlace(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	last(t, Bots(s, &office{bots: []api.Bot{botNamed(1)}}, Normal).Refresh(t.Context(), AllBots{}, api.Person))
	var kept []map[string]any
	err := s.read(t.Context(), "look", func(c *conn) error {
		value, _, _, err := accountList(c, "bots")
		if err != nil {
			return err
		}
		return json.Unmarshal(value, &kept)
	})
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v, %v", kept, err)
	}
	for name := range kept[0] {
		if !slices.Contains([]string{"ID", "Name", "Status", "Type", "Language", "Created"}, name) {
			t.Errorf("%s is kept", name)
		}
	}
}
