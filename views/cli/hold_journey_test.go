package cli

import (
	"bytes"
	"io"
	"net/http"
	"sync"

	tea "charm.land/bubbletea/v2"
)

// hold keeps requests back inside the simulator while a journey goes on. A
// driver waits until no command is under way, so a command that waits for a
// held request is set afloat: for the driver it is over, and what it brings in
// the end comes out of late. A command is set afloat only when every command
// that is under way waits, so that a journey is the same in every run.
type hold struct {
	late chan tea.Msg

	mu       sync.Mutex
	closed   bool          // requests are being kept back
	open     chan struct{} // closed when they may go on
	waiting  int           // requests, and waits for the budget, of commands that are not afloat
	underway map[*voyage]struct{}
}

type voyage struct {
	msg    chan tea.Msg
	afloat bool
}

func newHold() *hold {
	return &hold{late: make(chan tea.Msg, 64), underway: map[*voyage]struct{}{}}
}

// shut keeps back all requests that come from now on.
func (h *hold) shut() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed, h.open = true, make(chan struct{})
}

// release lets them go on.
func (h *hold) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		h.closed = false
		close(h.open)
	}
}

// waits counts one command that waits; it floats as soon as all others have
// come to their end.
func (h *hold) waits() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiting++
	h.settle()
}

func (h *hold) settle() {
	if h.waiting == 0 || h.waiting != len(h.underway) {
		return
	}
	for v := range h.underway {
		v.afloat = true
		v.msg <- nil
	}
	clear(h.underway)
	h.waiting = 0
}

// around puts the hold in front of a server. The body is read first: only then
// does a server notice that the caller has left.
func (h *hold) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		closed, open := h.closed, h.open
		h.mu.Unlock()
		if closed {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return // the caller left
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			h.waits()
			select {
			case <-open:
			case <-r.Context().Done():
				return
			}
		}
		next.ServeHTTP(rw, r)
	})
}

// run carries out a command, until it ends or is set afloat.
func (h *hold) run(cmd tea.Cmd) tea.Msg {
	v := &voyage{msg: make(chan tea.Msg, 1)}
	h.mu.Lock()
	h.underway[v] = struct{}{}
	h.mu.Unlock()
	go func() {
		msg := cmd()
		h.mu.Lock()
		defer h.mu.Unlock()
		if v.afloat {
			h.late <- msg
			return
		}
		delete(h.underway, v)
		v.msg <- msg
		h.settle()
	}()
	return <-v.msg
}

// floating is the model with its commands run by the hold.
type floating struct {
	inner tea.Model
	hold  *hold
}

func (f floating) Init() tea.Cmd { return f.wrap(f.inner.Init()) }

func (f floating) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := f.inner.Update(msg)
	return f, f.wrap(cmd)
}

func (f floating) View() tea.View { return f.inner.View() }

func (f floating) wrap(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() tea.Msg {
		msg := f.hold.run(cmd)
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i, c := range batch {
				batch[i] = f.wrap(c)
			}
		}
		return msg
	}
}
