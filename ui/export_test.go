package ui

import tea "charm.land/bubbletea/v2"

// Watch calls see with every screen built from now on.
func (a *App) Watch(see func(Screen)) {
	build := a.o.Build
	a.o.Build = func(r Route) (Screen, error) {
		s, err := build(r)
		if err == nil {
			see(s)
		}
		return s, err
	}
}

// Rebuild makes the shell build its screens anew.
func (a *App) Rebuild(build func(Route) (Screen, error)) { a.o.Build = build }

// Reparse makes the shell read its command lines anew.
func (a *App) Reparse(parse func(string) (Route, bool, error)) { a.o.Parse = parse }

// Measure reads the budget.
func (a *App) Measure() tea.Cmd { return a.measure() }
