package cache

import (
	"fmt"
	"testing"
	"time"

	"korescope/api"
)

// plainOptions make a readable file, so that remains can be looked for.
func plainOptions(t *testing.T, c *clock) Options {
	o := options(t, c)
	o.plain = true
	return o
}

// fillWithCanaries keeps a conversation per user; every text names them.
func fillWithCanaries(t *testing.T, s *Store, users int) {
	t.Helper()
	src := &named{}
	for i := range users {
		row := sessionAt(at(-90-i), i, false)
		row.User = api.UserID(fmt.Sprintf("u-canary%02d", i))
		row.UserTags = []api.Tag{{Name: "name", Value: []byte(fmt.Sprintf(`"tagcanary%02d"`, i))}}
		row.Raw = []byte(fmt.Sprintf(`{"sessionId":%q,"userId":%q}`, row.ID, row.User))
		src.rows = []api.Session{row}
		q := api.SessionQuery{Window: api.Between(at(-900), at(-30)), User: api.UserID(fmt.Sprintf("canary%02d@example.test", i))}
		last(t, Sessions(s, src, Normal).Refresh(t.Context(), q, api.Person))
		m := messageAt(row.ID, 1, at(-80-i), api.FromUser, fmt.Sprintf("textcanary%02d and more", i))
		m.User = row.User
		keepMessages(t, s, m)
		l := callAt(i, at(-70-i), fmt.Sprintf("promptcanary%02d", i), "answer")
		l.User = row.User
		l.Session = row.ID
		keepCalls(t, s, l)
	}
	if err := s.checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestForgottenUsersLeaveNoTrace(t *testing.T) {
	c := newClock()
	o := plainOptions(t, c)
	s := mustOpen(t, o)
	fillWithCanaries(t, s, 20)
	if n := countIn(t, o.Dir, "canary07"); n == 0 {
		t.Fatal("the test finds nothing even before")
	}
	n, err := s.Forget(t.Context(), []api.UserID{"u-canary07", "u-canary08"})
	if err != nil || n != 2 {
		t.Fatalf("%d sessions, %v", n, err)
	}
	for _, text := range []string{"canary07", "canary08"} {
		if n := countIn(t, o.Dir, text); n != 0 {
			t.Errorf("%s: %d copies left", text, n)
		}
	}
	for text, want := range map[string]int{"textcanary07": 0, "promptcanary08": 0, "textcanary06": 1, "promptcanary09": 1} {
		if hits, err := s.Find(t.Context(), FindQuery{Text: text}); err != nil || len(hits) != want {
			t.Errorf("find %s: %d hits, %v", text, len(hits), err)
		}
	}
	info, err := s.Info(t.Context())
	if err != nil || info.Sessions != 18 || info.Messages != 18 || info.Calls != 18 {
		t.Errorf("%+v, %v", info, err)
	}
	// By the name a question used.
	if n, err := s.Forget(t.Context(), []api.UserID{"canary09@example.test"}); err != nil || n != 1 {
		t.Errorf("%d sessions, %v", n, err)
	}
	if n := countIn(t, o.Dir, "textcanary09"); n != 0 {
		t.Errorf("by another name: %d copies left", n)
	}
}

func TestForgettingALikeNameForgetsNobodyElse(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	fillWithCanaries(t, s, 3)
	for _, u := range []api.UserID{"u-canary", "%", "_-canary01", "u-canary0_", ""} {
		if n, err := s.Forget(t.Context(), []api.UserID{u}); err != nil || n != 0 {
			t.Errorf("%q: %d sessions, %v", u, n, err)
		}
	}
	var spans int64
	if err := s.read(t.Context(), "count", func(c *conn) (err error) {
		spans, err = c.number("SELECT count(DISTINCT what) FROM covered")
		return err
	}); err != nil || spans != 3 {
		t.Errorf("%d questions left, %v", spans, err)
	}
}

func TestClearLeavesNoTrace(t *testing.T) {
	c := newClock()
	o := plainOptions(t, c)
	s := mustOpen(t, o)
	fillWithCanaries(t, s, 20)
	l := s.Ledger()
	if _, _, err := l.Take(t.Context(), "bot:x", api.Limits{}, api.Person, c.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := countIn(t, o.Dir, "canary"); n != 0 {
		t.Errorf("%d copies left", n)
	}
	info, err := s.Info(t.Context())
	if err != nil || info.Sessions+info.Messages+info.Calls != 0 || !info.Oldest.IsZero() {
		t.Errorf("%+v, %v", info, err)
	}
	if u, err := l.Usage(t.Context(), "bot:x", api.Limits{}, c.Now()); err != nil || u.Minute != 1 {
		t.Errorf("requests forgotten: %+v, %v", u, err)
	}
	if pages := checkPages(t, s, 0); pages != 0 {
		t.Errorf("%d pages", pages)
	}
}

func TestInfo(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	fillWithCanaries(t, s, 2)
	steps, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	info, err := s.Info(t.Context())
	if err != nil || info.Sessions != 2 || info.Messages != 2 || info.Calls != 2 || !info.Encrypted || info.Memory ||
		info.Bytes < 4096 || !info.Oldest.Equal(noon()) || info.Schema != len(steps) || info.Path == "" {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestExpiredRowsAreGone(t *testing.T) {
	c := newClock()
	o := plainOptions(t, c)
	s := mustOpen(t, o)
	fillWithCanaries(t, s, 20)
	c.move(6 * 24 * time.Hour)
	late := messageAt("s9", 1, c.Now(), api.FromUser, "latecanary")
	keepMessages(t, s, late)
	c.move(25 * time.Hour)
	// Not shown even before they are removed.
	if hits, err := s.Find(t.Context(), FindQuery{Text: "textcanary05"}); err != nil || len(hits) != 0 {
		t.Errorf("%d expired hits, %v", len(hits), err)
	}
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"textcanary", "promptcanary", "tagcanary", "u-canary", "example.test"} {
		if n := countIn(t, o.Dir, text); n != 0 {
			t.Errorf("%s: %d copies left", text, n)
		}
	}
	if hits, err := s.Find(t.Context(), FindQuery{Text: "latecanary"}); err != nil || len(hits) != 1 {
		t.Errorf("the young one: %d hits, %v", len(hits), err)
	}
}

func TestRowsFromTheFutureGo(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	fillWithCanaries(t, s, 2)
	c.move(-3 * time.Hour) // the clock was wrong
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if info, err := s.Info(t.Context()); err != nil || info.Sessions+info.Messages+info.Calls != 0 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestOpenTidiesInTheBackground(t *testing.T) {
	c := newClock()
	o := options(t, c)
	s := mustOpen(t, o)
	fillWithCanaries(t, s, 3)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	c.move(9 * 24 * time.Hour)
	s = mustOpen(t, o)
	s.idle.Wait()
	if info, err := s.Info(t.Context()); err != nil || info.Sessions+info.Messages+info.Calls != 0 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestSizeLimitTakesTheOldest(t *testing.T) {
	c := newClock()
	o := options(t, c)
	o.MaxBytes = 900 << 10
	s := mustOpen(t, o)
	s.idle.Wait()
	for page := range 60 {
		if err := s.write(t.Context(), "page", func(c *conn) error { return writePage(c, page) }); err != nil {
			t.Fatal(err)
		}
	}
	var before int64
	measure := func(into *int64) {
		t.Helper()
		if err := s.read(t.Context(), "measure", func(c *conn) (err error) {
			*into, err = usedBytes(c)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	measure(&before)
	if before <= o.MaxBytes {
		t.Fatalf("only %d bytes", before)
	}
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	var after int64
	if measure(&after); after > o.MaxBytes || after < o.MaxBytes/3 {
		t.Errorf("%d bytes, limit %d", after, o.MaxBytes)
	}
	a, err := Sessions(s, nil, Offline).Cached(t.Context(), api.SessionQuery{Window: pageWindow(0)})
	if err != nil || len(a.Value) != pageRows || a.Partial {
		t.Errorf("the newest page: %d rows, partial %v, %v", len(a.Value), a.Partial, err)
	}
	// What is gone is not said to be complete.
	for page := range 60 {
		a, err := Sessions(s, nil, Offline).Cached(t.Context(), api.SessionQuery{Window: pageWindow(page)})
		if err == nil && !a.Partial && len(a.Value) != pageRows {
			t.Errorf("page %d: %d rows, said to be complete", page, len(a.Value))
		}
	}
	if _, err := Sessions(s, nil, Offline).Cached(t.Context(), api.SessionQuery{Window: pageWindow(59)}); api.KindOf(err) != api.NotCached {
		t.Errorf("the oldest page: %v", err)
	}
}

// A tidying that a sleep of the machine interrupts takes nothing for the future that
// was read after the sleep.
func TestASleepDuringATidyingLosesNothing(t *testing.T) {
	c := newClock()
	o := options(t, c)
	sleeps := false
	o.Now = func() time.Time {
		now := c.Now()
		if sleeps {
			sleeps = false
			c.move(25 * time.Hour)
		}
		return now
	}
	s := mustOpen(t, o)
	s.idle.Wait()
	w := &world{sessions: []api.Session{sessionAt(at(-90), 1, false)}}
	r := Sessions(s, w, Normal)
	q := api.SessionQuery{Window: api.Between(at(-900), at(-30))}
	c.move(25 * time.Hour)
	w.ask(t, r, q)
	c.move(-25 * time.Hour)
	sleeps = true
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a, n := w.ask(t, r, q); n != 0 || len(a.Value) != 1 {
		t.Errorf("%d rows after %d requests", len(a.Value), n)
	}
}
