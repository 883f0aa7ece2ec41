package cli

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

func TestFoldersOfDeadDemosGo(t *testing.T) {
	dir := t.TempDir()
	const nobody = 1 << 30 // above any process id
	names := map[string]bool{
		demoMark + strconv.Itoa(nobody) + "-1":      false,
		demoMark + strconv.Itoa(os.Getpid()) + "-2": true,
		demoMark + "word-3":                         true,
		"another-4":                                 true,
	}
	for name := range names {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	sweepDemos(dir)
	for name, stays := range names {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != stays {
			t.Errorf("%s: %v, should stay %v", name, err, stays)
		}
	}
}
