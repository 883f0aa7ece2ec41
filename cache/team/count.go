package team

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"korescope/api"
)

//go:embed count.lua
var countScript string

const (
	// machinesAway is how many machines share at least while the server is away:
	// those that came since it was last heard are known to nobody.
	machinesAway = 4
	// freshReply is how old the last word of the server may be to say what the
	// others had sent when it went away.
	freshReply = 5 * time.Second
	// repeatAfter is when a machine asks again that may send nothing at all.
	repeatAfter = 5 * time.Second
	// askAgain is when a machine asks again that has just learnt that the server
	// forgot.
	askAgain = 10 * time.Millisecond
	// regather is how long each machine keeps to its share after the server came
	// back: by then all have told what they sent meanwhile.
	regather = 5 * time.Second
)

// Count is the count of the team above the count of this machine, which is asked
// first: what the machine knows to be too much is too much. It is safe for
// concurrent use.
type Count struct {
	own    api.Ledger
	link   *Link
	host   string
	script *redis.Script
	name   names

	mu   sync.Mutex
	last int64
	open map[int64]ticket
	keys map[api.LimitKey]*tally
}

// names are the hashes under which the server knows who asks.
type names struct{ machine, person string }

type ticket struct {
	own    api.Ticket
	member string // "" when it was taken while the server was away
}

// tally is what this process remembers of one counter.
type tally struct {
	reply  reply
	at     time.Time // of the reply
	sent   []sent    // of the last hour, oldest first
	unsaid bool      // some of sent are not known to be at the server
	alone  *share    // while the server is away, or may have forgotten others, and shortly after
	back   time.Time // when it answered again; zero while it is away
	forgot time.Time // when it was found to have lost what it knew; zero when that is over
	knew   heard     // what it had said last before that
}

// heard is a reply and when it came.
type heard struct {
	reply reply
	at    time.Time
}

type sent struct {
	member string
	at     time.Time
}

// reply is what the server says with every act.
type reply struct {
	wait, shut       time.Duration
	minute, hour     int
	machines, people int
	born             int64 // changes when the server has lost what it knew
}

var _ api.Ledger = (*Count)(nil)

// NewCount shares a count for one host of the platform.
func NewCount(own api.Ledger, l *Link, host string) *Count {
	c := &Count{
		own: own, link: l, host: host, script: redis.NewScript(countScript),
		name: names{machine: hash("machine", l.o.Machine)[:16], person: hash("person", l.o.Machine, l.o.Person)[:16]},
		open: map[int64]ticket{}, keys: map[api.LimitKey]*tally{},
	}
	l.onBack(c.gather)
	return c
}

func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		_, _ = fmt.Fprintf(h, "%d:%s", len(p), p) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}

// places are the keys of a counter; the braces keep them on one node of a cluster.
func (c *Count) places(key api.LimitKey) []string {
	tag := "korescope:{" + hash("count", c.host, string(key))[:32] + "}:"
	return []string{tag + "log", tag + "gate", tag + "machines", tag + "people", tag + "waiting", tag + "born"}
}

// way is [Link.do] or [Link.act].
type way func(ctx context.Context, times int, act func(context.Context, redis.UniversalClient) error) error

// ask carries one act of the script out and remembers what the server says.
func (c *Count) ask(ctx context.Context, key api.LimitKey, now time.Time, act string, args ...string) (reply, error) {
	return c.askBy(ctx, c.link.do, key, now, act, args...)
}

func (c *Count) askBy(ctx context.Context, by way, key api.LimitKey, now time.Time, act string, args ...string) (reply, error) {
	argv := []any{act, c.name.machine, c.name.person, strconv.FormatInt(api.LimitMargin.Milliseconds(), 10)}
	for _, a := range args {
		argv = append(argv, a)
	}
	var r reply
	err := by(ctx, 1, func(ctx context.Context, server redis.UniversalClient) error {
		n, err := c.script.Run(ctx, server, c.places(key), argv...).Int64Slice()
		if err == nil && len(n) != 7 {
			err = fmt.Errorf("%d numbers: %w", len(n), errAway)
		}
		if err != nil {
			return err //nolint:wrapcheck // the link says what it means
		}
		r = reply{
			wait: millis(n[0]), minute: int(n[1]), hour: int(n[2]), shut: millis(n[3]),
			machines: int(n[4]), people: int(n[5]), born: n[6],
		}
		return nil
	})
	if err != nil {
		return r, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tally(key)
	if t.reply.hour > 0 && t.reply.born != r.born && now.Sub(t.at) < time.Hour {
		t.forgot, t.knew = now, heard{t.reply, t.at}
	}
	t.reply, t.at = r, now
	if t.alone != nil && t.back.IsZero() {
		t.back = now
	}
	return r, nil
}

func millis(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// tally is called with the lock held.
func (c *Count) tally(key api.LimitKey) *tally {
	t := c.keys[key]
	if t == nil {
		t = &tally{}
		c.keys[key] = t
	}
	return t
}

// Take reserves one request in both counts, or in none.
func (c *Count) Take(ctx context.Context, key api.LimitKey, limits api.Limits, lane api.Lane, now time.Time) (api.Ticket, time.Duration, error) {
	mine := limits
	if c.link.Here() {
		_ = c.catchUp(ctx, c.link.do, key, now) // away again: the next act finds out
		if err := c.careful(ctx, key, limits, now); err != nil {
			return api.Ticket{}, 0, err
		}
		mine = c.gathering(key, limits, now)
	}
	own, wait, err := c.own.Take(ctx, key, mine, lane, now)
	if err != nil || wait > 0 {
		return api.Ticket{}, wait, err
	}
	member := c.name.machine + rand.Text()
	room := limits.For(lane)
	r, err := c.ask(ctx, key, now, "take", strconv.Itoa(room.PerMinute), strconv.Itoa(room.PerHour), member)
	switch {
	case err == nil && r.wait == 0 && c.unsure(key):
		// What the server let through, it let through without knowing of others.
		_, _ = c.ask(context.WithoutCancel(ctx), key, now, "settle", member)
		return api.Ticket{}, askAgain, c.own.Settle(context.WithoutCancel(ctx), own, 0, now)
	case err == nil && r.wait == 0:
		return c.keep(ticket{own, member}, key), 0, nil
	case ctx.Err() != nil, err == nil:
		_ = c.own.Settle(context.WithoutCancel(ctx), own, 0, now) // counts as sent at worst
		return api.Ticket{}, r.wait, ctx.Err()
	}
	// Away: what was taken with everybody's limits is taken again with our share.
	if err := c.own.Settle(ctx, own, 0, now); err != nil {
		return api.Ticket{}, 0, err
	}
	return c.takeAlone(ctx, key, limits, lane, now)
}

func (c *Count) keep(t ticket, key api.LimitKey) api.Ticket {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	c.open[c.last] = t
	return api.Ticket{ID: c.last, Key: key}
}

// Settle writes down in both counts how often a request reached the wire.
func (c *Count) Settle(ctx context.Context, t api.Ticket, times int, now time.Time) error {
	c.mu.Lock()
	p, known := c.open[t.ID]
	delete(c.open, t.ID)
	c.mu.Unlock()
	if !known {
		return nil
	}
	members := make([]string, 0, times)
	for i := range times {
		if i == 0 && p.member != "" {
			members = append(members, p.member)
			continue
		}
		members = append(members, c.name.machine+rand.Text())
	}
	_, err := c.ask(ctx, t.Key, now, "settle", append([]string{p.member}, members...)...)
	c.remember(t.Key, members, now, err != nil)
	return c.own.Settle(ctx, p.own, times, now)
}

// remember keeps what was sent, to tell a server that lost it or was away.
func (c *Count) remember(key api.LimitKey, members []string, now time.Time, unsaid bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tally(key)
	t.sent = slices.DeleteFunc(t.sent, func(s sent) bool { return now.Sub(s.at) > api.KeepSent })
	for _, m := range members {
		t.sent = append(t.sent, sent{m, now})
	}
	t.unsaid = t.unsaid || unsaid && len(members) > 0
}

// unsure reports that the server has forgotten and that this machine does not keep
// to its share yet.
func (c *Count) unsure(key api.LimitKey) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tally(key)
	return !t.forgot.IsZero() && t.alone == nil
}

// careful begins to keep to this machine's share when the server has forgotten what
// others sent: those that are not asking just now do not tell it again.
func (c *Count) careful(ctx context.Context, key api.LimitKey, limits api.Limits, now time.Time) error {
	if !c.unsure(key) {
		return nil
	}
	u, err := c.own.Usage(ctx, key, limits, now)
	if err != nil {
		return err //nolint:wrapcheck // the caller's own count
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tally(key)
	t.alone, t.back = t.knew.share(limits.OrDefault(), u, now), now
	return nil
}

// gathering narrows the limits to this machine's share for a moment after the
// server came back, and until the minute is over in which it forgot.
func (c *Count) gathering(key api.LimitKey, limits api.Limits, now time.Time) api.Limits {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tally(key)
	switch {
	case t.alone == nil:
		return limits
	case !t.back.IsZero() && now.Sub(t.back) >= regather && now.Sub(t.forgot) >= time.Minute+api.LimitMargin:
		t.alone, t.back, t.forgot = nil, time.Time{}, time.Time{}
		return limits
	}
	mine, _ := t.alone.limits(now)
	return api.Limits{PerMinute: max(1, mine.PerMinute), PerHour: max(1, mine.PerHour)}
}

// gather tells a server that is back what was sent meanwhile.
func (c *Count) gather(ctx context.Context) error {
	c.mu.Lock()
	keys := slices.Collect(maps.Keys(c.keys))
	c.mu.Unlock()
	for _, key := range keys {
		if err := c.catchUp(ctx, c.link.act, key, c.link.o.Clock()); err != nil {
			return err
		}
	}
	return nil
}

// catchUp tells the server what it does not know: what was sent while it was
// away, and everything of the last hour when it has been emptied.
func (c *Count) catchUp(ctx context.Context, by way, key api.LimitKey, now time.Time) error {
	c.mu.Lock()
	t := c.tally(key)
	minute, hour := api.Limits{}.Used(t.times(), now)
	if !t.unsaid && (t.at.IsZero() || t.reply.minute >= minute && t.reply.hour >= hour) {
		c.mu.Unlock()
		return nil
	}
	var args []string
	for _, s := range t.sent {
		if age := now.Sub(s.at); age < api.KeepSent {
			args = append(args, strconv.FormatInt(max(age.Milliseconds(), 0), 10), s.member)
		}
	}
	t.unsaid = false
	c.mu.Unlock()
	_, err := c.askBy(ctx, by, key, now, "add", args...)
	if err != nil {
		c.mu.Lock()
		t.unsaid = true
		c.mu.Unlock()
	}
	return err
}

func (t *tally) times() []time.Time {
	out := make([]time.Time, len(t.sent))
	for i, s := range t.sent {
		out[i] = s.at
	}
	return out
}

// Shut closes the gate for the whole team.
func (c *Count) Shut(ctx context.Context, key api.LimitKey, until time.Time, why string) error {
	// The platform's words stay here; a team that cannot be told finds out by a
	// refusal of its own.
	now := c.link.o.Clock()
	if lasts := until.Sub(now); lasts > 0 {
		_, _ = c.ask(ctx, key, now, "shut", strconv.FormatInt(lasts.Milliseconds(), 10))
	}
	return c.own.Shut(ctx, key, until, why)
}

// Usage is the larger of both counts, with how many count together.
func (c *Count) Usage(ctx context.Context, key api.LimitKey, limits api.Limits, now time.Time) (api.Usage, error) {
	u, err := c.own.Usage(ctx, key, limits, now)
	if err != nil {
		return u, err
	}
	u.Shared = true
	r, err := c.ask(ctx, key, now, "look")
	if err != nil {
		return u, nil //nolint:nilerr // the own count is the answer then, and Team 0 says so
	}
	u.Minute, u.Hour = max(u.Minute, r.minute), max(u.Hour, r.hour)
	u.Team = r.people
	if until := now.Add(r.shut); r.shut > 0 && until.After(u.ShutUntil) {
		u.ShutUntil, u.ShutWhy = until, cmp.Or(u.ShutWhy, "somebody of the team was refused")
	}
	return u, nil
}
