// Package calls is the list of model calls, of one conversation or of a time
// window: latency, tokens, status and finish reason, with what needs a look
// told apart by word and sorted by any column.
package calls

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/api/trace"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/table"
	"korescope/ui/text"
	"korescope/ui/theme"
	"korescope/views"
	"korescope/views/feed"
	"korescope/views/filter"
)

// Deps is what the screen needs from outside.
type Deps struct {
	Calls feed.Reader[trace.CallQuery, []api.LLMCall]
	// Payload reads one call with its payloads from disk, for copies.
	Payload func(ctx context.Context, id api.CallID) (api.Answer[api.LLMCall], error)
	Limits  api.Limits // what is allowed, for the price of reading on
	Clock   func() time.Time
	Zone    *time.Location
	Explain func(error) views.Problem
	Mask    *views.Masker // nil shows everything
}

// firstRows is how many rows of a window are read before the person is asked: ten
// requests. Of a window of more than a day they are those of as many requests as may
// be made without a question, because it has many times as many. A conversation is
// always read whole.
const (
	firstRows = 500
	longRows  = views.AskFirst * pageRows
	pageRows  = 50 // of one request of the platform
)

// first is how many rows of the window are read before the person is asked.
func (m *Model) first() int {
	if m.window.Length() > 24*time.Hour {
		return longRows
	}
	return firstRows
}

// Model is the screen.
type Model struct {
	d      Deps
	route  views.CallsRoute
	seat   ui.Seat
	window api.Window
	rolls  time.Duration
	limit  int

	feed     *feed.Feed[trace.CallQuery, []api.LLMCall]
	table    *table.Table[api.LLMCall, api.CallID]
	all      []api.LLMCall
	filter   string
	keep     filter.Predicate[api.LLMCall]
	dev      bool // developers' calls are asked for as well
	problems bool
	zone     *time.Location
	width    int
	height   int
	since    time.Time
	bare     string // shown in spite of the mask
}

// New makes the screen of a route. A filter that cannot be read is a
// views.UsageError.
func New(d Deps, r views.CallsRoute) (*Model, error) {
	m := &Model{d: d, route: r, window: r.Window, zone: d.Zone}
	now := d.Clock()
	switch {
	case r.Session.ID != "":
		m.window = r.Session.Reach(now)
	case m.window.Zero():
		m.window = api.Last(views.DefaultWindow, now)
	}
	if r.Session.ID == "" {
		m.limit = m.first()
	}
	if since := now.Sub(m.window.To); r.Session.ID == "" && since >= 0 && since < time.Minute {
		m.rolls = m.window.Length()
	}
	m.table = table.New(m.columns(), func(c api.LLMCall) api.CallID { return c.ID })
	m.table.Assume("startTime", true)
	if err := m.setFilter(r.Filter); err != nil {
		return nil, err
	}
	return m, nil
}

// Start asks the question.
func (m *Model) Start(seat ui.Seat) tea.Cmd {
	m.seat = seat
	m.feed = feed.New(seat, 1, m.d.Calls)
	m.since = m.d.Clock()
	return m.feed.Ask(m.query())
}

// query is that of the conversation for one session, so that neither asks twice.
func (m *Model) query() trace.CallQuery {
	if m.route.Session.ID != "" {
		return trace.CallQuery{Session: trace.OfSession(m.route.Session), List: api.LLMQuery{Developer: m.dev}}
	}
	return trace.CallQuery{List: api.LLMQuery{Window: m.window, Limit: m.limit, Developer: m.dev}}
}

// Update takes the screen's messages.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	l, ok := msg.(feed.Loaded[[]api.LLMCall])
	if !ok {
		return nil
	}
	changed, next := m.feed.Apply(l)
	if changed {
		if a, ok := m.feed.Answer(); ok {
			m.all = a.Value
			m.arrange()
		}
	}
	return next
}

func (m *Model) arrange() {
	m.table.SetRows(m.all)
	m.table.SetFilter(func(c api.LLMCall) bool {
		return (!m.problems || views.NeedsLook(c)) && (m.keep == nil || m.keep(c))
	})
}

// Do carries out an action.
func (m *Model) Do(a keymap.Action) tea.Cmd {
	if m.table.Do(a) {
		return nil
	}
	switch a {
	case keymap.OpenItem:
		if c, ok := m.table.Selected(); ok {
			return ui.Open(views.CallRoute{Call: c, Siblings: m.table.Shown()})
		}
	case keymap.Refresh:
		return m.renew()
	case keymap.ShowMore:
		return m.readOn()
	case keymap.ToggleErrorsOnly:
		m.problems = !m.problems
		m.arrange()
	case keymap.NextError:
		return m.toProblem(1)
	case keymap.PrevError:
		return m.toProblem(-1)
	case keymap.SetWindow:
		return ui.AskFor(ui.WindowPrompt)
	}
	return nil
}

func (m *Model) renew() tea.Cmd {
	m.since = m.d.Clock()
	if m.rolls > 0 {
		m.window = api.Last(m.rolls, m.d.Clock())
	}
	return m.feed.Renew(m.query())
}

// readOn doubles how many rows may be read.
func (m *Model) readOn() tea.Cmd {
	if m.limit == 0 {
		return nil
	}
	m.limit *= 2
	m.since = m.d.Clock()
	return m.feed.Renew(m.query())
}

func (m *Model) toProblem(step int) tea.Cmd {
	rows := m.table.Shown()
	for i := m.table.Cursor() + step; i >= 0 && i < len(rows); i += step {
		if views.NeedsLook(rows[i]) {
			m.table.Move(i - m.table.Cursor())
			return nil
		}
	}
	return ui.Notify(ui.Note{Text: text.Lit("no further problem in this list")})
}

// Close steps out of the filter.
func (m *Model) Close() bool {
	switch {
	case m.filter != "":
		_ = m.setFilter("") // the empty filter is always one
	case m.problems:
		m.problems = false
		m.arrange()
	default:
		return false
	}
	return true
}

// StopReading ends what is on its way.
func (m *Model) StopReading() bool {
	was := m.feed.Loading()
	m.feed.Stop()
	return was
}

func (m *Model) setFilter(s string) error {
	s = strings.TrimSpace(s)
	q, keep, err := filter.Calls(m.zone).Compile(s)
	if err != nil {
		return fmt.Errorf("filter LLM calls: %w", err)
	}
	m.filter, m.keep = s, keep
	m.dev = m.dev || filter.AsksForDevelopers(q) // what was read once stays
	m.arrange()
	return nil
}

// wanted asks anew when the filter asks for what the platform left out.
func (m *Model) wanted() tea.Cmd {
	if m.feed == nil || m.query() == m.feed.Key() {
		return nil
	}
	m.since = m.d.Clock()
	return m.feed.Ask(m.query())
}

// Offers lists what can be done here.
func (m *Model) Offers() []keymap.Offer {
	off := ""
	if m.table.Len() == 0 {
		off = "no row"
	}
	window, more := "", ""
	if m.route.Session.ID != "" {
		window, more = "these are the calls of one session", "all calls of the session are read"
	}
	columns := ""
	if !m.table.Widens(m.width) {
		columns = "there is no room for other columns at this width"
	}
	return []keymap.Offer{
		{Action: keymap.OpenItem, Off: off}, {Action: keymap.NextError, Off: off, Word: "error"},
		{Action: keymap.OpenCopyMenu, Off: off},
		{Action: keymap.ToggleErrorsOnly}, {Action: keymap.SortColumn, Off: off},
		{Action: keymap.ShowMore, Off: more}, {Action: keymap.Refresh}, {Action: keymap.SetWindow, Off: window}, {Action: keymap.ToggleWide, Off: columns},
	}
}

// Copies offers the ids of the row and the command that prints the list.
func (m *Model) Copies() []ui.Copy {
	c, ok := m.table.Selected()
	if !ok {
		return nil
	}
	line := views.CommandLine([]string{"llm", "--from", views.Stamp(m.window.From), "--to", views.Stamp(m.window.To)})
	if m.route.Session.ID != "" {
		line = views.CommandLine([]string{"llm"}, m.env().MaskedID(string(m.route.Session.ID)))
	}
	return []ui.Copy{
		{Action: keymap.CopyID, Name: text.Lit("call id"), Value: string(c.ID)},
		{Action: keymap.CopySession, Name: text.Lit("session id"), Value: m.env().MaskedID(string(c.Session))},
		{Action: keymap.CopyUser, Name: text.Lit("user id"), Value: m.env().MaskedUser(c.User)},
		{Action: keymap.CopyCall, Name: text.Lit("call as JSON"), Read: m.document(c)},
		{Action: keymap.CopyCurl, Name: text.Lit("curl of the list"), Ask: api.LLMQuery{Bot: m.route.Session.Bot, Window: m.window, Developer: m.dev}},
		{Action: keymap.CopyLine, Name: text.Lit("command line"), Value: line},
		{Action: keymap.CopyOpen, Name: text.Lit("hand over"), Value: views.OpenLine(c.Session, c.Start, m.env())},
	}
}

// document reads the call whole: the list has no payloads.
func (m *Model) document(c api.LLMCall) func(context.Context) (string, error) {
	if m.d.Payload == nil {
		return nil
	}
	env := m.env()
	return func(ctx context.Context) (string, error) {
		a, err := m.d.Payload(ctx, c.ID)
		if err != nil {
			return "", err
		}
		whole := a.Value
		whole.Session = c.Session
		return views.CallDocument(whole, env)
	}
}

// Heading tells the shell what is here.
func (m *Model) Heading() ui.Heading {
	h := ui.Heading{
		Title: text.Lit("llm"), Window: views.WindowText(m.window, m.rolls, m.zone),
		Scopes: []keymap.Scope{keymap.Calls}, Status: m.status(),
	}
	if m.feed == nil {
		return h
	}
	if a, ok := m.feed.Answer(); ok && (len(a.Value) > 0 || m.feed.Err() == nil) {
		h.At = a.At
		h.Cached = a.Origin == api.FromDisk
	}
	if err := m.feed.Err(); err != nil {
		h.Trouble = views.Trouble(m.d.Explain(err))
	}
	if m.feed.Loading() {
		h.Loading = m.since
	}
	return h
}

// Fit takes the room the screen has.
func (m *Model) Fit(env ui.Env) {
	m.zone, m.width, m.height, m.bare = env.Zone, env.Width, env.Height, env.Bare
	m.table.SetWidth(m.width)
	m.table.SetHeight(m.listHeight() - 1)
}

const topRows = 2 // numbers, filter or the call's own line

func (m *Model) listHeight() int { return max(m.height-topRows, 2) }

// Draw shows the numbers and the list.
func (m *Model) Draw(env ui.Env) canvas.Block {
	out := canvas.Block{m.numbers(env.Width), m.second(env.Width)}
	if m.table.Len() == 0 {
		return append(out, canvas.Line{}, m.nothing())
	}
	return append(out, m.table.Draw(env.Width, m.listHeight())...)
}

func (m *Model) second(w int) canvas.Line {
	if m.filter == "" && !m.problems {
		c, ok := m.table.Selected()
		if !ok {
			return canvas.Line{}
		}
		line := canvas.L(canvas.S(theme.Dim, text.Lit(" ")))
		env := m.env()
		for _, s := range []text.Safe{env.Text(c.Description), env.ID(string(c.Session)), env.User(c.User)} {
			if !s.Empty() {
				line = line.Add(canvas.S(theme.Dim, text.Join("", text.Lit(" "), s, text.Lit(" "))))
			}
		}
		return line.Fit(w)
	}
	line := canvas.L(canvas.S(theme.Accent, text.Lit(" / ")))
	if m.problems {
		line = line.Add(canvas.S(theme.Accent, text.Lit("[problems only] ")))
	}
	line = line.Add(canvas.S(theme.Strong, m.env().Text(m.filter)))
	return canvas.Split(w, line, canvas.L(canvas.S(theme.Dim,
		text.Format(" %d of %d match, esc clears ", m.table.Len(), len(m.all)))))
}

// About names the conversation that the calls are of, else that of the call under
// the cursor.
func (m *Model) About() []string {
	id := m.route.Session.ID
	if c, ok := m.table.Selected(); ok && id == "" {
		id = c.Session
	}
	return views.Named(id)
}

// Place is the line after ":" that opens this list again.
func (m *Model) Place() string {
	if m.route.Session.ID != "" {
		return views.OpenPlace(m.route.Session.ID, m.route.Session.Start)
	}
	return views.PlaceLine("llm", m.window, m.rolls, m.filter)
}

// Hidden is what the mask hides of the row under the cursor.
func (m *Model) Hidden() []ui.Hidden {
	c, ok := m.table.Selected()
	if !ok {
		return nil
	}
	return views.HiddenFields(m.env(), views.LLMFields(), c, text.Join(" ", text.Lit("call"), text.Clean(string(c.ID))), func(e views.Env) {
		views.CallParts(c, e)
	})
}
