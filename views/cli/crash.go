package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"

	tea "charm.land/bubbletea/v2"
)

// guarded keeps a bug in a screen from reaching the library's own panic printer,
// which would print the panic's value as it is: a value may hold a customer's
// text, and text may hold an escape sequence. Only the type and the stack are
// kept.
type guarded struct {
	inner tea.Model
	// leave ends the program from beside its loop: nothing else would after a bug
	// in drawing, because a program that draws nothing is told nothing.
	leave func()
	mu    sync.Mutex
	crash *crash
}

type crash struct {
	what  string
	stack []byte
}

// crashed ends the program after a bug in a command.
type crashed struct{}

func (g *guarded) caught(r any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.crash == nil {
		g.crash = &crash{what: fmt.Sprintf("%T", r), stack: debug.Stack()}
	}
}

// met is the bug that was met, nil for none.
func (g *guarded) met() *crash {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.crash
}

// Init starts the program.
func (g *guarded) Init() (cmd tea.Cmd) {
	defer g.rescue(&cmd)
	return g.wrap(g.inner.Init())
}

// Update hands the message on.
func (g *guarded) Update(msg tea.Msg) (m tea.Model, cmd tea.Cmd) {
	if _, over := msg.(crashed); over {
		return g, tea.Quit
	}
	defer func() { m = g }() // also after a bug
	defer g.rescue(&cmd)
	_, cmd = g.inner.Update(msg)
	return g, g.wrap(cmd)
}

// View draws; after a bug it draws nothing, and the program ends.
func (g *guarded) View() (v tea.View) {
	defer func() {
		if r := recover(); r != nil {
			g.caught(r)
			v = tea.NewView("")
			v.AltScreen = true
			if g.leave != nil {
				go g.leave() // it waits for the loop, which waits for this
			}
		}
	}()
	return g.inner.View()
}

func (g *guarded) rescue(cmd *tea.Cmd) {
	if r := recover(); r != nil {
		g.caught(r)
	}
	if g.met() != nil {
		*cmd = tea.Quit
	}
}

func (g *guarded) wrap(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				g.caught(r)
				msg = crashed{}
			}
		}()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i, c := range batch {
				batch[i] = g.wrap(c)
			}
		}
		return msg
	}
}

// report writes the stack to a private file and says where it is.
func (c *crash) report(state string) error {
	if state == "" {
		return fmt.Errorf("korescope met a bug (%s); the terminal was put back", c.what)
	}
	if err := os.MkdirAll(state, 0o700); err != nil {
		return fmt.Errorf("korescope met a bug (%s); no trace could be written: %w", c.what, err)
	}
	f, err := os.CreateTemp(state, "crash-*.txt")
	if err != nil {
		return fmt.Errorf("korescope met a bug (%s); no trace could be written: %w", c.what, err)
	}
	_, err = fmt.Fprintf(f, "%s\n\n%s", c.what, c.stack)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("korescope met a bug (%s); its trace could not be written whole: %w", c.what, err)
	}
	return fmt.Errorf("korescope met a bug (%s); a trace without customer data is in %s", c.what, filepath.Clean(f.Name()))
}
