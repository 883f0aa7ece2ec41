package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
)

// manifest is the record of a case file. Keys are part of what others rely on.
type manifest struct {
	Tool     string          `json:"tool"`
	Version  string          `json:"version"`
	System   string          `json:"system"`
	Written  string          `json:"written"`
	Profile  string          `json:"profile"`
	Host     string          `json:"host"`
	Bot      string          `json:"bot"`
	Sessions []api.SessionID `json:"sessionIds"`
	Unknown  []api.SessionID `json:"unknownSessionIds"`

	Complete bool         `json:"complete"`
	Missing  []absent     `json:"missing"`
	Notes    []string     `json:"notes"`
	Offline  bool         `json:"offline"`
	Oldest   *string      `json:"oldestReading"` // null when all was read now
	Masked   bool         `json:"masked"`
	Masking  *maskingNote `json:"masking"`

	Counts counts  `json:"counts"`
	Files  []filed `json:"files"`
}

type absent struct {
	From *string `json:"from"`
	To   *string `json:"to"`
	Why  string  `json:"why"`
}

type maskingNote struct {
	Hidden []string `json:"hidden"`
	Rules  []string `json:"profileRules"` // regular expressions
	Stays  string   `json:"stays"`
}

type counts struct {
	Sessions int `json:"sessions"`
	Messages int `json:"messages"`
	Calls    int `json:"llmCalls"`
	Requests int `json:"requests"`
}

func (c *caseFile) writeManifest(w io.Writer, files []filed) error {
	profile := c.d.profile
	m := manifest{
		Tool: "korescope", Version: version(), System: runtime.GOOS + "/" + runtime.GOARCH, Written: views.Stamp(c.p.clock()),
		Profile: profile.Name, Host: profile.Host, Bot: string(c.bot()),
		Sessions: []api.SessionID{}, Unknown: append([]api.SessionID{}, c.e.unknown...),
		Complete: c.e.err == nil && !c.e.partial && len(c.e.unknown) == 0,
		Missing:  c.absent(), Notes: c.masked(c.e.notes), Offline: c.p.flags.offline, Masked: c.mask != nil,
		Counts: counts{len(c.sessions), c.said, len(c.calls), len(c.requests.all())}, Files: files,
	}
	for _, s := range c.sessions {
		m.Sessions = append(m.Sessions, s.ID)
	}
	if c.e.disk && !c.e.at.IsZero() {
		m.Oldest = stamped(c.e.at)
	}
	if c.mask != nil {
		m.Masking = &maskingNote{
			Hidden: strings.Split("mail addresses|phone, card and account numbers, all runs of seven digits and more|tokens and keys|"+
				"queries of links|user ids that are no pseudonym of the platform|tags and fields named like something about a person or a secret", "|"),
			Rules: append([]string{}, profile.MaskRules...),
			Stays: "ids of the platform, times, and names of people in free text",
		}
	}
	return object(w, m)
}

func (c *caseFile) absent() []absent {
	out := []absent{}
	for _, g := range c.e.gaps {
		why := text.Lit("not read yet")
		if api.KindOf(g.Why) != api.NotCached {
			why = c.sentence(g.Why)
		}
		out = append(out, absent{From: stamped(g.Window.From), To: stamped(g.Window.To), Why: why.String()})
	}
	if c.e.err != nil {
		out = append(out, absent{Why: c.sentence(c.e.err).String()})
	}
	return out
}

// sentence is a failure in words. What the platform said is masked before it is
// cleaned: characters that were made visible would part a number in two.
func (c *caseFile) sentence(err error) text.Safe {
	var e *api.Error
	if errors.As(err, &e) {
		quiet := *e
		quiet.Said, quiet.Err = c.hidden(e.Said), nil
		err = &quiet
	}
	return text.Clean(c.hidden(c.d.explain(err).Sentence.String()))
}

func (c *caseFile) hidden(s string) string {
	if c.mask == nil {
		return s
	}
	return c.mask.Text(s)
}

func (c *caseFile) masked(list []string) []string {
	return append([]string{}, mapped(list, c.hidden)...)
}

func stamped(t time.Time) *string {
	s := views.Stamp(t)
	return &s
}

func newestFirst(list []api.Session) []api.Session {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b api.Session) int { return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID)) })
	return out
}

// requestList hears of every request of one run. It is safe for concurrent use.
type requestList struct {
	mu   sync.Mutex
	list []api.Observed
}

func (l *requestList) note(o api.Observed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, o)
}

func (l *requestList) all() []api.Observed {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := slices.Clone(l.list)
	slices.SortStableFunc(out, func(a, b api.Observed) int { return a.At.Compare(b.At) })
	return out
}

// requestRow is a request of this run, or the newest of an earlier one.
type requestRow struct {
	api.Observed
	earlier bool
}

// writeRequests writes the requests of this run and, for what came from the
// cache, when each call was made last before it.
func (c *caseFile) writeRequests(ctx context.Context, w io.Writer) error {
	var rows []requestRow
	made := map[string]bool{}
	for _, o := range c.requests.all() {
		rows = append(rows, requestRow{Observed: o})
		made[o.Endpoint] = true
	}
	if c.e.disk {
		last, err := c.d.store.LastCalls(ctx)
		if err != nil {
			return err
		}
		for _, o := range last {
			if e, ok := api.EndpointNamed(o.Endpoint); ok && !made[o.Endpoint] && (e.Screen == "sessions" || e.Screen == "conversation" || e.Screen == "llm") {
				rows = append(rows, requestRow{o, true})
			}
		}
	}
	return recordsTo(ctx, w, requestFields(c.d.profile.Scope == "admin"), nil, rows, same)
}

func requestFields(admin bool) []views.Field[requestRow] {
	row := func(r requestRow) api.Endpoint {
		e, _ := api.EndpointNamed(r.Endpoint)
		return e
	}
	bare := views.Layout{}
	return []views.Field[requestRow]{
		views.OwnField("endpoint", bare, func(r requestRow) string { return r.Endpoint }),
		views.OwnField("method", bare, func(r requestRow) string { return row(r).Method }),
		views.OwnField("path", bare, func(r requestRow) string { return either(admin, row(r).AdminPath, row(r).Path) }),
		views.TimeField("time", bare, func(r requestRow) time.Time { return r.At }),
		views.CountField("status", bare, func(r requestRow) api.Maybe[int] {
			return api.Maybe[int]{Value: r.Status, Known: r.Status != 0}
		}),
		views.MillisField("tookMs", bare, func(r requestRow) api.Maybe[int64] { return api.Known(r.Took.Milliseconds()) }),
		views.TruthField("earlier", bare, func(r requestRow) api.Maybe[bool] { return api.Known(r.earlier) }),
	}
}
