package output

import (
	"context"
	"errors"
	"runtime/metrics"
	"time"

	"korescope/api"
)

// A jq program may run for ever and may fill the memory. It ends with the signal
// that ends the command, at the time --timeout gives, and when it has taken more
// memory than this.
const (
	jqMemory = 512 << 20
	jqLook   = 50 * time.Millisecond
)

var (
	errTooLong  = errors.New("run --jq: it was not done when --timeout was over")
	errTooLarge = errors.New("run --jq: it took more than 512 MB of memory")
)

type boundKey struct{}

type deadlineKey struct{}

// Bound marks the context that ends the command. Printing goes on in one that
// does not, so that what came is whole; a jq program does not.
func Bound(ctx context.Context) context.Context { return context.WithValue(ctx, boundKey{}, ctx) }

// Until says when a jq program has to be done.
func Until(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, deadlineKey{}, at)
}

// bounded is the context of one jq program.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	own, cancel := context.WithCancelCause(ctx)
	undo := []func(){func() { cancel(nil) }}
	if whole, ok := ctx.Value(boundKey{}).(context.Context); ok {
		stop := context.AfterFunc(whole, func() { cancel(context.Cause(whole)) })
		undo = append(undo, func() { stop() })
	}
	if at, ok := ctx.Value(deadlineKey{}).(time.Time); ok {
		timer := time.AfterFunc(time.Until(at), func() { cancel(errTooLong) })
		undo = append(undo, func() { timer.Stop() })
	}
	look := time.NewTicker(jqLook)
	left := make(chan struct{})
	before := heap()
	go func() {
		defer close(left)
		for {
			select {
			case <-own.Done():
				return
			case <-look.C:
				if heap() > before+jqMemory {
					cancel(errTooLarge)
				}
			}
		}
	}()
	return own, func() {
		for _, u := range undo {
			u()
		}
		look.Stop()
		<-left
	}
}

// heap is the memory in use, in bytes.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}

// endOf is why a jq program was stopped.
func endOf(ctx context.Context) error {
	why := context.Cause(ctx)
	if errors.Is(why, errTooLong) || errors.Is(why, errTooLarge) {
		return why
	}
	return &api.Error{Kind: api.Cancelled, Err: ctx.Err()}
}
