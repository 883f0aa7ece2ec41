// Package change is the page of everything that changes something: it shows what
// is about to change, wants an exact text typed, and then shows the job until it
// is over. No key sends anything: only the typed text does, and not in the first
// moment of the page, so that a key that is held or a paste that was under way
// comes to nothing.
package change

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

// deaf is how long the page hears nothing after it has opened.
const deaf = 300 * time.Millisecond

// Fact is one line about what is to be changed.
type Fact struct {
	Name, Value text.Safe
	Warn        bool
}

// Outlook is what the page shows before anything is sent.
type Outlook struct {
	Facts  []Fact
	Accept []string  // the texts that confirm; none: it cannot be sent
	Wants  text.Safe // what has to be typed, in words
	Idle   bool      // the page only tells: there is nothing to send or to follow
	// Running is the change of this kind that was started before and is not
	// over; it is followed instead of anything being asked for.
	Running iter.Seq2[api.Change, error]
}

// Deps is what the page needs from outside.
type Deps struct {
	Title   text.Safe
	Look    func(ctx context.Context) (Outlook, error)
	Send    func(ctx context.Context) iter.Seq2[api.Change, error]
	After   func(ctx context.Context, c api.Change) []Fact // told once it is over; nil: nothing
	Writes  func() time.Time                               // until when it may be sent; nil: always
	Clock   func() time.Time
	Zone    *time.Location
	Explain func(error) views.Problem
	Mask    *views.Masker
}

// stage is where the page is.
type stage uint8

const (
	looking stage = iota
	asking
	under // sent, or followed
	over
)

// Model is the page.
type Model struct {
	d     Deps
	seat  ui.Seat
	stage stage
	since time.Time
	out   Outlook
	is    api.Change
	after []Fact
	err   error
	hears bool // the first moment is over
}

// New makes the page.
func New(d Deps) *Model { return &Model{d: d} }

type looked struct {
	to  ui.Address
	out Outlook
	err error
}

func (l looked) To() ui.Address { return l.to }

type awake struct{ to ui.Address }

func (a awake) To() ui.Address { return a.to }

type step struct {
	to    ui.Address
	is    api.Change
	err   error
	more  bool
	next  func() tea.Msg
	after []Fact
}

func (s step) To() ui.Address { return s.to }

// Start looks at what is to be changed.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat, m.since = seat, m.d.Clock()
	addr, ctx, look := seat.Addr, seat.Ctx, m.d.Look
	return tea.Batch(
		seat.Tick(deaf, func(time.Time) tea.Msg { return awake{addr} }),
		func() tea.Msg {
			out, err := look(ctx)
			return looked{addr, out, err}
		})
}

// Update takes in what was found and how the change goes on.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case awake:
		m.hears = true
		return m.ask()
	case looked:
		m.out, m.err = msg.out, msg.err
		if m.err == nil && m.out.Running != nil {
			return m.follow(m.out.Running)
		}
		if m.err == nil {
			m.stage = asking
		}
		return m.ask()
	case step:
		return m.step(msg)
	}
	return nil
}

// ask opens the line to type in, once everything is shown and the first moment
// is over.
func (m *Model) ask() tea.Cmd {
	if m.stage != asking || !m.hears || len(m.out.Accept) == 0 || !m.open(m.d.Clock()) {
		return nil
	}
	return ui.AskFor(ui.ConfirmPrompt)
}

// open reports that writes are on.
func (m *Model) open(now time.Time) bool { return m.d.Writes == nil || m.d.Writes().After(now) }

// follow turns an iteration into messages, one pull a command. Leaving the page
// ends the iteration, not the change.
func (m *Model) follow(all iter.Seq2[api.Change, error]) tea.Cmd {
	m.stage, m.since = under, m.d.Clock()
	addr, ctx, after := m.seat.Addr, m.seat.Ctx, m.d.After
	next, stop := iter.Pull2(all)
	var mu sync.Mutex
	context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		stop()
	})
	var pull func() tea.Msg
	pull = func() tea.Msg {
		mu.Lock()
		defer mu.Unlock()
		is, err, more := next()
		s := step{to: addr, is: is, err: err, more: more, next: pull}
		if more && err == nil && is.State.Over() && after != nil {
			s.after = after(ctx, is)
		}
		return s
	}
	return pull
}

func (m *Model) step(s step) tea.Cmd {
	if !s.more {
		m.stage = over
		return nil
	}
	m.is, m.err = s.is, s.err
	if s.after != nil {
		m.after = s.after
	}
	if s.err != nil {
		m.stage = over
		return nil
	}
	return s.next
}

// Do opens the line again after it was left. It sends nothing.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	if a == keymap.OpenItem {
		return m.ask()
	}
	return nil
}

// Offers are the actions of the page.
func (m *Model) Offers() []keymap.Offer {
	if m.stage != asking || m.out.Idle {
		return nil
	}
	send := keymap.Offer{Action: keymap.OpenItem}
	switch {
	case len(m.out.Accept) == 0:
		send.Off = "it cannot be sent from here"
	case !m.open(m.d.Clock()):
		send.Off = "writes are off, and :writes on 10m allows them"
	}
	return []keymap.Offer{send}
}

// Prompt is the line for the exact text.
func (m *Model) Prompt(kind ui.PromptKind) (ui.Prompt, bool) {
	if kind != ui.ConfirmPrompt || m.stage != asking {
		return ui.Prompt{}, false
	}
	return ui.Prompt{Label: text.Lit("type it: ")}, true
}

// Typed says how far the text is.
func (m *Model) Typed(_ ui.PromptKind, typed string) ui.Hint {
	if m.complete(typed) {
		return ui.Hint{Text: text.Lit("complete: a moment later enter sends it, once")}
	}
	return ui.Hint{Text: text.Lit("not complete: enter does nothing; esc leaves"), Keep: true}
}

// Entered sends it when the text is complete, and otherwise does nothing.
func (m *Model) Entered(_ ui.PromptKind, typed string) tea.Cmd {
	if m.stage != asking || !m.complete(typed) || !m.open(m.d.Clock()) {
		return nil
	}
	return m.follow(m.d.Send(m.seat.Ctx))
}

func (m *Model) complete(typed string) bool {
	return typed != "" && slices.Contains(m.out.Accept, typed)
}

// Heading says what the page is and what goes on.
func (m *Model) Heading() ui.Heading {
	h := ui.Heading{Title: m.d.Title, Scopes: []keymap.Scope{keymap.Shell}}
	if m.stage == looking && m.err == nil || m.stage == under {
		h.Loading = m.since
	}
	if m.err != nil {
		h.Trouble = m.trouble()
	}
	return h
}

// Progress is how far the change is.
func (m *Model) Progress() (percent int, on bool) {
	return m.is.Percent.Value, m.stage == under && m.is.Percent.Known
}
