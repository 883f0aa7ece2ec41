package views

// PrintedRoute is the page of what a line after ":" prints. Once is the leave to
// carry it out, for a line that does something; nil for one that only shows.
type PrintedRoute struct {
	Line string
	Once *OneTime
}

// OneTime is the leave to do something exactly once: a route outlives its screen,
// and coming back to it must not do it again. It belongs to the event loop.
type OneTime struct{ used bool }

// NewOneTime makes a leave that nobody took.
func NewOneTime() *OneTime { return &OneTime{} }

// Take gives the leave to whoever asks first, and to nobody after that.
func (t *OneTime) Take() bool {
	if t == nil || t.used {
		return false
	}
	t.used = true
	return true
}
