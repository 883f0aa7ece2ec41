package viewtest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"korescope/ui/uitest"
)

// top is the way from a screen's folder to the top of the checkout.
const top = "../.."

// Picture is one golden: a state of a screen at a size.
type Picture struct {
	Name string
	W, H int
	// Draw puts the state on a stage of that size.
	Draw func(t *testing.T, w, h int) *Stage
}

// file is the golden's name below testdata/screens, without its ending.
func (p Picture) file(screen string) string {
	return fmt.Sprintf("%s/%s-%dx%d", screen, p.Name, p.W, p.H)
}

// Both is the state at the two sizes every state is kept at.
func Both(name string, draw func(t *testing.T, w, h int) *Stage) []Picture {
	return []Picture{{name, 80, 24, draw}, {name, 140, 40, draw}}
}

// Gallery compares every picture with testdata/screens/SCREEN/NAME-WxH.txt, and
// fails when there is a golden that belongs to none of them: it would be read in
// review as if it were still true.
func Gallery(t *testing.T, screen string, pictures []Picture) {
	t.Helper()
	known := map[string]bool{}
	for _, p := range pictures {
		file := p.file(screen)
		if known[filepath.Base(file)+".txt"] {
			t.Errorf("two pictures are called %s", file)
		}
		known[filepath.Base(file)+".txt"] = true
		t.Run(filepath.Base(file), func(t *testing.T) {
			uitest.Golden(t, top, file, p.Draw(t, p.W, p.H).Body().String())
		})
	}
	entries, err := os.ReadDir(filepath.Join(top, "testdata", "screens", screen))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !known[e.Name()] {
			t.Errorf("no picture is kept in testdata/screens/%s/%s; delete it", screen, e.Name())
		}
	}
}
