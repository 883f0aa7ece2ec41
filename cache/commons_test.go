package cache

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"korescope/api"
)

// board is a commons in memory.
type board struct {
	mu     sync.Mutex
	values map[string][]byte
	owners map[string][]string
	turns  map[string]chan struct{}
}

func newBoard() *board {
	return &board{values: map[string][]byte{}, owners: map[string][]string{}, turns: map[string]chan struct{}{}}
}

func (b *board) Get(_ context.Context, name string) ([]byte, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, ok := b.values[name]
	return v, ok
}

func (b *board) Put(_ context.Context, name string, value []byte, owners ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.values[name] = value
	for _, who := range owners {
		b.owners[who] = append(b.owners[who], name)
	}
}

func (b *board) Forget(_ context.Context, who string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, name := range b.owners[who] {
		delete(b.values, name)
	}
	return nil
}

func (b *board) Share(ctx context.Context, name string) ([]byte, func()) {
	for {
		if v, ok := b.Get(ctx, name); ok {
			return v, nil
		}
		b.mu.Lock()
		turn, taken := b.turns[name]
		if !taken {
			turn = make(chan struct{})
			b.turns[name] = turn
		}
		b.mu.Unlock()
		if !taken {
			return nil, func() {
				b.mu.Lock()
				defer b.mu.Unlock()
				delete(b.turns, name)
				close(turn)
			}
		}
		select {
		case <-turn:
		case <-ctx.Done():
			return nil, func() {}
		}
	}
}

// home is the cache of one machine that shares.
func home(t *testing.T, c *clock, shared Commons) *Store {
	t.Helper()
	o := options(t, c)
	o.Commons = shared
	return mustOpen(t, o)
}

// What is closed is asked of the platform once, however many machines read it,
// and arrives as if it had been read there.
func TestClosedConversationsAreReadOnceByTheTeam(t *testing.T) {
	c := newClock()
	shared := newBoard()
	w := &logbook{}
	first := home(t, c, shared)
	row := talk(t, first, &w.world, 8, false)
	span := api.Between(row.Start.Add(-time.Minute), row.End.Add(time.Minute))
	for i := range 5 {
		w.calls = append(w.calls, callAt(i, row.Start.Add(time.Duration(i)*time.Second), "ask", "answer"))
		w.lines = append(w.lines, lineAt(i, row.Start.Add(time.Duration(i)*time.Second), "line"))
	}
	w.askedMsg = nil
	var over sync.WaitGroup
	for i := range 8 {
		s := first
		if i > 0 {
			s = home(t, c, shared)
			last(t, Sessions(s, w, Normal).Refresh(t.Context(), api.SessionQuery{Window: api.Between(at(-900), at(-30))}, api.Person))
		}
		over.Go(func() {
			q := api.MessageQuery{Sessions: api.ListIDs(row.ID)}
			a := last(t, Messages(s, w, Normal).Refresh(t.Context(), q, api.Person))
			if !reflect.DeepEqual(a.Value, w.messages) || a.Partial || !a.Fresh {
				t.Errorf("messages: %d of %d, partial %v (%s), fresh %v", len(a.Value), len(w.messages), a.Partial, a.Note, a.Fresh)
			}
			calls := last(t, LLM(s, w, Normal).Refresh(t.Context(), api.LLMQuery{Window: span}, api.Person))
			if len(calls.Value) != 5 || calls.Partial {
				t.Errorf("%d calls, partial %v", len(calls.Value), calls.Partial)
			}
			full, err := Calls(s).Cached(t.Context(), calls.Value[0].ID)
			if err != nil || !slices.ContainsFunc(w.calls, func(l api.LLMCall) bool { return reflect.DeepEqual(l.Request, full.Value.Request) }) || full.Value.Raw == nil {
				t.Errorf("the call is not whole: %v, %s", err, full.Value.Request)
			}
			lines := last(t, DebugLogs(s, w, Normal).Refresh(t.Context(), api.LogQuery{Identity: "u-1", Window: span}, api.Person))
			if len(lines.Value) != 5 || lines.Partial {
				t.Errorf("%d lines, partial %v", len(lines.Value), lines.Partial)
			}
		})
	}
	over.Wait()
	w.asked = nil
	ninth := last(t, Sessions(home(t, c, shared), w, Normal).Refresh(t.Context(), api.SessionQuery{IDs: api.ListIDs(row.ID)}, api.Person))
	if row.Raw = nil; len(w.asked) != 0 || len(ninth.Value) != 1 || !reflect.DeepEqual(ninth.Value[0], row) || !ninth.Fresh || ninth.Partial {
		t.Errorf("the ninth: %d requests, %+v", len(w.asked), ninth)
	}
	if len(w.askedMsg) != 1 || len(w.askedLLM) != 1 || len(w.askedLines) != 1 {
		t.Errorf("asked %d, %d and %d times", len(w.askedMsg), len(w.askedLLM), len(w.askedLines))
	}
	if err := shared.Forget(t.Context(), "u-1"); err != nil || len(shared.values) != 0 {
		t.Errorf("%d answers outlive their user, %v", len(shared.values), err)
	}
}

// Nothing that may still change, and nothing that is not whole, is shared.
func TestWhatIsNotFinalIsNotShared(t *testing.T) {
	for name, spoil := range map[string]func(w *world, row *api.Session){
		"an open session":           func(*world, *api.Session) {},
		"fewer than were announced": func(w *world, _ *api.Session) { w.messages = w.messages[:3] },
		"a part that was given up":  func(w *world, row *api.Session) { w.gap = api.Between(row.Start, row.End) },
		"a failure in the middle": func(w *world, _ *api.Session) {
			w.page, w.failAfter, w.failure = 2, 1, &api.Error{Kind: api.Unavailable}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			shared := newBoard()
			s := home(t, c, shared)
			w := &world{}
			row := talk(t, s, w, 8, name == "an open session")
			for i := range 5 {
				w.calls = append(w.calls, callAt(i, row.Start.Add(time.Duration(i)*time.Second), "ask", "answer"))
			}
			spoil(w, &row)
			all(t, Messages(s, w, Normal).Refresh(t.Context(), api.MessageQuery{Sessions: api.ListIDs(row.ID)}, api.Person))
			if w.failure != nil || !w.gap.Zero() {
				all(t, LLM(s, w, Normal).Refresh(t.Context(), api.LLMQuery{Window: api.Between(row.Start, row.End)}, api.Person))
			}
			all(t, LLM(s, w, Normal).Refresh(t.Context(), api.LLMQuery{Window: api.Last(time.Hour, c.Now())}, api.Person))
			if len(shared.values) != 0 {
				t.Errorf("%d answers are shared", len(shared.values))
			}
		})
	}
}

// Somebody who does not trust what is known is given the platform's word, and a
// value that cannot be read is none.
func TestWhatIsSharedNeedNotBeTaken(t *testing.T) {
	for name, m := range map[string]Mode{"anew": Fresh, "all of it": Whole, "unreadable": Normal} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			shared := newBoard()
			w := &world{}
			first, second := home(t, c, shared), home(t, c, shared)
			row := talk(t, first, w, 8, false)
			last(t, Sessions(second, w, Normal).Refresh(t.Context(), api.SessionQuery{Window: api.Between(at(-900), at(-30))}, api.Person))
			q := api.MessageQuery{Sessions: api.ListIDs(row.ID)}
			calls := api.LLMQuery{Window: api.Between(row.Start, row.End)}
			for _, s := range []*Store{first, second} {
				last(t, Messages(s, w, m).Refresh(t.Context(), q, api.Person))
				last(t, LLM(s, w, m).Refresh(t.Context(), calls, api.Person))
				if m == Normal {
					for name := range shared.values {
						shared.values[name] = []byte("nonsense")
					}
				}
			}
			if len(w.askedMsg) != 2 || len(w.askedLLM) != 2 {
				t.Errorf("asked %d and %d times", len(w.askedMsg), len(w.askedLLM))
			}
		})
	}
}
