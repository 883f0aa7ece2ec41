package call

import (
	"bytes"
	"cmp"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/api/payload"
	"korescope/ui"
	"korescope/ui/canvas"
	"korescope/ui/jsontree"
	"korescope/views"
)

// What stands in the tabs is made from the payload by a job. The job of a small
// payload is done at once; that of a large one, which takes longer than a key may
// wait, is done beside the loop, and its first step reads no more than the end of
// long lists: the newest message is what a call is opened for.

// atOnce is up to how many bytes of payload are read and laid out at once: some
// milliseconds.
const atOnce = 128_000

// lastItems is how many elements of a long list the first step reads.
const lastItems = 20

// job is everything the tabs depend on, as values: a command may hold it.
type job struct {
	call    api.LLMCall
	before  api.LLMCall
	had     bool         // there is a call before this one
	earlier *api.LLMCall // that call with its payloads, when it is here
	env     views.Env
	width   int
	// read is what was read before, when only the layout is made anew.
	read *payload.Reading
	// planting asks for the trees, which open as folds says.
	planting bool
	folds    [tabCount]*jsontree.State
}

// sheet is what a job makes.
type sheet struct {
	read      payload.Reading
	whole     bool // all of the request was read
	changes   []views.Change
	unseen    bool // the requests differ in what no change tells
	messages  canvas.Block
	delta     canvas.Block
	lastAsked int
	saidAt    []int
	width     int
	planted   bool
	trees     [tabCount]*jsontree.Tree
}

// laid brings a sheet made beside the loop; rest makes what it leaves out.
type laid struct {
	to ui.Address
	n  int
	sheet
	rest func() tea.Msg
}

func (l laid) To() ui.Address { return l.to }

// size is how many bytes the job goes through.
func (j job) size() int {
	n := len(j.call.Request) + len(j.call.Response)
	if j.earlier != nil {
		n += len(j.earlier.Request) + len(j.earlier.Response)
	}
	return n
}

// make reads the payload and lays it out.
func (j job) make() sheet {
	s := sheet{whole: true, width: j.width, planted: j.planting}
	if j.planting {
		s.trees = j.plant()
	}
	if j.read != nil {
		s.read = *j.read
	} else {
		s.read = payload.Show(j.call)
	}
	if j.earlier != nil && j.had && len(j.call.Request) > 0 {
		s.changes = views.Compare(payload.Show(*j.earlier), s.read)
		s.unseen = len(s.changes) == 0 && !bytes.Equal(j.earlier.Request, j.call.Request)
	}
	w := &writer{job: &j, read: s.read, changes: s.changes, unseen: s.unseen}
	s.messages, s.delta = w.messageLines(), w.deltaLines()
	s.lastAsked, s.saidAt = w.lastAsked, w.saidAt
	return s
}

// front is the sheet of the end of long lists; false when nothing is long.
func (j job) front() (sheet, bool) {
	short, cut := payload.Tail(j.call.Request, lastItems)
	if !cut {
		return sheet{}, false
	}
	trees := j.plant()
	planting := j.planting
	j.call.Request, j.earlier, j.planting = short, nil, false
	s := j.make()
	s.whole = false
	if planting {
		s.planted, s.trees = true, trees
	}
	return s, true
}

// plant makes the trees. What was unfolded in the payload before stays unfolded
// where this one has the same shape.
func (j job) plant() [tabCount]*jsontree.Tree {
	var out [tabCount]*jsontree.Tree
	for t, data := range map[tab][]byte{requestTab: j.call.Request, responseTab: j.call.Response} {
		if len(data) == 0 {
			continue
		}
		out[t] = jsontree.New(data, jsontree.Options{Mask: j.env.Tree()})
		out[t].Level(firstLevel)
		if f := j.folds[t]; f != nil {
			out[t].Restore(*f)
		}
	}
	return out
}

// job is what the tabs are made from now.
func (m *Model) job() job {
	j := job{call: m.call, before: m.before, had: m.had, env: m.covered(), width: m.width, planting: !m.shown}
	if a, ok := m.earlier.Answer(); ok {
		j.earlier = &a.Value
	}
	if m.shown && m.whole {
		read := m.read
		j.read = &read
	}
	for t := range m.trees {
		if before := cmp.Or(m.trees[t], m.folds[t]); j.planting && before != nil {
			state := before.State()
			j.folds[t] = &state
		}
	}
	return j
}

// layOut makes the tabs anew: at once when that is soon done, else beside the
// loop.
func (m *Model) layOut() tea.Cmd {
	m.laying++
	j := m.job()
	if j.size() <= atOnce {
		m.takeSheet(j.make())
		return nil
	}
	m.blanks()
	l := laid{to: m.seat.Addr, n: m.laying}
	return func() tea.Msg { return layBeside(j, l) }
}

// layBeside does a job beside the loop, in two steps when the first can do with
// less.
func layBeside(j job, l laid) tea.Msg {
	if j.read == nil {
		if front, ok := j.front(); ok {
			j.planting = false
			rest := l
			l.sheet, l.rest = front, func() tea.Msg { rest.sheet = j.make(); return rest }
			return l
		}
	}
	l.sheet = j.make()
	return l
}

// laidOut takes in a sheet that was made beside the loop.
func (m *Model) laidOut(l laid) tea.Cmd {
	if l.n != m.laying {
		return nil
	}
	m.takeSheet(l.sheet)
	return l.rest
}

// takeSheet shows a sheet. The newest message is at the top at first, and stays
// where it is while those before it come.
func (m *Model) takeSheet(s sheet) {
	h, page := m.listHeight(), &m.pages[messagesTab]
	top := page.top
	switch {
	case !m.shown:
		top = s.lastAsked
	case !m.whole:
		top += s.lastAsked - m.lastAsked
	}
	m.read, m.whole, m.changes, m.unseen, m.lastAsked, m.saidAt, m.laidFor = s.read, s.whole, s.changes, s.unseen, s.lastAsked, s.saidAt, s.width
	_, m.shown = m.payload.Answer()
	if s.planted {
		m.trees = s.trees
	}
	page.set(s.messages, m.find, h)
	page.top = top
	page.clamp(h)
	m.pages[deltaTab].set(s.delta, m.find, h)
	m.blanks()
}

// blanks are the pages of tabs that have nothing to show, and the trees' size.
func (m *Model) blanks() {
	h := m.listHeight()
	for _, t := range []tab{requestTab, responseTab} {
		m.pages[t].set(m.absent(t), "", h)
		if m.trees[t] != nil {
			m.trees[t].SetSize(m.width, h)
		}
	}
	if !m.shown || len(m.call.Request)+len(m.call.Response) == 0 {
		m.pages[messagesTab].set(m.absent(requestTab), "", h)
	}
}

// Returned lays a payload out for another width that is too large for [Model.Fit]
// to do so.
func (m *Model) Returned() tea.Cmd {
	if m.payload == nil || m.laidFor == m.width || m.job().size() <= atOnce {
		return nil
	}
	return m.layOut()
}
