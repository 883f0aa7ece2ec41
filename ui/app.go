package ui

import (
	"context"
	"reflect"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Options is what the shell is made of. All fields but Bot, Complete and Meter
// are needed.
type Options struct {
	Ctx     context.Context //nolint:containedctx // ends the program's questions
	Keys    keymap.Map
	Theme   theme.Name
	Profile text.Safe
	Bot     text.Safe
	Writes  time.Time // until when what changes something may be sent: said loudly
	Offline bool      // only what is on disk is shown: said as well
	// Production gives the header another ground, so that nobody takes one bot
	// for the other.
	Production bool
	// ASCII draws with ASCII alone and shows every other letter by its number.
	ASCII bool
	Zone  *time.Location
	Clock func() time.Time
	// Tick is tea.Tick, or a test's own.
	Tick  func(time.Duration, func(time.Time) tea.Msg) tea.Cmd
	First Route
	// Build makes the screen of a route.
	Build func(Route) (Screen, error)
	// Parse turns what was typed after ":" into a route; false when the first
	// word is none of its commands.
	Parse func(line string) (r Route, known bool, err error)
	// Fill puts what the screen is about into a line after ":" that acts on such
	// things and names none; nil leaves lines as they are.
	Fill func(line string, about []string) string
	// Complete gives candidates for the command line.
	Complete func(line string) []Completion
	// Explain turns an error into words.
	Explain func(error) text.Safe
	// Meter reads the shared request budget. It may wait: it runs in a command.
	Meter func(ctx context.Context) Meter
	// Notice is shown at the start: why the cache is not where it should be.
	Notice text.Safe
	// Line completes a command line before it is copied: with the profile in use,
	// for one. "" leaves it out; nil copies lines as they are.
	Line func(line string) string
	// Request writes the request of a question for another program. "" leaves it
	// out; with nil there are no requests to copy.
	Request func(ask any) string
	// Save keeps a place under a name that opens it after ":", or with no name as
	// where the program was left. It may wait: it runs in a command.
	Save func(name, place string) error
	// Reveal is asked before a hidden value is shown, and notes it. It may wait: it
	// runs in a command. With nil, or when it fails, nothing is shown.
	Reveal func(Hidden) error
	// Past is what was typed into prompts before; Remember keeps a line beyond
	// the program. It may wait: it runs in a command.
	Past     Past
	Remember func(kind PromptKind, line string)
	// Clip carries a copy to where it can be pasted. It may wait: it runs in a
	// command. nil hands it to the terminal.
	Clip func(ctx context.Context, c Clip) Clipped
	// Aliases are words after ":" of the person's own, each for a whole line.
	Aliases map[string]string
	// Customs are actions of the person's own that no screen carries out. They get
	// what was typed behind their name, and what can be copied here by the action
	// that copies it.
	Customs map[keymap.Action]func(rest string, here map[keymap.Action]string) tea.Cmd
	// Lock hides everything from whoever finds the terminal alone.
	Lock Lock
}

// Meter is the request budget as the header shows it.
type Meter struct {
	Minute, MinuteMax int
	Hour, HourMax     int
	ShutUntil         time.Time
	Why               text.Safe
	// WaitUntil is when there is room again for what waits; zero when nothing does.
	WaitUntil time.Time
	WaitHour  bool // the hour is used up, not the minute
	// Shared: a team counts together. Team is how many are at work, 0 while what
	// they share is away.
	Shared bool
	Team   int
}

// App is the root model.
type App struct {
	o       Options
	rows    map[keymap.Scope]map[keymap.Action]keymap.Binding
	theme   theme.Theme
	dark    bool
	basic   bool // the terminal has sixteen colours
	width   int
	height  int
	stack   []*place
	forward []Route
	next    Address
	pending []string
	prompt  *prompt
	past    Past
	clip    Clip // the last copy as it was sent
	bare    bare
	overlay overlay
	plain   bool
	mouse   bool // the terminal tells what the mouse does
	utc     bool // times in UTC instead of the profile's zone
	note    noted
	notes   int
	meter   Meter
	metered int // the reading that meter is from
	others  int // requests that others made, as a refusal told; 0 for not known
	// readings counts the readings of the meter that were begun.
	readings int
	epoch    int       // restarts so far
	leaving  time.Time // when ctrl-c was pressed the first time
	ticking  bool
	lock     locked
}

// place is an open screen with what it needs to be left.
type place struct {
	seat   Seat
	screen Screen
	route  Route
	cancel context.CancelFunc
}

type noted struct {
	Note
	id int
	at *place // the screen it was about
}

// overlay is something drawn over the body that takes all keys.
type overlay interface {
	// key handles a key; done closes the overlay.
	key(a *App, k string) (done bool, cmd tea.Cmd)
	draw(a *App, w, h int) canvas.Block
	// over reports whether the overlay covers the whole body.
	over() bool
	hint() canvas.Line
}

// New makes the shell. The terminal is taken for dark until it says otherwise;
// nothing waits for its answer.
func New(o Options) *App {
	return &App{o: o, rows: rowsByAction(o.Keys), dark: true, theme: theme.New(o.Theme, true), past: o.Past}
}

// Init opens the first screen.
func (a *App) Init() tea.Cmd {
	cmds := []tea.Cmd{a.open(a.o.First), a.measure(), a.minute(), a.awake()}
	if a.o.Theme == theme.Auto || a.o.Theme == "" {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if !a.o.Notice.Empty() {
		cmds = append(cmds, a.notify(Note{Text: a.o.Notice, Bad: true, Sticky: true}))
	}
	return tea.Batch(cmds...)
}

// Update is the one entrance for messages.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.KeyPressMsg:
		return a, a.onKey(m)
	case tea.PasteMsg:
		return a, a.onPaste(m.Content)
	case tea.MouseWheelMsg:
		return a, a.onWheel(tea.Mouse(m))
	case tea.MouseClickMsg:
		return a, a.onClick(tea.Mouse(m))
	case tea.WindowSizeMsg:
		a.width, a.height = m.Width, m.Height
		a.fit()
		return a, a.returned()
	case tea.BackgroundColorMsg:
		a.dark = m.IsDark()
		a.paint()
	case tea.ColorProfileMsg:
		a.basic = theme.Sixteen(m.Profile)
		a.paint()
	case Addressed:
		return a, a.deliver(m)
	default:
		return a, a.own(msg)
	}
	return a, nil
}

// own handles the shell's messages.
func (a *App) own(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case openMsg:
		return a.open(m.route)
	case backMsg:
		return a.back()
	case askMsg:
		a.openPrompt(m.kind)
	case Note:
		return a.notify(m)
	case clippedMsg:
		return a.clipped(m)
	case fetched:
		return a.hand(m.Clip)
	case noteOver:
		if a.note.id == m.id {
			a.note = noted{}
		}
	case Restart:
		return a.restart(m)
	case meterMsg:
		if m.epoch == a.epoch && m.n > a.metered {
			a.others = m.meter.others(a.meter, a.others, a.o.Clock())
			a.metered, a.meter = m.n, m.meter
		}
		return a.tick()
	case minuteMsg:
		return tea.Batch(a.minute(), a.measure())
	case secondMsg:
		a.ticking = false
		// A read that waits says nothing by itself: the gate it waits at is seen
		// in the budget.
		return tea.Batch(a.measure(), a.tick())
	default:
		return a.guarded(msg)
	}
	return nil
}

// guarded handles the shell's messages about what is hidden, locked or allowed for
// a while.
func (a *App) guarded(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case bareMsg:
		return a.bared(m)
	case bareOver:
		if m.n == a.bare.n {
			a.veil()
		}
	case idleMsg:
		return a.idle(m)
	case unlockedMsg:
		return a.unlocked(m)
	case Writing:
		return a.writing(m)
	case writingOver:
		return a.writesEnd(m)
	}
	return nil
}

// deliver gives an addressed message to its screen, shown or not.
func (a *App) deliver(m Addressed) tea.Cmd {
	for _, p := range a.stack {
		if p.seat.Addr == m.To() {
			cmd := p.screen.Update(m)
			return tea.Batch(cmd, a.measure(), a.tick())
		}
	}
	return nil
}

func (a *App) top() *place {
	if len(a.stack) == 0 {
		return nil
	}
	return a.stack[len(a.stack)-1]
}

func (a *App) open(r Route) tea.Cmd {
	if d, ok := r.(Deed); ok {
		return a.carryOut(d)
	}
	if cmd, taken := a.offer(r); taken {
		return cmd
	}
	if a.rise(r) {
		return tea.Batch(a.returned(), a.tick())
	}
	s, err := a.o.Build(r)
	if err != nil {
		return a.notify(Note{Text: a.o.Explain(err), Bad: true, Sticky: true})
	}
	a.next++
	ctx, cancel := context.WithCancel(a.o.Ctx)
	p := &place{seat: Seat{Addr: a.next, Ctx: ctx, Tick: a.o.Tick}, screen: s, route: r, cancel: cancel}
	a.stack = append(a.stack, p)
	a.overlay, a.prompt, a.pending = nil, nil, nil
	a.trim()
	cmd := s.Start(p.seat)
	a.fit()
	return tea.Batch(cmd, a.tick())
}

// offer asks the open screens, the one on top first, whether the route is for
// them. The one that takes it comes to the top.
func (a *App) offer(r Route) (tea.Cmd, bool) {
	for i, p := range slices.Backward(a.stack) {
		t, ok := p.screen.(Taker)
		if !ok {
			continue
		}
		cmd, taken := t.Take(r)
		if !taken {
			continue
		}
		a.stack = append(slices.Delete(a.stack, i, i+1), p)
		a.overlay, a.prompt, a.pending = nil, nil, nil
		a.fit()
		return tea.Batch(cmd, a.tick()), true
	}
	return nil, false
}

// deepest is how many screens stay open: whoever goes from one to the next all
// day long would fill the memory with screens nobody goes back to.
const deepest = 20

// rise brings the screen of this very route to the top, if it is open.
func (a *App) rise(r Route) bool {
	for i, p := range slices.Backward(a.stack) {
		if reflect.DeepEqual(p.route, r) {
			a.stack = append(slices.Delete(a.stack, i, i+1), p)
			a.overlay, a.prompt, a.pending = nil, nil, nil
			a.fit()
			return true
		}
	}
	return false
}

// returned tells the screen on top that it is seen again, or in another size.
func (a *App) returned() tea.Cmd {
	if p := a.top(); p != nil {
		if r, ok := p.screen.(Returner); ok {
			return r.Returned()
		}
	}
	return nil
}

// trim leaves the oldest screens beside the first one when there are too many.
func (a *App) trim() {
	for len(a.stack) > deepest {
		a.stack[1].cancel()
		a.stack = slices.Delete(a.stack, 1, 2)
	}
}

// paint makes the theme for what is known about the terminal.
func (a *App) paint() { a.theme = theme.ForTerminal(a.o.Theme, a.dark, a.basic) }

// fit tells every screen how much room it has.
func (a *App) fit() {
	for _, p := range a.stack {
		if f, ok := p.screen.(Fitter); ok {
			f.Fit(a.envOf(p))
		}
	}
}

// back leaves the screen on top; on the last one it leaves the program.
func (a *App) back() tea.Cmd {
	if len(a.stack) <= 1 {
		return a.quit()
	}
	p := a.top()
	p.cancel()
	a.stack = a.stack[:len(a.stack)-1]
	a.forward = append(a.forward, p.route)
	return a.returned()
}

func (a *App) zone() *time.Location {
	if a.utc {
		return time.UTC
	}
	return a.o.Zone
}

func (a *App) envOf(p *place) Env {
	w, h := a.body()
	env := Env{Width: w, Height: h, Now: a.o.Clock(), Zone: a.zone()}
	if a.bare.at == p {
		env.Bare = a.bare.value
	}
	return env
}
