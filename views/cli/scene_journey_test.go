package cli

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api/kore"
	"korescope/api/sim"
	"korescope/cache"
	"korescope/config"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/uitest"
)

// shop is what a journey goes through: a simulated platform on loopback, a
// folder for the cache and a clock that only the test moves.
type shop struct {
	t      testing.TB
	world  *sim.World
	server *httptest.Server
	dir    string
	hold   *hold

	mu  sync.Mutex
	now time.Time
}

// opening is the instant at which every journey begins.
func opening() time.Time { return time.Date(2031, 3, 4, 12, 0, 20, 0, time.UTC) }

// newShop opens the platform with the faults given. wrap may answer in its
// place; nil never does.
func newShop(t testing.TB, faults string, wrap func(http.Handler) http.Handler) *shop {
	t.Helper()
	s := &shop{t: t, now: opening(), dir: t.TempDir(), hold: newHold()}
	list, err := sim.ParseFaults(faults)
	if err != nil {
		t.Fatal(err)
	}
	if s.world, err = sim.New(sim.Options{Seed: 1, Now: s.clock, Faults: list}); err != nil {
		t.Fatal(err)
	}
	handler := s.world.Handler()
	if wrap != nil {
		handler = wrap(handler)
	}
	s.server = httptest.NewServer(s.hold.around(handler))
	t.Cleanup(s.server.Close)
	return s
}

func (s *shop) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// jump sets the clock forward while nobody looks.
func (s *shop) jump(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// requests is how many requests the platform has seen, by the call's name.
func (s *shop) requests() map[string]int { return s.world.Truth().Requests }

// asked is how many requests it has seen.
func (s *shop) asked() int {
	n := 0
	for _, k := range s.requests() {
		n += k
	}
	return n
}

// visit says how a person comes to the shop; the zero value is the usual way.
type visit struct {
	app    string     // name of the credential; "" is the first, which may read everything
	secret string     // instead of the right one
	mode   cache.Mode // of the readers
	route  ui.Route   // of the first screen
	plain  bool       // without the hold, so that measuring is not disturbed
	tests  bool       // the profile allows test runs
	still  bool       // between two looks at a job no time passes
	mask   bool       // the profile masks what is shown
	writes bool       // the profile allows changes, with an admin credential for them
}

// scene is one run of the real program but for its clock: shell, screens,
// readers, cache and client, in an emulated terminal.
type scene struct {
	*uitest.Driver
	*shop
	t    *testing.T
	desk *desk
	app  *ui.App

	ticking sync.Mutex
	ticks   []due
}

// due is a tick that was asked for.
type due struct {
	at  time.Time
	msg func(time.Time) tea.Msg
}

func (s *shop) open(w, h int, v visit) *scene {
	s.t.Helper()
	t, _ := s.t.(*testing.T) // journeys are tests; what is measured opens no scene
	sc := &scene{shop: s, t: t}
	var err error
	sc.desk, err = sit(s.t.Context(), s.deskOptions(v))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := sc.desk.close(); err != nil {
			s.t.Error(err)
		}
	})
	o := sc.desk.shellOptions(s.t.Context(), v.route)
	o.Tick = sc.tick
	sc.app = ui.New(o)
	var model tea.Model = sc.app
	if !v.plain {
		model = floating{inner: model, hold: s.hold}
	}
	s.t.Cleanup(s.hold.release)
	sc.Driver = uitest.Start(t, model, w, h)
	return sc
}

func (s *shop) deskOptions(v visit) deskOptions {
	s.t.Helper()
	keys, issues := keymap.New(keymap.Defaults(), nil)
	if len(issues) > 0 {
		s.t.Fatal(issues)
	}
	c, _, found := config.Load(s.t.Context(), config.Sources{Env: func(string) string { return "" }, Partial: true})
	if err := found.Err(); err != nil {
		s.t.Fatal(err)
	}
	app := s.world.Credentials()[0]
	for _, one := range s.world.Credentials() {
		if one.Name == v.app {
			app = one
		}
	}
	if v.secret != "" {
		app.Secret = v.secret
	}
	scope := config.BotScope
	if app.BotID == "" {
		scope = config.AdminScope
	}
	var admin config.Admin
	if v.writes {
		made := s.world.Credentials()[2]
		admin = config.Admin{ClientID: made.ClientID, Secret: config.InlineSecret(config.Hide(made.Secret))}
	}
	return deskOptions{
		gated: true, config: c, title: demoTitle, keys: keys, clock: s.clock, mode: v.mode,
		cacheDir: filepath.Join(s.dir, "korescope"),
		profile: config.Profile{
			Name: "prod-eu", Host: s.server.URL, BotID: string(app.BotID), ClientID: app.ClientID,
			Scope: scope, Secret: config.InlineSecret(config.Hide(app.Secret)), Timezone: time.UTC,
			RequestsPerMinute: config.DefaultRequestsPerMinute, RequestsPerHour: config.DefaultRequestsPerHour,
			AllowTests: v.tests, AllowWrites: v.writes, Admin: admin, TestEmail: "owner@example.test", TestSuites: sim.SuiteNames(),
		},
		stateDir: filepath.Join(s.dir, "state"), mask: v.mask,
		onWait: func(kore.Waiting) { s.hold.waits() },
		// Between two looks at a job the time passes at once.
		wait: func(ctx context.Context, d time.Duration) error {
			if v.still {
				s.hold.waits()
				<-ctx.Done()
				return ctx.Err()
			}
			s.jump(d)
			return ctx.Err()
		},
	}
}

// tick stands for tea.Tick: what was asked for happens when the journey lets
// time pass.
func (s *scene) tick(d time.Duration, f func(time.Time) tea.Msg) tea.Cmd {
	s.ticking.Lock()
	defer s.ticking.Unlock()
	s.ticks = append(s.ticks, due{at: s.clock().Add(d), msg: f})
	return nil
}

// pass lets time go by; what was due meanwhile happens in its order.
func (s *scene) pass(d time.Duration) *scene {
	s.t.Helper()
	for end := s.clock().Add(d); ; {
		next, ok := s.nextDue(end)
		s.mu.Lock()
		s.now = end
		if ok {
			s.now = next.at
		}
		now := s.now
		s.mu.Unlock()
		if !ok {
			return s
		}
		s.Send(next.msg(now))
	}
}

func (s *scene) nextDue(end time.Time) (due, bool) {
	s.ticking.Lock()
	defer s.ticking.Unlock()
	slices.SortStableFunc(s.ticks, func(a, b due) int { return a.at.Compare(b.at) })
	if len(s.ticks) == 0 || s.ticks[0].at.After(end) {
		return due{}, false
	}
	next := s.ticks[0]
	s.ticks = s.ticks[1:]
	return next, true
}

// rest is the pause after which detail and preview follow the cursor.
func (s *scene) rest() *scene {
	s.t.Helper()
	return s.pass(200 * time.Millisecond)
}

// arrive hands the program what a held command brought in the end.
func (s *scene) arrive() *scene {
	s.t.Helper()
	select {
	case msg := <-s.hold.late:
		if msg != nil {
			s.Send(msg)
		}
	case <-time.After(90 * time.Second):
		s.t.Fatal("a held request never came to its end")
	}
	return s
}

func (s *scene) press(keys ...string) *scene {
	s.t.Helper()
	s.Press(keys...)
	return s
}

func (s *scene) text() string { return s.Grid().Text() }

// sees fails the journey when one of the texts is not on the terminal.
func (s *scene) sees(wants ...string) *scene {
	s.t.Helper()
	got := s.text()
	for _, w := range wants {
		if !strings.Contains(got, w) {
			s.t.Fatalf("no %q on\n%s", w, got)
		}
	}
	return s
}

// misses fails the journey when one of the texts is on the terminal.
func (s *scene) misses(unwanted ...string) *scene {
	s.t.Helper()
	got := s.text()
	for _, w := range unwanted {
		if strings.Contains(got, w) {
			s.t.Fatalf("%q is on\n%s", w, got)
		}
	}
	return s
}

// golden compares what stands between header and footer with a picture kept in
// the gallery.
func (s *scene) golden(name string) *scene {
	s.t.Helper()
	s.keep(name, s.Grid().Between(headRows, footRows))
	return s
}

// whole is golden with header and footer: for journeys that are about them.
func (s *scene) whole(name string) *scene {
	s.t.Helper()
	s.keep(name, s.Grid())
	return s
}

// The rows of the frame that are the shell's.
const (
	headRows = 2
	footRows = 1
)

func (s *scene) keep(name string, g uitest.Grid) {
	s.t.Helper()
	at := s.Grid()
	uitest.Golden(s.t, filepath.Join("..", ".."), fmt.Sprintf("journey/%s-%dx%d", name, at.W, at.H), g.Framed())
}

// costs fails the journey when a part of it asked for more than that, or for
// other things: names and numbers of requests since before.
func (s *scene) costs(before map[string]int, want map[string]int) *scene {
	s.t.Helper()
	got := map[string]int{}
	for name, n := range s.requests() {
		if d := n - before[name]; d > 0 {
			got[name] = d
		}
	}
	if !maps.Equal(got, want) {
		s.t.Errorf("asked for %v, not %v", got, want)
	}
	return s
}

// sizes runs a journey at both sizes that the screens are made for.
func sizes(t *testing.T, journey func(t *testing.T, w, h int)) {
	t.Helper()
	for _, s := range [][2]int{{80, 24}, {140, 40}} {
		t.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(t *testing.T) { journey(t, s[0], s[1]) })
	}
}

// leave ends the program the way a person does.
func (s *scene) leave() {
	s.t.Helper()
	s.Press(":", "q", "enter")
	if err := s.Ended(); err != nil {
		s.t.Error(err)
	}
}

// copied waits until the terminal was handed as many copies, and returns them.
// The library sends them beside its frames, so that a settled picture does not
// mean that they are there.
func (s *scene) copied(n int) []string {
	s.t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	late := time.NewTimer(10 * time.Second)
	defer late.Stop()
	for {
		got := clipboards(s.Bytes())
		if len(got) >= n {
			return got
		}
		select {
		case <-look.C:
		case <-late.C:
			s.t.Fatalf("%d copies were asked for, %q reached the terminal", n, got)
		}
	}
}

// clipboards is what was handed to the terminal's clipboard.
func clipboards(stream []byte) []string {
	var out []string
	for _, part := range strings.Split(string(stream), "\x1b]52;c;")[1:] {
		data, _, _ := strings.Cut(part, "\x07")
		text, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			text = []byte("not base64: " + data)
		}
		out = append(out, string(text))
	}
	return out
}
