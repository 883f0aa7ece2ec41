package uitest

import tea "charm.land/bubbletea/v2"

// counted wraps a model so that every command is counted from before it starts
// until its message has been handled.
type counted struct {
	d     *Driver
	inner tea.Model
}

// handled carries a message whose handling ends a flight.
type handled struct{ msg tea.Msg }

func (d *Driver) count(msg tea.Msg) tea.Msg {
	d.touch(func() { d.flights++ })
	return handled{msg: msg}
}

func (d *Driver) landed() { d.touch(func() { d.flights-- }) }

func (c counted) Init() tea.Cmd { return c.wrap(c.inner.Init()) }

func (c counted) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	c.d.touch(func() { c.d.dirty = true }) // until View has been called
	h, flight := msg.(handled)
	if flight {
		msg = h.msg
	}
	if flight && msg == nil {
		c.d.landed()
		return c, nil
	}
	var cmd tea.Cmd
	c.inner, cmd = c.inner.Update(msg)
	cmd = c.wrap(cmd)
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		c.d.touch(func() { c.d.seen = [2]int{size.Width, size.Height} })
	}
	if flight {
		c.d.landed()
	}
	return c, cmd
}

func (c counted) View() tea.View {
	v := c.inner.View()
	c.d.touch(func() { c.d.view, c.d.dirty = v.Content, false })
	return v
}

func (c counted) wrap(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	c.d.touch(func() { c.d.flights++ })
	return func() tea.Msg {
		switch msg := cmd().(type) {
		case nil:
			return handled{}
		case tea.BatchMsg:
			wrapped := make(tea.BatchMsg, 0, len(msg)+1)
			for _, inner := range msg {
				wrapped = append(wrapped, c.wrap(inner))
			}
			// The batch itself lands as a member, after its members took off.
			return append(wrapped, func() tea.Msg { return handled{} })
		default:
			if library(msg) {
				c.d.landed()
				return msg
			}
			return handled{msg: msg}
		}
	}
}
