package ui

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
