package ui

import (
	"reflect"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
	"korescope/ui/canvas"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// The mouse presses keys: what it does is what the actions of the key table do, so
// that no screen knows of it. Where the cursor and the titles of a list are is read
// off the picture.

// headRows are the rows above the body.
const headRows = 2

// wheelRows is how far one notch of the wheel goes.
const wheelRows = 3

// switchMouse is :mouse on, :mouse off; without a word it is the other one.
func (a *App) switchMouse(word string) (tea.Cmd, Hint) {
	switch word {
	case "on", "off":
		a.mouse = word == "on"
	case "":
		a.mouse = !a.mouse
	default:
		return nil, Hint{Bad: true, Text: text.Lit("write mouse on or mouse off")}
	}
	if a.mouse {
		return a.notify(Note{Text: text.Lit("mouse on: wheel, click a row, click a title to sort; shift and drag marks text")}), Hint{}
	}
	return a.notify(Note{Text: text.Lit("mouse off: the terminal marks text again")}), Hint{}
}

// deaf reports that the mouse has no say now.
func (a *App) deaf() bool {
	return !a.mouse || a.touch() || a.isLocked() || a.plain || a.prompt != nil || a.pending != nil || a.top() == nil || a.small()
}

func (a *App) onWheel(m tea.Mouse) tea.Cmd {
	action, key := keymap.MoveDown, "down"
	switch m.Button {
	case tea.MouseWheelDown:
	case tea.MouseWheelUp:
		action, key = keymap.MoveUp, "up"
	default:
		return nil
	}
	if a.deaf() {
		return nil
	}
	var cmds []tea.Cmd
	for range wheelRows {
		if a.overlay != nil {
			_, cmd := a.overlay.key(a, key)
			cmds = append(cmds, cmd)
			continue
		}
		cmds = append(cmds, a.do(action))
	}
	return tea.Batch(cmds...)
}

// onClick brings the cursor to the row that was clicked, opens the row that has it
// already, and sorts by the title that was clicked.
func (a *App) onClick(m tea.Mouse) tea.Cmd {
	if m.Button != tea.MouseLeft || a.deaf() || a.overlay != nil {
		return nil
	}
	y := m.Y - headRows
	if _, h := a.body(); y < 0 || y >= h {
		return nil
	}
	if cmd, sorted := a.clickTitle(m.X, y); sorted {
		return cmd
	}
	return a.clickRow(y)
}

// clickRow moves the cursor step by step, as a key would, until it is there.
func (a *App) clickRow(y int) tea.Cmd {
	at, found := cursorRow(a.drawn())
	if !found {
		return nil
	}
	if at == y {
		return a.do(keymap.OpenItem)
	}
	action, down := keymap.MoveDown, y > at
	if !down {
		action = keymap.MoveUp
	}
	var cmds []tea.Cmd
	for range a.height {
		cmds = append(cmds, a.do(action))
		now, found := cursorRow(a.drawn())
		if !found || now == at || down && now >= y || !down && now <= y {
			break
		}
		at = now
	}
	return tea.Batch(cmds...)
}

// clickTitle picks one column after the other until the one that is marked in that
// row is under the pointer; false when the row holds no titles.
func (a *App) clickTitle(x, y int) (tea.Cmd, bool) {
	offer, sorts := keymap.OfferOf(a.top().screen.Offers(), keymap.SortColumn)
	if !sorts || offer.Off != "" {
		return nil, false
	}
	before := a.drawn()
	if at, found := cursorRow(before); !found || y >= at {
		return nil, false
	}
	var cmds []tea.Cmd
	for turn := range a.width {
		cmds = append(cmds, a.do(keymap.PickColumnRight))
		now := a.drawn()
		if turn == 0 && reflect.DeepEqual(before[y], now[y]) {
			return tea.Batch(append(cmds, a.do(keymap.PickColumnLeft))...), false
		}
		if marked(now[y], x) {
			return tea.Batch(append(cmds, a.do(keymap.SortColumn))...), true
		}
		if turn > 0 && reflect.DeepEqual(before[y], now[y]) {
			break // all around
		}
		if turn == 0 {
			before = now
		}
	}
	return tea.Batch(cmds...), true
}

// drawn is the body as the screen draws it.
func (a *App) drawn() canvas.Block {
	p := a.top()
	w, h := a.body()
	return p.screen.Draw(a.envOf(p)).Fit(w, h)
}

// cursorRow is the row of the body that the cursor is on.
func cursorRow(body canvas.Block) (int, bool) {
	for y, line := range body {
		for _, s := range line.Spans {
			if s.Token == theme.Cursor && s.Text.Width() > 0 {
				return y, true
			}
		}
	}
	return 0, false
}

// marked reports that the accent of the line is at a cell of it.
func marked(line canvas.Line, x int) bool {
	at := 0
	for _, s := range line.Spans {
		w := s.Text.Width()
		if x >= at && x < at+w {
			return s.Token == theme.Accent
		}
		at += w
	}
	return false
}
