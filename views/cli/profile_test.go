package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A profile is written where it is asked for, closed to others, and help keeps
// silent about it.
func TestAProfile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cpu.prof")
	var out, errs bytes.Buffer
	if code := Run(t.Context(), []string{"completion", "bash", "--profile-cpu", path}, Streams{Out: &out, Err: &errs}); code != 0 {
		t.Fatalf("code %d: %s", code, errs.String())
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	out.Reset()
	if Run(t.Context(), []string{"--help"}, Streams{Out: &out, Err: &errs}); strings.Contains(out.String(), "profile-cpu") {
		t.Error("help lists it")
	}
	if code := Run(t.Context(), []string{"completion", "bash", "--profile-cpu", filepath.Join(path, "no")}, Streams{Out: &out, Err: &errs}); code == 0 {
		t.Error("a file that cannot be written is no failure")
	}
}
