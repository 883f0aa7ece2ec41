package logs_test

import (
	"testing"

	"korescope/views/viewtest"
)

// Whatever is pressed in whatever state and size: no panic, no reader asked on
// the loop, no line past the edge.
func TestStorm(t *testing.T) {
	all := map[string]func(*testing.T) *viewtest.Stage{}
	for _, st := range states() {
		all[st.name] = func(t *testing.T) *viewtest.Stage {
			s := st.set(t).open(80, 24)
			st.do(s)
			s.Keys("esc", "esc")
			return s.Stage
		}
	}
	viewtest.Storms(t, all)
}
