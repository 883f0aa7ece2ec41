// Package printed is the page of a command that prints: its lines, and what it
// says beside them. It knows no command; what is printed comes from a reader.
package printed

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/feed"
)

type (
	// Ask is what is to be printed, for a page of that many cells.
	Ask struct {
		Line  string
		Width int
	}
	// Line is one line of what was printed. Beside is what a command says beside
	// its data.
	Line struct {
		Text   string
		Beside bool
	}
	// Output is what was printed so far. Over says that the command has ended, with
	// that exit code; Cut that lines are left out.
	Output struct {
		Lines []Line
		Code  int
		Over  bool
		Cut   bool
	}
)

// Deps is what the screen needs from outside.
type Deps struct {
	Reader  feed.Reader[Ask, Output]
	Clock   func() time.Time
	Explain func(error) views.Problem
	// Command is the line for a shell; "" where there is none.
	Command string
}

// Model is the screen.
type Model struct {
	d      Deps
	route  views.PrintedRoute
	seat   ui.Seat
	feed   *feed.Feed[Ask, Output]
	out    Output
	rows   canvas.Block
	laid   int // lines that are in rows
	ran    bool
	top    int
	find   string
	hits   []int
	hit    int
	cut    bool // long lines are cut, not wrapped
	width  int
	height int
	since  time.Time
}

// New makes the screen of a route.
func New(d Deps, r views.PrintedRoute) *Model { return &Model{d: d, route: r, width: 80, height: 20} }

// begin asks the screen to run its line once it knows its width.
type begin struct{ to ui.Address }

// To is the screen.
func (b begin) To() ui.Address { return b.to }

// Start runs the line, unless it was carried out before.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	m.feed = feed.New(seat, 1, m.d.Reader)
	if m.route.Once != nil && !m.route.Once.Take() {
		return nil
	}
	return func() tea.Msg { return begin{seat.Addr} }
}

func (m *Model) run() tea.Cmd {
	m.since, m.ran = m.d.Clock(), true
	return m.feed.Renew(Ask{Line: m.route.Line, Width: m.width})
}

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case begin:
		return m.run()
	case feed.Loaded[Output]:
		changed, next := m.feed.Apply(msg)
		if a, ok := m.feed.Answer(); ok && changed {
			m.show(a.Value)
		}
		return next
	}
	return nil
}

// show takes in what was printed. Lines that are there already are not laid out
// again: a long output comes in many steps.
func (m *Model) show(out Output) {
	grown := len(out.Lines) >= m.laid && m.laid > 0 && len(m.out.Lines) >= m.laid &&
		out.Lines[m.laid-1] == m.out.Lines[m.laid-1] && out.Lines[0] == m.out.Lines[0]
	m.out = out
	if !grown {
		m.rows, m.laid = nil, 0
	}
	m.lay()
}

// Do carries out an action.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	if keymap.Moved(m, a) {
		return nil
	}
	switch a {
	case keymap.Refresh:
		if m.route.Once != nil {
			return nil // the offer says why; whatever hands it on, it is not done twice
		}
		return m.run()
	case keymap.ToggleWrap:
		m.cut = !m.cut
		m.rows, m.laid = nil, 0
		m.lay()
	case keymap.NextMatch:
		return m.toHit(1)
	case keymap.PrevMatch:
		return m.toHit(-1)
	}
	return nil
}

// Move scrolls by lines.
func (m *Model) Move(n int) { m.scroll(m.top + n) }

// Page scrolls by screens.
func (m *Model) Page(n int) { m.scroll(m.top + n*max(m.height-1, 1)) }

// Half scrolls by half screens.
func (m *Model) Half(n int) { m.scroll(m.top + n*max(m.height/2, 1)) }

// Top goes to the first line.
func (m *Model) Top() { m.scroll(0) }

// Bottom goes to the last line.
func (m *Model) Bottom() { m.scroll(len(m.rows)) }

func (m *Model) scroll(to int) { m.top = max(min(to, len(m.rows)-m.height), 0) }

// StopReading ends what is still printing; what came stays.
func (m *Model) StopReading() bool {
	was := m.feed.Loading()
	m.feed.Stop()
	return was
}

// Prompt starts find.
func (m *Model) Prompt(kind ui.PromptKind) (ui.Prompt, bool) {
	return ui.Prompt{Label: text.Lit("/"), Text: m.find}, kind == ui.FindPrompt
}

// Typed says where find looks.
func (m *Model) Typed(ui.PromptKind, string) ui.Hint {
	return ui.Hint{Text: text.Lit("find in what was printed")}
}

// Entered goes to the first hit from the top of the screen on.
func (m *Model) Entered(_ ui.PromptKind, s string) tea.Cmd {
	m.find = s
	m.rows, m.laid = nil, 0
	m.lay()
	if s == "" {
		return nil
	}
	m.hit = -1
	for i, row := range m.hits {
		if row >= m.top {
			m.hit = i - 1
			break
		}
	}
	return m.toHit(1)
}

func (m *Model) toHit(n int) tea.Cmd {
	switch {
	case m.find == "":
		return ui.Notify(ui.Note{Text: text.Lit("nothing is looked for; / starts")})
	case len(m.hits) == 0:
		return ui.Notify(ui.Note{Text: text.Format("%q is not in what was printed", m.find), Bad: true})
	}
	m.hit = (m.hit + n + len(m.hits)) % len(m.hits)
	m.scroll(m.hits[m.hit] - m.height/3)
	return nil
}

// Close steps out of find.
func (m *Model) Close() bool {
	was := m.find != ""
	if was {
		m.find = ""
		m.rows, m.laid = nil, 0
		m.lay()
	}
	return was
}

// Offers lists what can be done here.
func (m *Model) Offers() []keymap.Offer {
	off := ""
	if m.route.Once != nil {
		off = "this does something: it is carried out again only when it is typed again"
	}
	return []keymap.Offer{
		{Action: keymap.ToggleWrap}, {Action: keymap.Refresh, Off: off}, {Action: keymap.OpenCopyMenu},
		{Action: keymap.StartFind, Word: "find"}, {Action: keymap.NextMatch},
	}
}

// Copies offers what was printed and the command that prints it in a shell.
func (m *Model) Copies() []ui.Copy {
	var b strings.Builder
	for _, l := range m.out.Lines {
		if !l.Beside {
			b.WriteString(l.Text + "\n")
		}
	}
	out := []ui.Copy{{Action: keymap.CopyText, Name: text.Lit("what was printed"), Value: b.String()}}
	if m.d.Command != "" {
		out = append(out, ui.Copy{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: m.d.Command})
	}
	return out
}

// Place is the line after ":" that prints it again; none for what does something.
func (m *Model) Place() string {
	if m.route.Once != nil {
		return ""
	}
	return m.route.Line
}

// Heading tells the shell what is here.
func (m *Model) Heading() ui.Heading {
	word, _, _ := strings.Cut(m.route.Line, " ")
	h := ui.Heading{Title: text.Clean(word), Status: m.status()}
	if m.feed == nil {
		return h
	}
	if a, ok := m.feed.Answer(); ok && a.Done {
		h.At = a.At
	}
	if err := m.feed.Err(); err != nil {
		h.Trouble = views.Trouble(m.d.Explain(err))
	}
	if m.feed.Loading() {
		h.Loading = m.since
	}
	return h
}

var (
	_ ui.Screen   = (*Model)(nil)
	_ ui.Fitter   = (*Model)(nil)
	_ ui.Stopper  = (*Model)(nil)
	_ ui.Copier   = (*Model)(nil)
	_ ui.Closer   = (*Model)(nil)
	_ ui.Prompter = (*Model)(nil)
	_ ui.Located  = (*Model)(nil)
)
