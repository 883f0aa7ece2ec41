package cli

import (
	"errors"
	"io"
	"os"
	"syscall"

	"golang.org/x/term"

	"korescope/views"
)

// Streams are where the program reads and writes. Data goes to Out and nothing
// else does; talk, progress and warnings go to Err.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// The terminals behind them, nil where there is none.
	InTTY, OutTTY, ErrTTY *os.File
	// Page is the width of a page of the dashboard that shows Out, 0 for none.
	Page int
}

// Standard gives the process's own streams.
func Standard() Streams {
	s := Streams{In: os.Stdin, Out: pipe{os.Stdout}, Err: os.Stderr}
	tty := func(f *os.File) *os.File {
		if term.IsTerminal(int(f.Fd())) {
			return f
		}
		return nil
	}
	s.InTTY, s.OutTTY, s.ErrTTY = tty(os.Stdin), tty(os.Stdout), tty(os.Stderr)
	return s
}

// width is that of the terminal that data goes to, 0 where there is none.
func (s Streams) width() int {
	if s.Page > 0 {
		return s.Page
	}
	if s.OutTTY == nil {
		return 0
	}
	w, _, err := term.GetSize(int(s.OutTTY.Fd()))
	if err != nil {
		return 0
	}
	return w
}

// read reports that a person reads what is printed: at a terminal or on a page.
func (s Streams) read() bool { return s.OutTTY != nil || s.Page > 0 }

// pipe gives the leaving of a reader its name, so that it ends a command quietly.
type pipe struct{ w io.Writer }

func (p pipe) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		err = views.ErrPipeClosed
	}
	return n, err
}
