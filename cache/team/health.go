package team

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Health is what can be said about a server.
type Health struct {
	Version string // "redis 7.0.15", "valkey 8.1.0"
	Policy  string // what is dropped when its memory is full: "noeviction", "volatile-ttl"…; "" when it does not say
	TLS     bool
	// Latency is how long one act takes, Ahead how far its clock is before ours.
	Latency, Ahead time.Duration
}

// Look asks the server about itself. The error says why it is away.
func (l *Link) Look(ctx context.Context) (Health, error) {
	var h Health
	if err := l.tried(ctx); err != nil {
		return h, err
	}
	if why := l.Why(); why != nil {
		return h, fmt.Errorf("the team server: %w", why)
	}
	h.TLS = strings.HasPrefix(l.o.URL, "rediss:")
	err := l.do(ctx, longAct, func(ctx context.Context, server redis.UniversalClient) error {
		began := l.o.Clock()
		at, err := server.Time(ctx).Result()
		if err != nil {
			return err //nolint:wrapcheck // the link says what it means
		}
		h.Latency = l.o.Clock().Sub(began)
		h.Ahead = at.Sub(began.Add(h.Latency / 2))
		// Who may only count is not told more, and need not be.
		if info, err := server.Info(ctx, "server", "memory").Result(); err == nil {
			h.read(info)
		}
		return nil
	})
	return h, err
}

func (h *Health) read(info string) {
	said := map[string]string{}
	for line := range strings.Lines(info) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			said[name] = value
		}
	}
	h.Policy = said["maxmemory_policy"]
	switch {
	case said["valkey_version"] != "":
		h.Version = "valkey " + said["valkey_version"]
	case said["redis_version"] != "":
		h.Version = "redis " + said["redis_version"]
	}
}

// TooOld reports a Redis before 6.2, which lacks what is used here.
func (h Health) TooOld() bool {
	number, found := strings.CutPrefix(h.Version, "redis ")
	parts := strings.SplitN(number, ".", 3)
	if !found || len(parts) < 2 {
		return false
	}
	major, err := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	return err == nil && err2 == nil && (major < 6 || major == 6 && minor < 2)
}

// sampled is how many values a look opens.
const sampled = 50

// Sample opens some of the values that are kept, and says how many there were and
// how many did not open: those are readable by nobody, or were tampered with.
func (m *Memory) Sample(ctx context.Context) (found, closed int, err error) {
	err = m.link.do(ctx, 4*longAct, func(ctx context.Context, server redis.UniversalClient) error {
		keys, _, err := server.Scan(ctx, 0, m.prefix+"*", sampled).Result()
		if err != nil {
			return err //nolint:wrapcheck // the link says what it means
		}
		for _, at := range keys {
			if len(at) != len(m.at("")) {
				continue // a turn, or a list of names
			}
			sealed, err := server.Get(ctx, at).Bytes()
			if err != nil {
				continue // went meanwhile
			}
			found++
			if _, err := m.open(at, sealed); err != nil {
				closed++
			}
		}
		return nil
	})
	return found, closed, err
}
