package cache

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// filled makes a file with n sessions, one every 6 seconds before noon.
func filled(tb testing.TB, n int) (Options, *clock) {
	tb.Helper()
	c := newClock()
	o := options(tb, c)
	o.Retention = 365 * 24 * time.Hour
	s, _, err := Open(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	rows := make([]api.Session, 0, 1000)
	for i := range n {
		rows = append(rows, sessionAt(noon().Add(-time.Duration(i)*6*time.Second), i, false))
		if len(rows) == cap(rows) || i == n-1 {
			if err := s.write(tb.Context(), "fill", func(cn *conn) error { return putSessions(cn, rows, api.Window{}, noon()) }); err != nil {
				tb.Fatal(err)
			}
			rows = rows[:0]
		}
	}
	err = s.write(tb.Context(), "fill", func(cn *conn) error {
		return recordSpan(cn, question{}, api.Last(time.Duration(n)*6*time.Second, noon()), noon())
	})
	if err != nil {
		tb.Fatal(err)
	}
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	return o, c
}

func BenchmarkOpenNewest50Of100k(b *testing.B) {
	o, _ := filled(b, 100_000)
	b.ResetTimer()
	for b.Loop() {
		s, _, err := Open(b.Context(), o)
		if err != nil {
			b.Fatal(err)
		}
		a, err := Sessions(s, nil, Offline).Cached(b.Context(), api.SessionQuery{Window: api.Last(24*time.Hour, noon()), Limit: 50})
		if err != nil || len(a.Value) != 50 {
			b.Fatal(len(a.Value), err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkList100k(b *testing.B) {
	o, _ := filled(b, 100_000)
	s, _, err := Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }() // measured before
	b.ReportAllocs()
	for b.Loop() {
		a, err := Sessions(s, nil, Offline).Cached(b.Context(), api.SessionQuery{Window: api.Last(30*24*time.Hour, noon().Add(time.Second))})
		if err != nil || len(a.Value) != 100_000 {
			b.Fatal(len(a.Value), err)
		}
	}
}

// writePages measures writing pages of a thousand rows; row makes the n-th of
// all.
func writePages[T any](b *testing.B, row func(n int) T, put func(*conn, []T) error) {
	b.Helper()
	s, _, err := Open(b.Context(), options(b, newClock()))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }() // measured before
	n := 0
	for b.Loop() {
		rows := make([]T, 1000)
		for i := range rows {
			n++
			rows[i] = row(n)
		}
		if err := s.write(b.Context(), "w", func(cn *conn) error { return put(cn, rows) }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWritePage1000Sessions(b *testing.B) {
	writePages(b, func(n int) api.Session {
		return sessionAt(noon().Add(-time.Duration(n)*time.Second), n, false)
	}, func(c *conn, rows []api.Session) error { return putSessions(c, rows, api.Window{}, noon()) })
}

func lorem(n int) string {
	words := strings.Fields("order refund please the where invoice account money bank card week delivery late again help agent person thanks nothing works parcel")
	var b strings.Builder
	x := uint32(n*2654435761 + 1)
	for b.Len() < 400 {
		x = x*1664525 + 1013904223
		fmt.Fprintf(&b, "%s%d ", words[x>>16%uint32(len(words))%uint32(len(words))], x>>24%5)
	}
	return b.String()
}

func BenchmarkWritePage1000Messages(b *testing.B) {
	writePages(b, func(n int) api.Message {
		return messageAt(api.SessionID(fmt.Sprintf("s%d", n/10)), n, noon().Add(-time.Duration(n)*time.Second), api.FromUser, lorem(n))
	}, func(c *conn, rows []api.Message) error { return new(Store).putMessages(c, rows, noon()) })
}

func BenchmarkWritePage100Calls(b *testing.B) {
	c := newClock()
	s, _, err := Open(b.Context(), options(b, c))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }() // measured before
	n := 0
	for b.Loop() {
		rows := make([]api.LLMCall, 100)
		for i := range rows {
			n++
			rows[i] = callAt(n, noon().Add(-time.Duration(n)*time.Second), strings.Repeat(lorem(n), 11), lorem(n))
		}
		if err := s.write(b.Context(), "w", func(cn *conn) error { return putCalls(cn, rows, api.Window{}, false, noon()) }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFind searches 20,000 messages; "count" is what a search must not pay:
// counting what it looked through.
func BenchmarkFind(b *testing.B) {
	c := newClock()
	s, _, err := Open(b.Context(), options(b, c))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }() // measured before
	for p := range 20 {
		rows := make([]api.Message, 1000)
		for i := range rows {
			n := p*1000 + i
			rows[i] = messageAt(api.SessionID(fmt.Sprintf("s%d", n/10)), n, noon().Add(-time.Duration(n)*time.Second), api.FromUser, lorem(n))
		}
		if err := s.write(b.Context(), "w", func(cn *conn) error { return s.putMessages(cn, rows, noon()) }); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Info(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, q := range []string{"refund1", "ref*", `"refund1 please2"`, "parcel4 nothing3 bank2"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Find(b.Context(), FindQuery{Text: q}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLedgerTake(b *testing.B) {
	c := newClock()
	s, _, err := Open(b.Context(), options(b, c))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }() // measured before
	l := s.Ledger()
	for b.Loop() {
		c.move(3 * time.Second)
		if _, _, err := l.Take(b.Context(), "bot:x", api.Limits{}, api.Person, c.Now()); err != nil {
			b.Fatal(err)
		}
	}
}
