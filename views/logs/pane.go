package logs

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/keymap"
	"korescope/ui"
	"korescope/ui/jsontree"
	"korescope/ui/text"
	"korescope/views"
)

// firstLevel is how far a detail stands open at first.
const firstLevel = 2

// pane is the detail of one line.
type pane struct {
	id      string
	line    api.DebugLine
	tree    *jsontree.Tree
	data    []byte // what the tree is made of
	detail  bool   // that is the detail, not the row without one
	find    string
	finding int
}

// openPane shows the detail of the line under the cursor. When it has not been
// read it is asked for, for this line alone; until it comes, the row itself is
// shown.
func (m *Model) openPane() tea.Cmd {
	r, ok := m.table.Selected()
	if !ok {
		return nil
	}
	finding := 0
	if m.pane != nil {
		finding = m.pane.finding + 1
	}
	m.pane = &pane{id: r.id, line: r.line, finding: finding}
	m.detail.Stop()
	m.plant(r.line)
	m.fitTable()
	if m.pane.detail || r.line.Time.IsZero() {
		return nil
	}
	q := m.query()
	q.Window, q.Detail = api.Between(r.line.Time, r.line.Time.Add(time.Millisecond)), true
	return m.detail.Ask(q)
}

// plant makes the tree of a line.
func (m *Model) plant(l api.DebugLine) {
	m.pane.line = l
	data := details(l)
	m.pane.detail = len(data) > 0
	if !m.pane.detail {
		data = l.Raw
	}
	if len(data) == 0 {
		data = fields(l)
	}
	m.pane.data = data
	m.pane.tree = jsontree.New(data, jsontree.Options{Mask: m.env().Tree()})
	m.pane.tree.Level(firstLevel)
}

// details is what the line has beside its message: the detail of the engine, of
// the voice gateway, or both under their names.
func details(l api.DebugLine) json.RawMessage {
	voice := l.VoiceDetail()
	if voice == nil {
		return l.Detail
	}
	both := append(json.RawMessage(`{"VGdebugDetail":`), voice...)
	both = append(append(both, `,"debugDetail":`...), l.Detail...)
	return append(both, '}')
}

// fields is the line as a record, for rows of which nothing else is kept.
func fields(l api.DebugLine) json.RawMessage {
	b, err := views.Record(views.DebugFields(), l, views.Env{})
	if err != nil {
		return nil
	}
	return b
}

// showDetail takes the detail that came. Lines of the same moment are told apart
// by what they say.
func (m *Model) showDetail() {
	a, ok := m.detail.Answer()
	if !ok || m.pane == nil || m.pane.detail {
		return
	}
	own := m.pane.line
	same := func(l api.DebugLine) bool {
		return l.Time.Equal(own.Time) && l.Title == own.Title && l.Message == own.Message && l.Detail != nil
	}
	i := slices.IndexFunc(a.Value, func(l api.DebugLine) bool { return same(l) && l.ID == own.ID })
	if i < 0 {
		i = slices.IndexFunc(a.Value, same)
	}
	if i >= 0 {
		m.plant(a.Value[i])
		m.fitTable()
	}
}

func (m *Model) closePane() {
	if m.pane == nil {
		return
	}
	m.pane = nil
	m.detail.Stop()
	m.fitTable()
}

func (m *Model) doPane(a keymap.Action) tea.Cmd {
	switch t := m.pane.tree; a {
	case keymap.NextMatch:
		return m.hit(t.NextHit())
	case keymap.PrevMatch:
		return m.hit(t.PrevHit())
	default:
		return capped(t.Do(a))
	}
}

// capped says so when a tree is too large to be opened whole.
func capped(whole bool) tea.Cmd {
	if whole {
		return nil
	}
	return ui.Notify(ui.Note{Text: text.Lit("the detail is too large to open whole; opened as far as it goes")})
}

func (m *Model) hit(ok bool) tea.Cmd {
	if ok {
		return nil
	}
	return ui.Notify(ui.Note{Text: text.Lit("nothing found; / starts")})
}

// found carries the hits of a search that ran beside the loop.
type found struct {
	to   ui.Address
	n    int
	hits jsontree.Hits
	err  error
}

func (f found) To() ui.Address { return f.to }

// search looks for the pattern in the detail, beside the loop.
func (m *Model) search(pattern string) tea.Cmd {
	m.pane.find = pattern
	m.pane.finding++
	data := m.pane.data
	ctx, mask, f := m.seat.Ctx, m.env().Tree(), found{to: m.seat.Addr, n: m.pane.finding}
	return func() tea.Msg { return searchIn(ctx, data, pattern, mask, f) }
}

func searchIn(ctx context.Context, data []byte, pattern string, mask jsontree.Mask, f found) tea.Msg {
	f.hits, f.err = jsontree.Search(ctx, data, pattern, mask)
	return f
}

// Hidden is what the mask hides of the line under the cursor, or of the value
// under the cursor of its detail; then the name under which the lines are kept.
func (m *Model) Hidden() []ui.Hidden {
	r, ok := m.table.Selected()
	of := text.Join(" ", text.Lit("debug line of"), text.Clean(views.Stamp(r.line.Time)))
	var out []ui.Hidden
	switch {
	case m.pane != nil:
		out = views.HiddenIn(m.pane.tree, of)
	case ok:
		out = views.HiddenFields(m.env(), views.DebugFields(), r.line, of, func(e views.Env) { views.LineMessage(r.line, e) })
	}
	return append(out, views.Hidden(m.env(), text.Lit("debug log"), func(e views.Env) { e.Identity(m.identity().Identity) })...)
}
