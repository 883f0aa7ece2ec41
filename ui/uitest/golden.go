package uitest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

// update is registered once for all packages that import uitest.
//
//nolint:gochecknoglobals // a test flag has to be registered before main runs
var update = flag.Bool("update", false, "write golden screens instead of comparing")

// Golden compares a picture with testdata/screens/NAME.txt below dir, which is
// the way from the test's folder to the top of the checkout. What was kept is
// seen as a terminal shows it with
//
//	go run ./ui/uitest/show NAME
func Golden(t *testing.T, dir, name, got string) {
	t.Helper()
	path := filepath.Join(dir, "testdata", "screens", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("no golden screen %s; run the test with -update and look at it", name)
	}
	if string(want) != got {
		t.Errorf("screen %s differs\n--- want\n%s--- got\n%s", name, want, got)
	}
}
