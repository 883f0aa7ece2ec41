package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"korescope/views/output"
)

// ending are the signals that end the program: an interrupt, a lost line, a
// request to stop, and the one that would print the whole memory of the program.
func endingSignals() []os.Signal {
	all := []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// heedSignals makes a context that the first signal ends, with the signal as its
// cause. A second one ends the process at once: whoever sends it does not want to
// wait. stop gives the signals back without ending the context.
func heedSignals(ctx context.Context) (heeding context.Context, stop func()) {
	heeding, end := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, endingSignals()...)
	over := make(chan struct{})
	left := make(chan struct{})
	go func() {
		defer close(left)
		select {
		case <-over:
			return
		case sig := <-signals:
			end(&signalled{sig: number(sig)})
		}
		select {
		case <-over:
		case sig := <-signals:
			syscall.Exit(128 + int(number(sig)))
		}
	}()
	return heeding, func() {
		signal.Stop(signals)
		close(over)
		<-left
	}
}

func number(sig os.Signal) syscall.Signal {
	n, _ := sig.(syscall.Signal)
	return n
}

// insideKey marks the context of a command that runs inside the dashboard.
type insideKey struct{}

// headless runs a command that ends by itself: the first signal stops it in an
// orderly way, with what was sent written down and what was printed whole.
func headless(ctx context.Context, do func(context.Context) error) error {
	if ctx.Value(insideKey{}) != nil {
		return do(output.Bound(ctx)) // the dashboard heeds signals
	}
	heeding, stop := heedSignals(ctx)
	defer stop()
	err := do(output.Bound(heeding))
	if err == nil {
		return nil
	}
	return orSignal(heeding, err)
}

// orSignal is how the program leaves after a signal: as a shell expects it of
// that signal. An interrupt is said like any other way to stop.
func orSignal(ctx context.Context, err error) error {
	var sig *signalled
	if errors.As(context.Cause(ctx), &sig) && sig.sig != syscall.SIGINT {
		return sig
	}
	return err
}
