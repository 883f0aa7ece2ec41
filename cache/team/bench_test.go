package team

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"korescope/api"
)

const (
	// incident is how many conversations everybody looks at, opened how many of them
	// each one opens, and transcript how large one is.
	incident, opened, transcript = 50, 20, 8 << 10
	// platformTakes is how long the platform needs for an answer.
	platformTakes = 200 * time.Millisecond
)

// BenchmarkEngineers lets engineers, each on a machine of their own, open an
// incident at the same moment, with one real server for the team and a platform that
// refuses the 61st request of a minute:
//
//	go test ./cache/team -run xxx -bench Engineers -benchtime 1x
//
// It prints how often the platform was asked and how often it refused, the time until
// the first conversation was there and for each, what the server did for a
// conversation, and how much memory one takes there.
func BenchmarkEngineers(b *testing.B) {
	for _, n := range []int{1, 8, 64, 256} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				crowd(b, n)
			}
		})
	}
}

// platform answers slowly and counts.
type platform struct {
	mu      sync.Mutex
	at      []time.Time
	refused int
}

func (p *platform) answer() bool {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = slices.DeleteFunc(p.at, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	if len(p.at) >= limits.PerMinute {
		p.refused++
		return false
	}
	p.at = append(p.at, now)
	return true
}

func crowd(b *testing.B, n int) {
	b.Helper()
	s := served(b)
	defer s.kill()
	c := s.admin()
	var asked atomic.Int64
	p := &platform{}
	first, each := make([]time.Duration, n), make([]time.Duration, n*opened)
	var over sync.WaitGroup
	counts := make([]*Count, n)
	for i := range counts {
		counts[i] = linked(b, Options{URL: s.url(), Machine: fmt.Sprint("machine ", i)})
	}
	before := commands(b, c)
	for i, count := range counts {
		over.Go(func() {
			m := shares(b, count)
			began := time.Now()
			for k, which := range rand.New(rand.NewPCG(uint64(i), 1)).Perm(incident)[:opened] { //nolint:gosec // counted up
				from := time.Now()
				open(b, count, m, p, &asked, fmt.Sprint("conversation ", which))
				each[i*opened+k] = time.Since(from)
				if k == 0 {
					first[i] = time.Since(began)
				}
			}
		})
	}
	over.Wait()
	report := func(what string, of []time.Duration) {
		slices.Sort(of)
		for _, pc := range []int{50, 95, 99} {
			b.ReportMetric(float64(of[(len(of)-1)*pc/100].Microseconds())/1000, fmt.Sprintf("%s-p%d-ms", what, pc))
		}
	}
	report("first", first)
	report("each", each)
	b.ReportMetric(float64(asked.Load()), "requests")
	b.ReportMetric(float64(p.refused), "refused")
	b.ReportMetric(float64(commands(b, c)-before)/float64(n*opened), "commands/conversation")
	b.ReportMetric(float64(memoryOf(b, c)), "B/conversation")
	b.ReportMetric(0, "ns/op")
}

// open is one conversation on the screen of one engineer: from the team's memory, or
// from the platform when there is room in the count.
func open(b *testing.B, count *Count, m *Memory, p *platform, asked *atomic.Int64, name string) {
	b.Helper()
	value, done := m.Share(b.Context(), name)
	if value != nil {
		return
	}
	defer done()
	for {
		ticket, wait, err := count.Take(b.Context(), bot, limits, api.Person, time.Now())
		if err != nil {
			b.Error(err)
			return
		}
		if wait > 0 {
			waited(b.Context(), wait)
			continue
		}
		asked.Add(1)
		p.answer()
		waited(b.Context(), platformTakes)
		if err := count.Settle(b.Context(), ticket, 1, time.Now()); err != nil {
			b.Error(err)
		}
		m.Put(b.Context(), name, text(name), "u-1")
		return
	}
}

// text is as compressible as what people write.
func text(name string) []byte {
	words := strings.Fields("where is my order parcel refund please wait number thank you delivery address changed tomorrow card receipt shop open")
	r := rand.New(rand.NewPCG(uint64(len(name)), uint64(name[len(name)-1]))) //nolint:gosec // repeatable
	var b bytes.Buffer
	for b.Len() < transcript {
		fmt.Fprintf(&b, `{"time":%d,"text":"%s %s %s"},`, r.IntN(1e9), words[r.IntN(len(words))], words[r.IntN(len(words))], words[r.IntN(len(words))])
	}
	return b.Bytes()
}

func commands(b *testing.B, c *redis.Client) int {
	b.Helper()
	return info(b, c, "stats", "total_commands_processed:")
}

// memoryOf is what one conversation takes at the server, with what stands around it.
func memoryOf(b *testing.B, c *redis.Client) (most int64) {
	b.Helper()
	keys, err := c.Keys(b.Context(), "korescope:a:*").Result()
	if err != nil {
		b.Fatal(err)
	}
	var sum int64
	for _, k := range keys {
		n, err := c.MemoryUsage(b.Context(), k).Result()
		if err != nil {
			b.Fatal(err)
		}
		sum += n
	}
	return sum / incident
}

func info(b *testing.B, c *redis.Client, section, name string) int {
	b.Helper()
	said, err := c.Info(context.WithoutCancel(b.Context()), section).Result()
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(said, name)
	n, err := strconv.Atoi(strings.TrimSpace(strings.SplitN(rest, "\n", 2)[0]))
	if err != nil {
		b.Fatal(err)
	}
	return n
}
