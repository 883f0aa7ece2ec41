package views

import (
	"cmp"
	"slices"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Layers says what a transcript shows. What failed is always shown.
type Layers uint8

// The layers.
const (
	LayerMessages Layers = 1 << iota
	LayerCalls
	LayerDebug
	// FirstLayers is what a transcript shows at first: debug lines are folded.
	FirstLayers = LayerMessages | LayerCalls
	AllLayers   = FirstLayers | LayerDebug
)

// Silence is how long nothing must happen to be drawn as a row of its own.
const Silence = 5 * time.Second

// RowKind is what a row of a transcript is.
type RowKind uint8

// The kinds of row.
const (
	MessageRow RowKind = iota + 1
	CallRow
	GapRow
	EndRow
	DebugRow
	NodeRow
	ChangeRow
)

// Row is one line of a transcript before it has a width.
type Row struct {
	Kind RowKind
	At   time.Time // when it began; zero when the platform did not say
	// Elapsed counts from the session's start, negative before it. Placed is
	// false when one of the two times is not known.
	Elapsed time.Duration
	Placed  bool
	// Label stands in the speaker's column: user, bot, agent, event, llm, end.
	Label Cell
	Bad   bool // e and E stop here
	Late  bool // after the session's own end
	// Early marks a call or a debug line from before the session's own start:
	// the clocks of those who wrote the two differ.
	Early bool

	Message *api.Message  // MessageRow
	Call    *api.LLMCall  // CallRow
	Silent  time.Duration // GapRow: how long nothing happened
	Waiting api.Direction // GapRow: who was waited for, "" when nobody came
	Final   bool          // EndRow: the outcome will not change any more
	Outcome api.Session   // EndRow
	// Line is the debug line of a DebugRow. With Folded above 0 the row stands
	// for so many lines, of which it is the first.
	Line   *api.DebugLine
	Folded int
	Node   *api.Metric      // NodeRow: a run of a node, or a task that failed
	Change *api.ChangeEntry // ChangeRow: somebody changed the bot

	place time.Time // where it stands among the others
	seq   int       // of calls: their own order
}

// Transcript is a conversation as rows, oldest first.
type Transcript struct {
	Session api.Session
	Rows    []Row
	Bad     int // rows that need a look
	Said    int // messages, whether shown or not
	Calls   int // model calls, whether shown or not
	Lines   int // debug lines, whether shown or not
	// Why is the verdict in words, as [korescope/api/verdict] gives it; "" where
	// nobody asked for it.
	Why string

	whole []Row // everything there is, shown or not, without silences
}

// Weave puts the messages and the model calls of one session in order. A call
// stands where it began, which is before the message it led to; of the same
// moment the customer's message comes first, then calls, debug lines, answers. Calls
// must be joined already. Control messages are left out.
func Weave(s api.Session, messages []api.Message, calls []api.LLMCall, layers Layers) Transcript {
	return WeaveLines(s, messages, calls, nil, layers)
}

// WeaveLines is Weave with the engine's debug lines, which must be joined
// already as well. Without LayerDebug those between two messages are folded into
// one row that counts them; errors always stand for themselves.
func WeaveLines(s api.Session, messages []api.Message, calls []api.LLMCall, lines []api.DebugLine, layers Layers) Transcript {
	return WeaveAll(s, Threads{Messages: messages, Calls: calls, Lines: lines}, layers)
}

// Threads are what a time line is woven of, each already joined to the session.
type Threads struct {
	Messages []api.Message
	Calls    []api.LLMCall
	Lines    []api.DebugLine
	Nodes    []api.Metric      // rows of the platform's metrics
	Changes  []api.ChangeEntry // of the bot, in the time of the session
}

// WeaveAll is WeaveLines with runs of nodes and changes of the bot as well.
func WeaveAll(s api.Session, of Threads, layers Layers) Transcript {
	messages, calls, lines := of.Messages, of.Calls, of.Lines
	t := Transcript{Session: s, Calls: len(calls), Lines: len(lines)}
	rows := make([]Row, 0, len(messages)+len(calls)+len(lines)+len(of.Nodes)+len(of.Changes)+1)
	for i := range messages {
		if m := &messages[i]; Transcribed(*m) {
			t.Said++
			rows = append(rows, messageRow(m))
		}
	}
	rows = append(rows, callRows(calls)...)
	for i := range lines {
		rows = append(rows, lineRow(&lines[i]))
	}
	for i := range of.Nodes {
		rows = append(rows, nodeRow(&of.Nodes[i]))
	}
	for i := range of.Changes {
		rows = append(rows, changeRow(&of.Changes[i]))
	}
	if !s.End.IsZero() || s.Open() {
		rows = append(rows, endRow(s))
	}
	for i := range rows {
		if rows[i].place.IsZero() {
			rows[i].place = rows[i].At
		}
	}
	slices.SortStableFunc(rows, rowOrder)
	t.whole = rows
	t.Rows = withGaps(layers.visible(rows))
	for i := range t.Rows {
		t.place(&t.Rows[i])
	}
	return t
}

func (l Layers) show(k RowKind) bool {
	switch k {
	case MessageRow:
		return l&LayerMessages != 0
	case CallRow:
		return l&LayerCalls != 0
	case DebugRow:
		return l&LayerDebug != 0
	}
	return true
}

// visible leaves out what the layers do not show and folds the debug lines
// between two messages.
func (l Layers) visible(rows []Row) []Row {
	out := make([]Row, 0, len(rows))
	fold := -1
	for _, r := range rows {
		switch {
		case r.Bad || l.show(r.Kind):
			if out = append(out, r); r.Kind == MessageRow {
				fold = -1
			}
		case r.Kind == DebugRow && fold >= 0:
			out[fold].Folded++
		case r.Kind == DebugRow:
			r.Folded, r.Label.Token = 1, theme.Faint
			out = append(out, r)
			fold = len(out) - 1
		}
	}
	return out
}

func messageRow(m *api.Message) Row {
	return Row{Kind: MessageRow, At: m.Time, Label: SpeakerBadge(*m), Bad: m.Unreadable+m.Fault != "", Message: m}
}

func callRow(c *api.LLMCall) Row {
	label := text.Lit("llm")
	if c.Joined == api.ByUserTime {
		label = text.Lit("llm~") // probable, not certain
	}
	return Row{
		Kind: CallRow, At: c.Start, Call: c,
		Label: Cell{Text: label, Token: theme.Info},
		Bad:   NeedsLook(*c),
	}
}

// callRows are the calls in their own order, which the other rows do not undo: a
// guardrail stands on its side of the call it guards, whatever the milliseconds
// of the two say.
func callRows(calls []api.LLMCall) []Row {
	sorted := slices.Clone(calls)
	api.ArrangeCalls(sorted)
	slices.Reverse(sorted)
	rows := make([]Row, len(sorted))
	var latest time.Time
	for i := range sorted {
		if at := sorted[i].Start; at.After(latest) {
			latest = at
		}
		rows[i] = callRow(&sorted[i])
		if rows[i].seq = i; !rows[i].At.IsZero() {
			rows[i].place = latest
		}
	}
	return rows
}

func lineRow(d *api.DebugLine) Row {
	return Row{
		Kind: DebugRow, At: d.Time, Line: d, Bad: d.Bad(),
		Label: Cell{Text: text.Lit("debug"), Token: theme.Dim},
	}
}

func nodeRow(m *api.Metric) Row {
	return Row{
		Kind: NodeRow, At: m.At, Node: m, Bad: m.Failed() || m.Kind == api.FailedTasks || m.Unreadable != "",
		Label: Cell{Text: text.Lit("node"), Token: theme.Dim},
	}
}

func changeRow(c *api.ChangeEntry) Row {
	return Row{Kind: ChangeRow, At: c.At, Change: c, Label: Cell{Text: text.Lit("edit"), Token: theme.Warn}}
}

// endRow stands at the session's end; that of an open session is provisional
// and stands after everything else.
func endRow(s api.Session) Row {
	r := Row{
		Kind: EndRow, At: s.End, Outcome: s, Final: s.Final(),
		Label: Cell{Text: text.Lit("end"), Token: theme.Dim},
	}
	if s.Open() {
		r.At, r.Label.Text = time.Time{}, text.Lit("open")
	}
	return r
}

// rowOrder puts rows without a time last, ends after everything of their time.
func rowOrder(a, b Row) int {
	if a.place.IsZero() != b.place.IsZero() {
		return boolInt(a.place.IsZero()) - boolInt(b.place.IsZero())
	}
	if c := cmp.Or(a.place.Compare(b.place), cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.seq, b.seq)); c != 0 {
		return c
	}
	if a.Message != nil && b.Message != nil {
		return MessageOrder(*a.Message, *b.Message)
	}
	return 0
}

func (r Row) rank() int {
	switch {
	case r.Kind == EndRow:
		return 4
	case r.Kind == CallRow:
		return 1
	case r.Message == nil:
		return 2
	case r.Message.Direction == api.FromUser:
		return 0
	}
	return 3
}

// busyUntil is when the row was over: a call lasts, a message does not.
func (r Row) busyUntil() time.Time {
	if r.Call == nil {
		return r.At
	}
	switch {
	case r.Call.End.After(r.At):
		return r.Call.End
	case r.Call.TimeTaken.Known && !r.At.IsZero():
		return r.At.Add(time.Duration(r.Call.TimeTaken.Value) * time.Millisecond)
	}
	return r.At
}

// withGaps adds a row wherever nothing at all happened for longer than Silence.
func withGaps(rows []Row) []Row {
	out := make([]Row, 0, len(rows)+len(rows)/4)
	var until time.Time
	for _, r := range rows {
		if r.Folded > 0 || r.Kind == NodeRow || r.Kind == ChangeRow {
			out = append(out, r) // what nobody sees breaks no silence
			continue
		}
		if quiet := r.At.Sub(until); !until.IsZero() && !r.At.IsZero() && quiet > Silence {
			out = append(out, Row{
				Kind: GapRow, At: until, Silent: quiet, Waiting: r.speaker(),
				Label: Cell{Text: text.Lit("--"), Token: theme.Faint},
			})
		}
		if end := r.busyUntil(); end.After(until) {
			until = end
		}
		out = append(out, r)
	}
	return out
}

// speaker is who ends a silence with this row.
func (r Row) speaker() api.Direction {
	switch {
	case r.Message != nil:
		return r.Message.Direction
	case r.Call != nil:
		return api.FromBot
	}
	return ""
}

func (t *Transcript) place(r *Row) {
	if r.Bad {
		t.Bad++
	}
	if r.At.IsZero() || t.Session.Start.IsZero() {
		return
	}
	r.Elapsed, r.Placed = r.At.Sub(t.Session.Start), true
	r.Early = (r.Call != nil || r.Line != nil) && r.Elapsed < 0
	r.Late = r.Kind != EndRow && t.Session.Final() && !t.Session.End.IsZero() && r.At.After(t.Session.End)
}

// NextBad is the first row after from that needs a look; false when there is
// none. From -1 searches the whole.
func (t Transcript) NextBad(from int) (int, bool) {
	for i := max(from, -1) + 1; i < len(t.Rows); i++ {
		if t.Rows[i].Bad {
			return i, true
		}
	}
	return 0, false
}

// PrevBad is the last row before from that needs a look; false when there is
// none.
func (t Transcript) PrevBad(from int) (int, bool) {
	for i := min(from, len(t.Rows)) - 1; i >= 0; i-- {
		if t.Rows[i].Bad {
			return i, true
		}
	}
	return 0, false
}
