package cli

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

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

// From the start to the first picture and from a key to the picture that shows its
// effect, with 2,000, 100,000 and (not with -short) 1,000,000 sessions on disk: the
// real program, its cache and a pseudo-terminal. Beside it, in the same run, stands
// the floor: a program of the same library that draws as many plain rows and does
// nothing else. Figures are worth something as ratios only; a frame of the library
// is part of every one. To print the table:
//
//	go test ./views/cli -run xxx -bench FromKeyToPicture -benchtime 20x
func BenchmarkFromKeyToPicture(b *testing.B) {
	b.Setenv("TERM", "xterm-256color")
	for _, n := range []int{2000, 100_000, 1_000_000} {
		if n > 100_000 && testing.Short() {
			continue
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			o, window := crowded(b, n)
			for _, size := range [][2]int{{80, 24}, {140, 40}} {
				b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
					b.Run("floor", func(b *testing.B) { floorPictures(b, n, size[0], size[1]) })
					b.Run("program", func(b *testing.B) { keysToPictures(b, o, window, n, size[0], size[1]) })
				})
			}
		})
	}
}

// crowded is a desk with n sessions on its disk.
func crowded(b *testing.B, n int) (deskOptions, api.Window) {
	shop := newShop(b, "", nil)
	window := api.Between(opening().Add(-time.Duration(n)*every-2*time.Hour), opening())
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
	return o, window
}

// stroke is keys, what shows their effect, and the way back.
type stroke struct{ name, there, seen, back, again string }

// moves are the strokes that the floor knows too.
func moves(n int) []stroke {
	first := fmt.Sprintf(" 1 of %d", n)
	return []stroke{
		{"cursor", "j", fmt.Sprintf(" 2 of %d", n), "k", first},
		{"burst", strings.Repeat("j", 200), fmt.Sprintf(" 201 of %d", n), strings.Repeat("k", 200), first},
	}
}

func keysToPictures(b *testing.B, o deskOptions, window api.Window, n, w, h int) {
	o.mode = cache.Offline
	d, err := sit(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	line := dial(b, w, h)
	over := make(chan error, 1)
	begin := time.Now()
	go func() {
		over <- play(b.Context(), line.streams(), nil, func(ctx context.Context) *ui.App {
			return d.shell(ctx, views.SessionsRoute{Query: api.SessionQuery{Window: window}})
		}, "")
	}()
	line.sees(b, "START v")
	first := time.Since(begin)
	again := fmt.Sprintf(" 1 of %d", n)
	line.sees(b, again)
	taken(b, "first-rows", first)
	taken(b, "all-rows", time.Since(begin))
	strokes(b, line, append(moves(n),
		stroke{"bottom", "G", fmt.Sprintf("%d of %d", n, n), "g", again},
		stroke{"tab", "1", fmt.Sprintf(" 1 of %d", n/4), "0", again},
		stroke{"letter", "/zqv", "/zqv", "\x1b", again},
		stroke{"help", "?", "esc closes", "\x1b", again},
	))
	line.types(b, "q")
	if err := <-over; err != nil {
		b.Error(err)
	}
	if err := d.close(); err != nil {
		b.Error(err)
	}
}

// taken prints a time that was measured once.
func taken(b *testing.B, what string, d time.Duration) {
	b.Run(what, func(b *testing.B) {
		for b.Loop() { //nolint:revive // the line is printed for its figure alone
		}
		b.ReportMetric(float64(d.Microseconds())/1000, "ms")
	})
}

func strokes(b *testing.B, line *wire, all []stroke) {
	for _, c := range all {
		b.Run(c.name, func(b *testing.B) {
			var spent, most time.Duration
			bytes := 0
			for b.Loop() {
				before, at := line.written(), time.Now()
				line.types(b, c.there)
				line.sees(b, c.seen)
				took := time.Since(at)
				spent, most, bytes = spent+took, max(most, took), bytes+line.written()-before
				line.types(b, c.back)
				line.sees(b, c.again)
			}
			b.ReportMetric(float64(spent.Microseconds())/float64(b.N)/1000, "ms/key")
			b.ReportMetric(float64(most.Microseconds())/1000, "ms-worst")
			b.ReportMetric(float64(bytes)/float64(b.N), "B/key")
		})
	}
}

// written is how many bytes the terminal got so far.
func (l *wire) written() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.bytes)
}

// floor is a list of n rows and nothing else.
type floor struct{ n, at, top, w, h int }

func (f *floor) Init() tea.Cmd { return nil }

func (f *floor) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		f.w, f.h = m.Width, m.Height
	case tea.KeyPressMsg:
		switch m.String() {
		case "q":
			return f, tea.Quit
		case "j":
			f.at = min(f.at+1, f.n-1)
		case "k":
			f.at = max(f.at-1, 0)
		}
		f.top = max(min(f.top, f.at), f.at-f.h+2)
	}
	return f, nil
}

func (f *floor) View() tea.View {
	var b strings.Builder
	for i := f.top; i < min(f.top+f.h-1, f.n); i++ {
		mark := ' '
		if i == f.at {
			mark = '>'
		}
		fmt.Fprintf(&b, "%c %08d %-*s\n", mark, i, max(f.w-12, 0), "words of a row that nobody reads")
	}
	fmt.Fprintf(&b, " %d of %d", f.at+1, f.n)
	v := tea.NewView(b.String())
	v.AltScreen = true
	return v
}

func floorPictures(b *testing.B, n, w, h int) {
	line := dial(b, w, h)
	over := make(chan error, 1)
	begin := time.Now()
	go func() {
		_, err := tea.NewProgram(&floor{n: n}, tea.WithContext(b.Context()), tea.WithInput(line.tty), tea.WithOutput(line.tty),
			tea.WithoutSignalHandler(), tea.WithFPS(frames)).Run()
		over <- err
	}()
	line.sees(b, fmt.Sprintf(" 1 of %d", n))
	taken(b, "first-rows", time.Since(begin))
	strokes(b, line, moves(n))
	line.types(b, "q")
	if err := <-over; err != nil {
		b.Error(err)
	}
}
