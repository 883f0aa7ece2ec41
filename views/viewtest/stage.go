package viewtest

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/ui/uitest"
	"korescope/views"
)

// Stage is the shell around one screen. Other places are opened as blank
// screens, so that only the way there is seen.
type Stage struct {
	t      *testing.T
	app    *ui.App
	model  tea.Model
	ticks  []tick
	checks int
	width  int
	height int

	Guard  *Guard
	Clock  *Clock
	Screen ui.Screen
	Meter  ui.Meter
	// Opened are the routes opened from the screen, in order.
	Opened []ui.Route
}

type tick struct {
	after time.Duration
	cmd   func(time.Time) tea.Msg
}

// Options say what stands on the stage; all may be left out.
type Options struct {
	Writes   bool
	Complete func(string) []ui.Completion
	Parse    func(string) (ui.Route, bool, error)
}

// NewStage makes the parts that a screen's dependencies need; Open puts the
// screen on.
func NewStage(t *testing.T) *Stage {
	t.Helper()
	return &Stage{
		t: t, Guard: &Guard{}, Clock: NewClock(),
		Meter: ui.Meter{Minute: 11, MinuteMax: 60, Hour: 214, HourMax: 1800},
	}
}

// Explain is how the product turns errors into words.
func (s *Stage) Explain(err error) views.Problem {
	return views.Explain(err, views.Situation{
		Now: s.Clock.Now(), Zone: Zone(), Host: "bots.example.test", Bot: api.BotID("st-1f6c"),
	})
}

// Open puts the screen on the stage and runs its questions.
func (s *Stage) Open(screen ui.Screen, o Options, w, h int) *Stage {
	s.t.Helper()
	keys, issues := keymap.New(keymap.Defaults(), nil)
	if len(issues) > 0 {
		s.t.Fatal(issues)
	}
	if o.Parse == nil {
		o.Parse = func(string) (ui.Route, bool, error) { return nil, false, nil }
	}
	s.Screen, s.width, s.height = screen, w, h
	var writes time.Time
	if o.Writes {
		writes = s.Clock.Now().Add(10 * time.Minute)
	}
	s.app = ui.New(ui.Options{
		Ctx: s.t.Context(), Keys: keys, Theme: theme.Dark, Writes: writes,
		Profile: text.Lit("prod-eu"), Bot: text.Lit("RetailBot"),
		Zone: Zone(), Clock: s.Clock.Now, Tick: s.tick, First: first{},
		Build: s.build, Parse: o.Parse, Complete: o.Complete,
		Explain: func(err error) text.Safe {
			p := s.Explain(err)
			return text.Join(" ", p.Sentence, p.Hint)
		},
		Meter: s.meter,
	})
	s.model = s.Guard.Model(s.app)
	s.Size(w, h)
	uitest.Run(s.t, s.model, s.model.Init())
	return s
}

type first struct{}

func (s *Stage) build(r ui.Route) (ui.Screen, error) {
	if r == (first{}) {
		return s.Screen, nil
	}
	s.Opened = append(s.Opened, r)
	return blank{}, nil
}

func (s *Stage) meter(context.Context) ui.Meter { return s.Meter }

// Size gives the terminal another size.
func (s *Stage) Size(w, h int) *Stage {
	s.t.Helper()
	s.width, s.height = w, h
	uitest.Pump(s.t, s.model, tea.WindowSizeMsg{Width: w, Height: h})
	return s
}

// Keys presses keys by name; words that are no key are typed.
func (s *Stage) Keys(keys ...string) *Stage {
	s.t.Helper()
	uitest.Keys(s.t, s.model, keys...)
	return s
}

// Do hands actions to the screen, as the shell does for a key, and comes back
// when one of them opened another place.
func (s *Stage) Do(actions ...keymap.Action) *Stage {
	s.t.Helper()
	for _, a := range actions {
		before := len(s.Opened)
		uitest.Run(s.t, s.model, s.Guard.Cmd(s.Screen.Do(a)))
		if len(s.Opened) > before {
			s.Keys("[")
		}
	}
	return s
}

// Send gives the shell a message.
func (s *Stage) Send(msg tea.Msg) *Stage {
	s.t.Helper()
	uitest.Pump(s.t, s.model, msg)
	return s
}

// Rest lets the pauses shorter than a second that were asked for so far come to
// their end; it says how many there were.
func (s *Stage) Rest() int {
	s.t.Helper()
	return s.RestOnly(len(s.ticks))
}

// RestOnly is Rest for the oldest most pauses: those that began later go on.
func (s *Stage) RestOnly(most int) int {
	s.t.Helper()
	due := s.ticks
	s.ticks = nil
	n := 0
	for _, t := range due {
		if t.after >= time.Second || n == most {
			s.ticks = append(s.ticks, t)
			continue
		}
		n++
		uitest.Pump(s.t, s.model, t.cmd(s.Clock.Now()))
	}
	return n
}

func (s *Stage) tick(d time.Duration, f func(time.Time) tea.Msg) tea.Cmd {
	s.ticks = append(s.ticks, tick{after: d, cmd: f})
	return nil
}

// Grid is the whole frame as a terminal shows it. A frame of another height, or
// a line wider than the terminal, fails the test.
func (s *Stage) Grid() uitest.Grid {
	s.t.Helper()
	return uitest.Draw(s.t, s.content(), s.width, s.height)
}

// Body is the picture between header and footer, which belong to the shell and
// are pinned there, with what the screen tells the shell about itself.
func (s *Stage) Body() uitest.Picture {
	s.t.Helper()
	s.content()
	return uitest.Paint(s.t, s.app.Frame().Body, s.width, Facts(s.Screen, s.Clock.Now())...)
}

// Facts are what the shell makes header and footer from, one a line.
func Facts(screen ui.Screen, now time.Time) []string {
	h := screen.Heading()
	out := []string{"title " + h.Title.String()}
	if !h.Window.Empty() {
		out = append(out, "window "+h.Window.String())
	}
	age := func(name string, at time.Time) {
		if !at.IsZero() {
			out = append(out, name+" "+now.Sub(at).String()+" ago")
		}
	}
	if h.Cached {
		age("from disk,", h.At)
	} else {
		age("from the platform,", h.At)
	}
	age("reading since", h.Loading)
	line := "offers"
	for _, o := range screen.Offers() {
		line += " " + string(o.Action)
		if o.Off != "" {
			line += " (" + o.Off + ")"
		}
	}
	return append(out, line)
}

func (s *Stage) content() string {
	s.t.Helper()
	content := s.app.View().Content
	lines := strings.Split(content, "\n")
	if len(lines) != s.height {
		s.t.Fatalf("%d lines on a terminal of %d", len(lines), s.height)
	}
	for i, l := range lines {
		if w := ansi.StringWidth(l); w > s.width {
			s.t.Fatalf("line %d takes %d cells of %d: %q", i, w, s.width, l)
		}
	}
	return content
}

// Check draws without an emulator, for tests that draw very often: height, the
// width of every line, and now and then that drawing twice gives the same.
func (s *Stage) Check() {
	s.t.Helper()
	first := s.content()
	// Drawing a second time each time would double the cost of a storm.
	if s.checks++; s.checks%8 == 1 && s.content() != first {
		s.t.Fatal("drawing twice gives two pictures")
	}
}

// Text is the frame without its looks.
func (s *Stage) Text() string {
	s.t.Helper()
	return s.Grid().Text()
}

// Has fails the test when one of the texts is not on the screen.
func (s *Stage) Has(wants ...string) *Stage {
	s.t.Helper()
	got := s.Text()
	for _, w := range wants {
		if !strings.Contains(got, w) {
			s.t.Errorf("no %q on\n%s", w, got)
		}
	}
	return s
}

// Lacks fails the test when one of the texts is on the screen.
func (s *Stage) Lacks(unwanted ...string) *Stage {
	s.t.Helper()
	got := s.Text()
	for _, w := range unwanted {
		if strings.Contains(got, w) {
			s.t.Errorf("%q is on\n%s", w, got)
		}
	}
	return s
}

// blank is any other place.
type blank struct{}

func (blank) Start(ui.Seat) tea.Cmd    { return nil }
func (blank) Update(tea.Msg) tea.Cmd   { return nil }
func (blank) Do(keymap.Action) tea.Cmd { return nil }
func (blank) Offers() []keymap.Offer   { return nil }
func (blank) Heading() ui.Heading      { return ui.Heading{Title: text.Lit("elsewhere")} }
func (blank) Draw(ui.Env) canvas.Block { return nil }

// Clean is text as a screen may show it.
func Clean(s string) text.Safe { return text.Clean(s) }
