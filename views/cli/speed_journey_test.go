package cli

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"korescope/api"
	"korescope/cache"
	"korescope/ui"
	"korescope/views"
)

// crowd is a platform with very many sessions, one every six seconds.
type crowd int

const every = 6 * time.Second

func (n crowd) Sessions(_ context.Context, q api.SessionQuery, _ api.Lane) iter.Seq2[api.Page[api.Session], error] {
	return func(yield func(api.Page[api.Session], error) bool) {
		const page = 1000
		kinds := []api.Containment{api.DropOff, api.SelfService, api.SelfService, api.Agent}
		for at := 0; at < int(n); at += page {
			rows := make([]api.Session, 0, page)
			for i := at; i < min(at+page, int(n)); i++ {
				start := opening().Add(-time.Hour - time.Duration(i)*every)
				rows = append(rows, api.Session{
					ID: api.SessionID(fmt.Sprintf("%024x", i)), Bot: "st-crowd", User: api.UserID(fmt.Sprintf("u-%06d", i%5000)), Channel: "rtm",
					Start: start, End: start.Add(time.Minute), Status: api.StatusClosed, Kind: api.KindInteractive,
					Containment: kinds[i%len(kinds)], Messages: api.Known(i % 30), Languages: []string{"en"},
				})
			}
			one := api.Page[api.Session]{Items: rows, Total: api.Known(int(n)), More: true}
			if at+page >= int(n) {
				one.More, one.Done = false, q.Window
			}
			if !yield(one, nil) {
				return
			}
		}
	}
}

// From a key to the picture that shows its effect, with 100,000 sessions on
// disk: the real program, its cache and a terminal. A frame of the library (a
// sixtieth of a second) is part of every figure.
func BenchmarkFromKeyToPicture(b *testing.B) {
	const n = 100_000
	shop := newShop(b, "", nil)
	window := api.Between(opening().Add(-n*every-2*time.Hour), opening())
	o := shop.deskOptions(visit{})
	o.config.Cache.Retention = 365 * 24 * time.Hour
	d, err := sit(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	rows := 0
	for a, err := range cache.Sessions(d.store, crowd(n), cache.Fresh).Refresh(b.Context(), api.SessionQuery{Window: window}, api.Person) {
		if err != nil {
			b.Fatal(err)
		}
		rows = len(a.Value)
	}
	if rows != n {
		b.Fatalf("%d sessions are on disk", rows)
	}
	if err := d.close(); err != nil {
		b.Fatal(err)
	}
	b.Setenv("TERM", "xterm-256color")
	for _, size := range [][2]int{{80, 24}, {140, 40}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) { keysToPictures(b, o, window, size[0], size[1]) })
	}
}

func keysToPictures(b *testing.B, o deskOptions, window api.Window, w, h int) {
	o.mode = cache.Offline
	d, err := sit(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	line := dial(b, w, h)
	over := make(chan error, 1)
	begin := time.Now()
	go func() {
		over <- play(b.Context(), line.streams(), func(ctx context.Context) *ui.App {
			return d.shell(ctx, views.SessionsRoute{Query: api.SessionQuery{Window: window}})
		}, "")
	}()
	line.sees(b, "1 of 100000")
	first := time.Since(begin)
	for _, c := range []struct{ name, there, seen, back, again string }{
		{"cursor", "j", " 2 of 100000", "k", " 1 of 100000"},
		{"bottom", "G", "100000 of 100000", "g", " 1 of 100000"},
		{"tab", "1", " 1 of 25000", "0", " 1 of 100000"},
		{"filter", "/user:u-0042", "/user:u-0042", "\x1b", " 1 of 100000"},
		{"help", "?", "esc closes", "\x1b", " 1 of 100000"},
	} {
		b.Run(c.name, func(b *testing.B) {
			var spent, most time.Duration
			for b.Loop() {
				at := time.Now()
				line.types(b, c.there)
				line.sees(b, c.seen)
				took := time.Since(at)
				spent, most = spent+took, max(most, took)
				line.types(b, c.back)
				line.sees(b, c.again)
			}
			b.ReportMetric(float64(spent.Microseconds())/float64(b.N)/1000, "ms/key")
			b.ReportMetric(float64(most.Microseconds())/1000, "ms-worst")
		})
	}
	line.types(b, "q")
	if err := <-over; err != nil {
		b.Error(err)
	}
	if err := d.close(); err != nil {
		b.Error(err)
	}
	b.Logf("%dx%d: %s from the start to the first picture", w, h, first.Round(time.Millisecond))
}
