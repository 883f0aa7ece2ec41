package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Streams are where the program reads and writes. Data goes to Out and nothing
// else does; talk, progress and warnings go to Err.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// The terminals behind them, nil where there is none.
	InTTY, OutTTY, ErrTTY *os.File
}

// Standard gives the process's own streams.
func Standard() Streams {
	s := Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	tty := func(f *os.File) *os.File {
		if term.IsTerminal(int(f.Fd())) {
			return f
		}
		return nil
	}
	s.InTTY, s.OutTTY, s.ErrTTY = tty(os.Stdin), tty(os.Stdout), tty(os.Stderr)
	return s
}
