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
