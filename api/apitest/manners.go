package apitest

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"testing"
	"time"

	"korescope/api"
)

func rawRows(t *testing.T, s Subject) {
	check := func(what string, raw json.RawMessage) {
		t.Helper()
		if len(raw) == 0 || !json.Valid(raw) {
			t.Errorf("%s keeps %q as its row", what, raw)
		}
	}
	sessions, _ := gather(t, s.Source.Sessions(t.Context(), api.SessionQuery{Window: s.Window}, api.Person))
	for _, one := range sessions {
		check(string(one.ID), one.Raw)
	}
	for p, err := range s.Source.Messages(t.Context(), api.MessageQuery{Sessions: someIDs(s)}, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range p.Items {
			check(string(m.ID), m.Raw)
		}
	}
	calls, _ := gather(t, s.Source.LLMCalls(t.Context(), api.LLMQuery{Window: s.Window}, api.Person))
	for _, c := range calls {
		check(string(c.ID), c.Raw)
	}
}

func utc(t *testing.T, s Subject) {
	check := func(what string, times ...time.Time) {
		t.Helper()
		for _, at := range times {
			if at.Location() != time.UTC || at.Nanosecond()%int(time.Millisecond) != 0 {
				t.Errorf("%s has the time %v", what, at)
			}
		}
	}
	sessions, _ := gather(t, s.Source.Sessions(t.Context(), api.SessionQuery{Window: s.Window}, api.Person))
	for _, one := range sessions {
		check(string(one.ID), one.Start, one.End)
	}
	calls, _ := gather(t, s.Source.LLMCalls(t.Context(), api.LLMQuery{Window: s.Window}, api.Person))
	for _, c := range calls {
		check(string(c.ID), c.Start, c.End)
	}
}

func leavingEarly(t *testing.T, s Subject) {
	for _, err := range s.Source.Sessions(t.Context(), api.SessionQuery{Window: s.Window}, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	for _, err := range s.Source.Messages(t.Context(), api.MessageQuery{Sessions: someIDs(s)}, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	for _, err := range s.Source.LLMCalls(t.Context(), api.LLMQuery{Window: s.Window}, api.Person) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
}

func endedContext(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for what, err := range map[string]error{
		"sessions": failure(s.Source.Sessions(ctx, api.SessionQuery{Window: s.Window}, api.Person)),
		"messages": failure(s.Source.Messages(ctx, api.MessageQuery{Sessions: someIDs(s)}, api.Person)),
		"user":     failure(s.Source.UserMessages(ctx, api.UserQuery{User: "u-1", Window: s.Window}, api.Person)),
		"call":     failure(s.Source.CallMessages(ctx, api.CallQuery{CallID: "c-1", Window: s.Window}, api.Person)),
		"calls":    failure(s.Source.LLMCalls(ctx, api.LLMQuery{Window: s.Window}, api.Person)),
	} {
		if api.KindOf(err) != api.Cancelled {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func noWindow(t *testing.T, s Subject) {
	ctx := t.Context()
	for what, err := range map[string]error{
		"sessions": failure(s.Source.Sessions(ctx, api.SessionQuery{}, api.Person)),
		"messages": failure(s.Source.Messages(ctx, api.MessageQuery{}, api.Person)),
		"user":     failure(s.Source.UserMessages(ctx, api.UserQuery{User: "u-1"}, api.Person)),
		"call":     failure(s.Source.CallMessages(ctx, api.CallQuery{CallID: "c-1"}, api.Person)),
		"calls":    failure(s.Source.LLMCalls(ctx, api.LLMQuery{}, api.Person)),
	} {
		if api.KindOf(err) != api.Misuse {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func failure[T any](pages iter.Seq2[api.Page[T], error]) error {
	for _, err := range pages {
		if err != nil {
			return err
		}
	}
	return nil
}

func someIDs(s Subject) api.IDList {
	ids := slices.Sorted(maps.Keys(s.Messages))
	return api.ListIDs(ids[:min(len(ids), 5)]...)
}
