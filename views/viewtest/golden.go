package viewtest

import (
	"fmt"
	"testing"

	"korescope/ui/uitest"
)

// top is the way from a screen's folder to the top of the checkout.
const top = "../.."

// Golden compares the frame with testdata/screens/NAME-WxH.txt.
func (s *Stage) Golden(name string) {
	s.t.Helper()
	uitest.Golden(s.t, top, fmt.Sprintf("%s-%dx%d", name, s.width, s.height), s.Grid())
}

// Sizes runs the test at the two sizes every state is kept at.
func Sizes(t *testing.T, f func(t *testing.T, w, h int)) {
	t.Helper()
	for _, size := range [][2]int{{80, 24}, {140, 40}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) { f(t, size[0], size[1]) })
	}
}
