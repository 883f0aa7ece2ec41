package cli

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"korescope/api/sim"
	"korescope/ui"
	"korescope/ui/uitest"
)

// How long keys are pressed at random: an hour by hand is
//
//	go test ./views/cli -run RandomKeys -walk 1h -timeout 2h
var (
	walkFor  = flag.Duration("walk", 0, "how long keys are pressed at random; 0: for a few lives of the program")
	walkSeed = flag.Uint64("walkseed", 1, "of the keys, the faults and the platform")
)

// Keys at random on all screens, with hostile data and a platform that misbehaves:
// nothing breaks, nothing is drawn beside the terminal or obeyed by it, and neither
// memory nor goroutines grow from one life of the program to the next.
func TestRandomKeys(t *testing.T) {
	lives := 4
	if testing.Short() {
		lives = 1
	}
	var steps int
	var heap []uint64
	var flights []int
	seen := map[string]int{}
	base := runtime.NumGoroutine()
	for life, end := 0, time.Now().Add(*walkFor); (life < lives || time.Now().Before(end)) && !t.Failed(); life++ {
		seed := *walkSeed*1_000_003 + uint64(life) //nolint:gosec // counted up
		t.Run(fmt.Sprint(seed), func(t *testing.T) { steps += liveOnce(t, seed, seen) })
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		heap, flights = append(heap, m.HeapAlloc), append(flights, runtime.NumGoroutine())
	}
	t.Attr("tries", strconv.Itoa(steps))
	if n := len(heap); n >= 6 {
		early, late := slices.Max(heap[1:n/2]), slices.Min(heap[n/2:])
		t.Logf("%d lives, %d steps; heap at most %d kB in the first half, at least %d kB in the second; goroutines %d at the start, %d at the end",
			n, steps, early/1024, late/1024, base, flights[n-1])
		if late > early*3/2+16<<20 {
			t.Errorf("the heap grows: %v", heap)
		}
	}
	t.Logf("opened %v", seen)
	if n := len(routeNames(t)); steps >= aroundAfter && len(seen) < n*2/3 {
		t.Errorf("%d of %d places were opened: the walk does not get around", len(seen), n)
	}
	if n := len(flights); n > 0 && flights[n-1] > base+10 {
		t.Errorf("goroutines are left: %d at the start, %v after each life", base, flights)
	}
}

// stepsOfALife is how many things happen before the program is started anew.
const stepsOfALife = 500

// aroundAfter is after how many steps most places must have been opened.
const aroundAfter = 20_000

// walker is a person without sense at the program, with the commands run as they are
// in the real one: each in a goroutine, and what they bring in the order in which it
// comes.
type walker struct {
	*shop
	t    *testing.T
	desk *desk
	rnd  *rand.Rand
	ctx  context.Context //nolint:containedctx // ends a life

	app   *ui.App
	w, h  int
	msgs  chan tea.Msg
	fly   sync.WaitGroup
	ticks []due
	seen  map[string]int
	done  []string // what was done last, for whoever has to find out
	mu    sync.Mutex
	bad   string
}

func liveOnce(t *testing.T, seed uint64, seen map[string]int) (steps int) {
	rnd := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a repeatable walk
	faults := faultsOf(rnd)
	shop := newShop(t, faults, nil)
	v := visit{tests: true, mask: rnd.IntN(2) == 0}
	if rnd.IntN(4) == 0 {
		v.app = "admin"
	}
	o := shop.deskOptions(v)
	o.profile.RequestsPerMinute, o.profile.RequestsPerHour = 100_000, 1_000_000
	o.wait = func(ctx context.Context, _ time.Duration) error { // a moment, or a job without end spins
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	ctx, stop := context.WithCancel(t.Context())
	d, err := sit(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	wk := &walker{shop: shop, t: t, desk: d, rnd: rnd, ctx: ctx, msgs: make(chan tea.Msg, 1<<12), w: 80, h: 24, seen: seen}
	defer func() {
		stop()
		shop.hold.release()
		wk.fly.Wait()
		if err := d.close(); err != nil {
			t.Error(err)
		}
		if wk.bad != "" {
			t.Errorf("faults %q, walk %d: %s\nafter %s", faults, seed, wk.bad, strings.Join(wk.done[max(0, len(wk.done)-60):], " "))
		}
	}()
	wk.begin()
	for steps < stepsOfALife && wk.broken() == "" {
		wk.step()
		steps++
	}
	return steps
}

// faultsOf picks how the platform misbehaves: hostile words mostly, and others.
func faultsOf(rnd *rand.Rand) string {
	list := []string{"limit(100000,1000000)"}
	if rnd.IntN(4) > 0 {
		list = append(list, "hostile-text")
	}
	for range rnd.IntN(3) {
		names := sim.FaultNames()
		name := names[rnd.IntN(len(names))].Name
		if slices.Contains([]string{"limit", "hour-exhausted", "gzip-bomb", "clock-skew", "foreign-traffic"}, name) {
			continue // nothing would be read any more
		}
		aim := []string{"", "@p=0.3", "@every=3", "@after=20"}[rnd.IntN(4)]
		if _, err := sim.ParseFaults(name + aim); err != nil {
			aim = ""
		}
		list = append(list, name+aim)
	}
	return strings.Join(list, ",")
}

// begin starts the program on any of its screens.
func (k *walker) begin() {
	o := k.desk.shellOptions(k.ctx, nil)
	build := o.Build
	o.Build = func(r ui.Route) (ui.Screen, error) {
		s, err := build(r)
		if err == nil {
			k.seen[strings.TrimPrefix(fmt.Sprintf("%T", r), "views.")]++
		}
		return s, err
	}
	o.Tick = func(d time.Duration, f func(time.Time) tea.Msg) tea.Cmd {
		return func() tea.Msg { return due{at: k.clock().Add(d), msg: f} }
	}
	k.app, k.ticks = ui.New(o), nil
	k.exec(k.app.Init())
	k.update(tea.WindowSizeMsg{Width: k.w, Height: k.h})
}

// exec runs a command beside the walk.
func (k *walker) exec(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	k.fly.Go(func() {
		defer k.caught("a command")
		k.give(cmd())
	})
}

// give takes what a command brought: batches and sequences apart.
func (k *walker) give(msg tea.Msg) {
	switch v := reflect.ValueOf(msg); {
	case msg == nil:
	case v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]():
		_, batch := msg.(tea.BatchMsg)
		for i := range v.Len() {
			cmd, _ := v.Index(i).Interface().(tea.Cmd)
			if batch {
				k.exec(cmd)
			} else if cmd != nil {
				k.give(cmd())
			}
		}
	default:
		select {
		case k.msgs <- msg:
		case <-k.ctx.Done():
		}
	}
}

func (k *walker) caught(where string) {
	if r := recover(); r != nil {
		k.fail("%s panics: %v\n%s", where, r, debug.Stack())
	}
}

func (k *walker) fail(format string, args ...any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.bad == "" {
		k.bad = fmt.Sprintf(format, args...)
	}
}

func (k *walker) broken() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.bad
}

// update gives the program a message and looks at the picture.
func (k *walker) update(msg tea.Msg) {
	defer k.caught(fmt.Sprintf("a message %T", msg))
	switch m := msg.(type) {
	case due:
		k.ticks = append(k.ticks, m)
		return
	case tea.QuitMsg:
		k.begin()
		return
	case tea.SuspendMsg:
		msg = tea.ResumeMsg{}
	}
	_, cmd := k.app.Update(msg)
	k.exec(cmd)
	k.look(k.app.View().Content)
}

// look refuses a picture that is larger than the terminal or that it would obey.
func (k *walker) look(content string) {
	lines := strings.Split(content, "\n")
	if len(lines) > max(k.h, 1) {
		k.fail("%d rows in a terminal of %d", len(lines), k.h)
	}
	for i, line := range lines {
		bare := ansi.Strip(line)
		if w := ansi.StringWidth(bare); w > k.w {
			k.fail("row %d is %d cells wide in a terminal of %d: %q", i, w, k.w, bare)
		}
		for _, r := range bare {
			if unicode.Is(unicode.Cc, r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b || r == 0xfeff {
				k.fail("%U is drawn: %q", r, bare)
			}
		}
		for _, s := range sequencesOf(line) {
			if !strings.HasPrefix(s, "\x1b[") || !strings.HasSuffix(s, "m") {
				k.fail("the picture holds %q", s)
			}
		}
	}
}

// sequencesOf are the escape sequences of a line.
func sequencesOf(line string) []string {
	var out []string
	var state byte
	for len(line) > 0 {
		seq, width, n, next := ansi.DecodeSequence(line, state, nil)
		if width == 0 && strings.HasPrefix(seq, "\x1b") {
			out = append(out, seq)
		}
		line, state = line[n:], next
	}
	return out
}

// drain takes in what has come, and waits a moment for what is on its way.
func (k *walker) drain(wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for k.broken() == "" {
		select {
		case msg := <-k.msgs:
			k.update(msg)
			continue
		default:
		}
		select {
		case msg := <-k.msgs:
			k.update(msg)
		case <-timer.C:
			return
		}
	}
}

// step does one thing at random.
func (k *walker) step() {
	var did string
	switch n := k.rnd.IntN(100); {
	case n < 55:
		did = k.pick(walkKeys())
		k.press(did)
	case n < 70:
		did = ":" + k.line()
		k.press(":")
		k.press(did[1:])
		k.press("enter")
	case n < 75:
		did = k.pick([]string{"/refund", "/type:agent why:x", "/\"", "/-user:a lat:>1s", "y", "/call:zz"})
		k.press(did)
		k.press("enter")
	case n < 83:
		d := time.Duration(1+k.rnd.IntN(120_000)) * time.Millisecond
		did = "+" + d.String()
		k.letPass(d)
	case n < 90:
		size := [][2]int{{80, 24}, {140, 40}, {40, 10}, {39, 9}, {20, 5}, {1, 1}, {300, 80}, {80, 24}}[k.rnd.IntN(8)]
		k.w, k.h = size[0], size[1]
		did = fmt.Sprintf("%dx%d", k.w, k.h)
		k.update(tea.WindowSizeMsg{Width: k.w, Height: k.h})
	case n < 93:
		did = "paste"
		k.update(tea.PasteMsg{Content: k.pick([]string{"x\x1b]52;c;eA==\x07\n", strings.Repeat("long ", 5000), "\xff\xfe\u202e", ""})})
	default:
		did = "wait"
		k.drain(20 * time.Millisecond)
	}
	k.done = append(k.done, did)
	k.drain(time.Millisecond)
}

func (k *walker) press(key string) {
	for _, m := range uitest.Presses(key) {
		if k.broken() == "" {
			k.update(m)
		}
	}
}

func (k *walker) pick(of []string) string { return of[k.rnd.IntN(len(of))] }

// line is a command that might be typed, right or wrong.
func (k *walker) line() string {
	line := k.pick([]string{
		"sessions", "messages", "llm", "llm 1h", "timeline", "same", "failures tasks", "failures nodes", "failures intents", "changes", "tail",
		"logs", "find", "tests", "tests run Refunds smoke", "tests run Voice menu", "tests history", "billing", "billing --by hour", "billing --by day",
		"containment", "containment --daily", "pin", "apis", "bots", "roles", "publish", "doctor", "doctor all", "cache info", "journal", "pulse",
		"s", "p", "l", "lo", "te", "b", "co", "ch", "f", "d", "help", "save there", "there", "export", "profile", "nonsense", "erase", "config show",
	})
	switch k.rnd.IntN(6) {
	case 0:
		line += " --since " + k.pick([]string{"1h", "7d", "0s", "-1h", "24h", "x"})
	case 1:
		line += " " + k.pick([]string{"refund", "'", "$(id)", "-o json", "--limit 0", "st-1", "\u202e", "zz yy"})
	}
	return line
}

// letPass sets the clock forward; what was due happens in its order.
func (k *walker) letPass(d time.Duration) {
	k.jump(d)
	now := k.clock()
	slices.SortStableFunc(k.ticks, func(a, b due) int { return a.at.Compare(b.at) })
	n := 0
	for n < len(k.ticks) && !k.ticks[n].at.After(now) {
		n++
	}
	ripe := slices.Clone(k.ticks[:n])
	k.ticks = slices.Delete(k.ticks, 0, n)
	for _, one := range ripe {
		if k.broken() == "" {
			k.update(one.msg(now))
		}
	}
	if len(k.ticks) > 200 {
		k.fail("%d ticks are waited for", len(k.ticks))
	}
}

// walkKeys are all keys of the map, those that leave and stop among them.
func walkKeys() []string {
	out := append(keysToPress(), "enter", "enter", "enter", "esc", "esc", "q", "ctrl+c", "ctrl+z", "tab", "shift+tab", "up", "down", "G", "g", "backspace", "space", "y", "?")
	return slices.DeleteFunc(out, func(k string) bool { return strings.Contains(k, " ") })
}
