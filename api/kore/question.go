package kore

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"korescope/api"
)

// question is one call before it is addressed.
type question struct {
	endpoint string
	bot      api.BotID         // whose rows; "" for the bot of the credential
	named    map[string]string // segments of the path besides {bot}
	query    url.Values
	body     any
	file     *form // sent in place of body
	lane     api.Lane
	repeats  int    // after a failure that may pass; 0 for the usual number
	line     *begun // of the journal; what changes something is not sent without
}

// call asks one endpoint whose path names the bot at most.
func (c *Client) call(ctx context.Context, name string, query url.Values, body any, lane api.Lane) (*answer, error) {
	return c.put(ctx, question{endpoint: name, query: query, body: body, lane: lane})
}

// put asks one endpoint and gives the whole, checked answer. Identical reads
// at the same time share one request. An endpoint with an older path is tried
// there when the newer one answers 405; what was found out is kept.
func (c *Client) put(ctx context.Context, q question) (*answer, error) {
	e, ok := c.table[q.endpoint]
	if !ok {
		return nil, misuse("no such endpoint: " + q.endpoint)
	}
	if err := c.permitted(e); err != nil {
		return nil, err
	}
	if err := q.written(e); err != nil {
		return nil, err
	}
	path, older := c.patterns(e, q.bot)
	ans, err := c.answered(ctx, e, path, q)
	if older != "" && c.elsewhere(e, err) {
		// Both come before anything is done, so this repeats nothing.
		ans, err = c.answered(ctx, e, older, q)
		if err == nil {
			c.moved.Store(e.Name, true)
		}
	}
	return ans, err
}

func (c *Client) answered(ctx context.Context, e api.Endpoint, pattern string, q question) (*answer, error) {
	a, err := c.ask(e, pattern, q)
	if err != nil {
		return nil, err
	}
	if e.Effect == api.Read {
		return c.flights.share(ctx, a, c.run)
	}
	return c.run(ctx, a)
}

// permitted keeps back what the profile does not allow.
func (c *Client) permitted(e api.Endpoint) error {
	switch {
	case e.Effect != api.Write, c.o.Tests && e.Name == api.RunSuite:
		return nil
	case c.o.Writes && c.o.Shut != nil && c.o.Shut():
		return &api.Error{Kind: api.NotAllowed, Endpoint: e.Name, Err: api.ErrWritesOff}
	case c.o.Writes:
		return nil
	}
	return &api.Error{Kind: api.NotAllowed, Endpoint: e.Name}
}

// elsewhere reports a failure after which the other path may answer: the path is
// not known, or, where an admin credential asks for one bot, not for it.
func (c *Client) elsewhere(e api.Endpoint, err error) bool {
	var told *api.Error
	if !errors.As(err, &told) {
		return false
	}
	return told.Kind == api.WrongPath || e.BotFirst && told.Status == http.StatusUnauthorized
}

// subject is the bot that a question is about: an app of one bot has no other,
// whatever rows say.
func (c *Client) subject(of api.BotID) api.BotID {
	if c.o.Admin && of != "" {
		return of
	}
	return c.o.Bot
}

// patterns are the path to ask at, and the one to try when it is not the right
// one, if any.
func (c *Client) patterns(e api.Endpoint, of api.BotID) (path, older string) {
	if c.o.Admin && e.BotFirst && c.subject(of) != "" {
		if _, moved := c.moved.Load(e.Name); moved {
			return e.AdminPath, ""
		}
		return e.Path, e.AdminPath
	}
	if !c.o.Admin || e.AdminPath == "" {
		return e.Path, ""
	}
	if _, moved := c.moved.Load(e.Name); moved {
		return e.OlderPath, ""
	}
	return e.AdminPath, e.OlderPath
}

func (c *Client) ask(e api.Endpoint, pattern string, q question) (*ask, error) {
	wrong := func(err error) (*ask, error) {
		return nil, &api.Error{Kind: api.Misuse, Endpoint: e.Name, Err: err}
	}
	bot := c.subject(q.bot)
	if bot == "" && strings.Contains(pattern, "{bot}") {
		return wrong(errors.New("a bot id is needed for this call"))
	}
	path := strings.ReplaceAll(pattern, "{bot}", url.PathEscape(string(bot)))
	for _, name := range slices.Sorted(maps.Keys(q.named)) {
		value := q.named[name]
		if !oneSegment(value) {
			return wrong(errors.New("a name that is empty, a dot or holds a slash cannot be part of a path"))
		}
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	a := &ask{endpoint: e, path: path, query: q.query.Encode(), file: q.file, lane: q.lane, repeats: q.repeats, budget: c.counters.at(c.counter(e, q), c.budget)}
	if q.body != nil {
		b, err := json.Marshal(q.body)
		if err != nil {
			return wrong(causedBy(err))
		}
		a.body = b
	}
	return a, nil
}

// oneSegment refuses what a server may take for more or less than one segment,
// escaped or not.
func oneSegment(s string) bool {
	return s != "" && s != "." && s != ".." && !strings.Contains(s, "/")
}

// counter is the platform's counter that a call is charged to (reference 5).
func (c *Client) counter(e api.Endpoint, q question) api.LimitKey {
	switch {
	case e.Limit == api.PerRequest && q.named["id"] != "":
		return api.LimitKey("request:" + q.named["id"])
	case e.Limit == api.PerAccount:
		return api.LimitKey("account:" + c.o.ClientID)
	case c.subject(q.bot) != c.o.Bot:
		return botKey(q.bot)
	}
	return c.budget.key
}

// counters keep one budget a counter: a wait for one holds up no other.
type counters struct {
	mu sync.Mutex
	of map[api.LimitKey]*budget
}

func (s *counters) at(key api.LimitKey, like *budget) *budget {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.of[key]
	if !ok {
		b = like.beside(key)
		s.of[key] = b
	}
	return b
}
