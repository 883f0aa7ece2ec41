package output

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
)

// A jq program ends with the command, at the time that was given, and before it
// fills the memory, in whatever context it prints.
func TestAJQProgramIsBounded(t *testing.T) {
	for name, tt := range map[string]struct {
		program string
		within  time.Duration // --timeout
		stop    bool          // the command is interrupted
		says    string
	}{
		"time":       {"def f: f; f", 20 * time.Millisecond, false, "--timeout"},
		"time, rows": {"[range(infinite)|select(. < 0)]", 20 * time.Millisecond, false, "--timeout"},
		"interrupt":  {"def f: f; f", 0, true, ""},
		"memory":     {"[range(infinite)]", 0, false, "memory"},
		"memory too": {`[limit(1e9; repeat("x" * 1000))]`, time.Minute, false, "memory"},
	} {
		for _, format := range []Format{JSON, NDJSON, Table} {
			if strings.HasPrefix(name, "memory") && (format != JSON || testing.Short()) {
				continue
			}
			whole, end := context.WithCancel(t.Context())
			ctx := Bound(whole)
			if tt.within > 0 {
				ctx = Until(ctx, time.Now().Add(tt.within))
			}
			if tt.stop {
				time.AfterFunc(20*time.Millisecond, end)
			}
			ctx = context.WithoutCancel(ctx) // as printing does
			w, err := New(io.Discard, views.MessageFields(), Options{Format: format, JQ: tt.program, Env: views.Env{Now: now()}})
			if err != nil {
				t.Fatal(err)
			}
			err = errors.Join(w.Write(ctx, talk()[:1]...), w.Close(ctx))
			if err == nil || !strings.Contains(err.Error(), tt.says) || tt.stop && api.KindOf(err) != api.Cancelled {
				t.Errorf("%s as %s: %v", name, format, err)
			}
			end()
		}
	}
}
