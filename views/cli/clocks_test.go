package cli

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"korescope/views"
)

// counted notes how answers went.
type refusedOnes struct {
	http.ResponseWriter
	n *atomic.Int64
}

func (r refusedOnes) WriteHeader(status int) {
	if status == http.StatusUnauthorized {
		r.n.Add(1)
	}
	r.ResponseWriter.WriteHeader(status)
}

// Clocks that differ are learnt by a read, so that what is sent once is right the
// first time; and they are kept, so that the next run knows.
func TestClocksThatDifferAreLearntAndKept(t *testing.T) {
	for _, by := range []string{"10m", "-10m", "95s", "-3h"} {
		t.Run(by, func(t *testing.T) {
			var refused, starts atomic.Int64
			stage(t, "clock-skew("+by+")", func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/run") || strings.Contains(r.URL.Path, "testsuite/run") {
						starts.Add(1)
					}
					next.ServeHTTP(refusedOnes{w, &refused}, r)
				})
			})
			t.Setenv("KORESCOPE_ALLOW_TESTS", "true")
			args := []string{"tests", "run", "Refunds smoke", "--email", "owner@example.test", "--no-wait"}
			if _, talk, code := run(t, args...); code != views.ExitDone {
				t.Fatalf("left with %d: %s", code, talk)
			}
			first := refused.Load()
			if _, talk, code := run(t, "sessions", "--since", "1h", "--fresh"); code != views.ExitDone || refused.Load() != first {
				t.Errorf("left with %d, refused %d times more: %s", code, refused.Load()-first, talk)
			}
			if starts.Load() > 1 {
				t.Errorf("%d starts were sent", starts.Load())
			}
		})
	}
}
