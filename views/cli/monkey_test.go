package cli

import (
	"context"
	"flag"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"korescope/api"
	"korescope/api/sim"
	"korescope/ui"
	"korescope/ui/uitest"
)

// monkeyKeys is how many keys the monkey presses; the long form is 1000000.
//
//nolint:gochecknoglobals // a test flag has to be registered before main runs
var monkeyKeys = flag.Int("monkey", 3000, "keys that the monkey presses")

// monkeySeed is where the monkey begins.
const monkeySeed = 20261127

// A monkey at every page, in a profile that allows changes and with writes
// switched on, changes nothing; where they are not allowed nothing at all does.
func TestAMonkeyChangesNothing(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		t.Run(map[bool]string{true: "allowed", false: "not allowed"}[allowed], func(t *testing.T) {
			t.Parallel()
			pressAtRandom(t, allowed)
		})
	}
}

func pressAtRandom(t *testing.T, allowed bool) {
	t.Helper()
	shop, d := monkeyShop(t, allowed)
	seen := map[string]int{}
	m := &monkey{t: t, d: d, r: rand.New(rand.NewPCG(monkeySeed, 1)), shop: shop, seen: seen}
	// A visit of many keys goes far from where it began.
	each := max(200, *monkeyKeys/500)
	for n := 0; n < *monkeyKeys; n += each {
		m.visit(each)
	}
	tr, writes := shop.world.Truth(), 0
	for _, e := range api.Endpoints() {
		if e.Effect == api.Write && tr.Requests[e.Name] > 0 {
			writes += tr.Requests[e.Name]
			t.Errorf("allowed %v: %d requests for %s", allowed, tr.Requests[e.Name], e.Name)
		}
	}
	t.Logf("allowed %v: %d keys, %d writes, a prompt of a change open at %d looks, pages %v", allowed, *monkeyKeys, writes, m.open, seen)
	if allowed && m.open == 0 {
		t.Error("the monkey never stood before a prompt that confirms")
	}
}

// monkeyShop is a shop whose limits keep nobody waiting, and a desk in it.
func monkeyShop(t *testing.T, allowed bool) (*shop, *desk) {
	t.Helper()
	s := &shop{t: t, now: opening(), dir: t.TempDir(), hold: newHold()}
	limits := api.Limits{PerMinute: 1 << 20, PerHour: 1 << 24}
	var err error
	// Few conversations: what is tried are keys, and screens that count take most
	// of the time otherwise.
	if s.world, err = sim.New(sim.Options{Seed: 1, Now: s.clock, Limits: limits, Sessions: 300}); err != nil {
		t.Fatal(err)
	}
	s.server = httptest.NewServer(s.world.Handler())
	t.Cleanup(s.server.Close)
	o := s.deskOptions(visit{writes: true})
	o.profile.AllowWrites = allowed
	o.profile.RequestsPerMinute, o.profile.RequestsPerHour = limits.PerMinute, limits.PerHour
	o.config.Start = time.Hour
	d, err := sit(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.close() })
	return s, d
}

type monkey struct {
	t    *testing.T
	shop *shop
	d    *desk
	r    *rand.Rand
	open int // looks at which a prompt that confirms was open
	seen map[string]int
}

// lines are what the monkey begins with; the rest is chance.
func (m *monkey) lines() []string {
	return []string{
		"publish --comment x", "erase u-1", "erase u-1 u-2", "tests delete smoke", "import status", "publish status", "journal", "apis",
		"changes", "doctor", "tests", "llm 1h", "sessions 1h", "pulse 1h", "failures", "billing", "containment", "bots", "roles", "find order",
	}
}

// visit opens a new shell at a page and presses keys.
func (m *monkey) visit(keys int) {
	// What the shell left open ends with it, or a million keys fill the memory.
	ctx, leave := context.WithCancel(m.t.Context())
	defer leave()
	o := m.d.shellOptions(ctx, nil)
	var ticks []due
	o.Tick = func(d time.Duration, f func(time.Time) tea.Msg) tea.Cmd {
		if d < time.Second { // minutes and notes go by unseen
			ticks = append(ticks, due{m.shop.clock().Add(d), f})
		}
		return nil
	}
	app := ui.New(o)
	uitest.Pump(m.t, app, tea.WindowSizeMsg{Width: 80, Height: 24})
	uitest.Run(m.t, app, app.Init())
	m.d.permit.on(m.shop.clock().Add(time.Hour))
	lines := m.lines()
	line := lines[m.r.IntN(len(lines))]
	m.seen[line]++
	uitest.Keys(m.t, app, ":", line, "enter")
	// The first moment is over.
	m.shop.jump(time.Second)
	for n := range keys {
		for len(ticks) > 0 && !ticks[0].at.After(m.shop.clock()) {
			next := ticks[0]
			ticks = ticks[1:]
			uitest.Pump(m.t, app, next.msg(m.shop.clock()))
		}
		m.shop.jump(20 * time.Millisecond)
		if n%10 == 0 && strings.Contains(ansi.Strip(app.View().Content), "type it:") {
			m.open++
		}
		uitest.Keys(m.t, app, m.key())
	}
}

func (m *monkey) key() string {
	named := []string{"enter", "enter", "enter", "esc", "tab", "up", "down", "backspace", "pgdown", "left", "right", "space"}
	if i := m.r.IntN(90); i < len(named) {
		return named[i]
	}
	return string(rune(' ' + 1 + m.r.IntN(94)))
}
