package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/spf13/cobra"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
)

func (p *program) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Look at connection, clock, rights, limits, terminal and cache",
		Long: `Look at connection, clock, rights, limits, terminal and cache, and say what is
wrong with each. Sends one request to the host and three small ones to the
platform. The exit code is that of the first thing that is wrong.`,
		Example: "  korescope doctor --profile prod-eu",
		Args:    words(0, 0, ""),
		RunE:    func(c *cobra.Command, _ []string) error { return headless(c.Context(), p.doctor) },
	}
}

// examined is one thing that was looked at.
type examined struct {
	what  string
	found text.Safe
	err   error // nil when it is as it should be
}

func (p *program) doctor(ctx context.Context) error {
	set, err := p.settings(ctx, false)
	if err != nil {
		return err
	}
	asking, stop := p.limited(ctx)
	defer stop()
	d, err := p.open(asking, set)
	if err != nil {
		return err
	}
	defer d.leave()
	all := []examined{
		{"profile", text.Format("%s, bot %s", set.profile.Name, set.profile.BotID), nil},
		p.terminal(),
		d.examineCache(asking),
	}
	if !p.flags.offline {
		all = append(all, p.examineHost(asking, set.profile.Host, set.profile.CAFile)...)
		all = append(all, d.examineRights(asking)...)
		all = append(all, d.examineLimits(asking))
	}
	var lines []line
	var first error
	for _, e := range all {
		if e.err != nil {
			problem := d.explain(e.err)
			e.found = text.Join(" ", text.Lit("!"), problem.Sentence, problem.Hint)
			if first == nil {
				first = e.err
			}
		}
		lines = append(lines, line{e.what, e.found})
	}
	if err := p.list(lines); err != nil {
		return err
	}
	return first
}

func (p *program) terminal() examined {
	colours := text.Lit("colours")
	if p.env("NO_COLOR") != "" {
		colours = text.Lit("no colours (NO_COLOR)")
	}
	if p.streams.OutTTY == nil {
		return examined{"terminal", text.Lit("none on stdout; tables are plain"), nil}
	}
	return examined{"terminal", text.Format("%s, %d cells wide, %s", p.env("TERM"), p.streams.width(), colours), nil}
}

func (d *desk) examineCache(ctx context.Context) examined {
	i, err := d.store.Info(ctx)
	if err != nil {
		return examined{"cache", text.Safe{}, err}
	}
	if i.Memory {
		return examined{"cache", text.Lit("in memory only"), nil}
	}
	mode := "?"
	if st, err := os.Stat(i.Path); err == nil {
		mode = fmt.Sprintf("%04o", st.Mode().Perm())
	}
	return examined{"cache", text.Format("%s, mode %s, %s", i.Path, mode, views.Bytes(i.Bytes)), nil}
}

// examineHost asks for nothing but an answer: what it says does not matter, only
// that the line is there and what time it is at the other end.
func (p *program) examineHost(ctx context.Context, host, authority string) []examined {
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	began := p.clock()
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, host, http.NoBody)
	if err != nil {
		return []examined{{"host", text.Safe{}, &api.Error{Kind: api.Misuse, Err: err}}}
	}
	network, err := trusting(authority)
	if err != nil {
		return []examined{{"host", text.Safe{}, err}}
	}
	client := &http.Client{Transport: network, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return []examined{{"host", text.Safe{}, hostError(err)}}
	}
	_ = answer.Body.Close() // it has none
	took := p.clock().Sub(began)
	found := []examined{{"host", text.Format("%s answers in %s", host, views.Millis(took.Milliseconds())), nil}}
	if t := answer.TLS; t != nil && len(t.PeerCertificates) > 0 {
		left := t.PeerCertificates[0].NotAfter.Sub(p.clock())
		found = append(found, examined{"tls", text.Format("certificate good for %s", views.Age(left)), nil})
	}
	if date, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		off := date.Sub(began).Truncate(time.Second)
		found = append(found, examined{"clock", text.Format("%d s apart from the platform's", int(off.Abs()/time.Second)), nil})
	}
	return found
}

func hostError(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err // without the address, which the sentence names
	}
	kind := api.TLSProblem
	var line net.Error
	var op *net.OpError
	if errors.As(err, &line) || errors.As(err, &op) {
		kind = api.Unreachable
	}
	return &api.Error{Kind: kind, Err: err}
}

// examineRights sends the smallest question of each scope that reading needs.
func (d *desk) examineRights(ctx context.Context) []examined {
	w := api.Last(time.Minute, d.clock())
	nobody := api.ListIDs("000000000000000000000000")
	var out []examined
	for _, probe := range []struct {
		endpoint string
		ask      func() error
	}{
		{api.GetSessions, func() error {
			return firstError(d.client.Sessions(ctx, api.SessionQuery{Window: w, Limit: 1}, api.Person))
		}},
		{api.GetMessagesV2, func() error {
			return firstError(d.client.Messages(ctx, api.MessageQuery{Sessions: nobody, Window: w}, api.Person))
		}},
		{api.GetLLMLogs, func() error {
			return firstError(d.client.LLMCalls(ctx, api.LLMQuery{Window: w, Limit: 1}, api.Person))
		}},
	} {
		e, _ := api.EndpointNamed(probe.endpoint)
		scope := either(d.profile.Scope == "admin", e.AdminScope, e.Scope)
		out = append(out, examined{"scope", text.Format("%s: granted", scope), probe.ask()})
	}
	return out
}

func firstError[T any](pages func(func(api.Page[T], error) bool)) error {
	for _, err := range pages {
		return err
	}
	return nil
}

func (d *desk) examineLimits(ctx context.Context) examined {
	u, err := d.client.Usage(ctx)
	if err != nil {
		return examined{"limits", text.Safe{}, err}
	}
	found := text.Format("%d of %d requests this minute, %d of %d this hour", u.Minute, u.Limits.PerMinute, u.Hour, u.Limits.PerHour)
	if u.ShutUntil.After(d.clock()) {
		found = text.Format("%s; shut until %s: %s", found, views.Clock(u.ShutUntil, d.zone), u.ShutWhy)
	}
	return examined{"limits", found, nil}
}
