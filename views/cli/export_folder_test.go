package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"korescope/views"
)

// trap is a file that nobody may write to.
func trap(t *testing.T, dir string) (path string, whole func()) {
	t.Helper()
	path = filepath.Join(dir, "victim")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, func() {
		t.Helper()
		if data, err := os.ReadFile(path); err != nil || string(data) != "mine" {
			t.Errorf("the victim holds %q, %v", data, err)
		}
	}
}

// Whatever stands where the folder should be made: it is refused before anything
// is asked, and stays as it is.
func TestFoldersThatAreRefused(t *testing.T) {
	world := stage(t, "", nil)
	for name, set := range map[string]func(dir, victim string) (string, error){
		"a link to an empty folder": func(dir, _ string) (string, error) {
			return filepath.Join(dir, "link"), errors.Join(os.Mkdir(filepath.Join(dir, "empty"), 0o700), os.Symlink("empty", filepath.Join(dir, "link")))
		},
		"a link with a slash behind it": func(dir, _ string) (string, error) {
			return filepath.Join(dir, "link") + "/", errors.Join(os.Mkdir(filepath.Join(dir, "empty"), 0o700), os.Symlink("empty", filepath.Join(dir, "link")))
		},
		"a link to nothing": func(dir, _ string) (string, error) {
			return filepath.Join(dir, "link"), os.Symlink("nothing", filepath.Join(dir, "link"))
		},
		"a link to a file": func(dir, victim string) (string, error) {
			return filepath.Join(dir, "link"), os.Symlink(victim, filepath.Join(dir, "link"))
		},
		"a file":                  func(_, victim string) (string, error) { return victim, nil },
		"a folder above":          func(dir, _ string) (string, error) { return filepath.Join(dir, "x", "..", "..") + "/.", nil },
		"a folder that holds one": func(dir, _ string) (string, error) { return dir, nil },
		"a planted link": func(dir, victim string) (string, error) {
			full := filepath.Join(dir, "full")
			return full, errors.Join(os.Mkdir(full, 0o700), os.Symlink(victim, filepath.Join(full, timelineFile)))
		},
		"a planted second name": func(dir, victim string) (string, error) {
			full := filepath.Join(dir, "full")
			return full, errors.Join(os.Mkdir(full, 0o700), os.Link(victim, filepath.Join(full, sessionsFile)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			victim, whole := trap(t, dir)
			to, err := set(dir, victim)
			if err != nil {
				t.Fatal(err)
			}
			_, talk, code := run(t, "export", "68f1a3d04c7e2b9a5d10e3f7", "--to", to)
			if code != views.ExitUsage || !strings.Contains(talk, "--to") {
				t.Errorf("left with %d: %s", code, talk)
			}
			whole()
			if entries, err := os.ReadDir(filepath.Join(dir, "empty")); err == nil && len(entries) > 0 {
				t.Errorf("written through the link: %v", entries)
			}
		})
	}
	if n := world.Truth().Requests; len(n) > 0 {
		t.Errorf("the platform was asked: %v", n)
	}
}

func write(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

// What another hand puts into the folder while it is written is neither followed
// nor replaced.
func TestWhatIsPlantedMeanwhile(t *testing.T) {
	for name, plant := range map[string]func(dir, victim string) error{
		"link at the name":         func(dir, victim string) error { return os.Symlink(victim, filepath.Join(dir, "b.json")) },
		"link at the first name":   func(dir, victim string) error { return os.Symlink(victim, filepath.Join(dir, "b.json.part")) },
		"second name at the name":  func(dir, victim string) error { return os.Link(victim, filepath.Join(dir, "b.json")) },
		"second name at the first": func(dir, victim string) error { return os.Link(victim, filepath.Join(dir, "b.json.part")) },
		"folder at the name":       func(dir, _ string) error { return os.Mkdir(filepath.Join(dir, "b.json"), 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			victim, whole := trap(t, dir)
			c, err := openCase(filepath.Join(dir, "case"))
			if err != nil {
				t.Fatal(err)
			}
			if err := c.create("a.json", "", write("a")); err != nil {
				t.Fatal(err)
			}
			if err := plant(c.path, victim); err != nil {
				t.Fatal(err)
			}
			if err := c.create("b.json", "", write("b")); err == nil {
				t.Error("it was written all the same")
			}
			c.abandon()
			whole()
			if _, err := os.Lstat(filepath.Join(c.path, "a.json")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("what was written stays: %v", err)
			}
			entries, err := os.ReadDir(c.path)
			if err != nil || len(entries) != 1 {
				t.Errorf("of the other hand: %v, %v", entries, err)
			}
		})
	}
}

// A folder that is changed for a link between the look and the opening.
func TestAFolderChangedForAnother(t *testing.T) {
	for name, change := range map[string]func(dir string) error{
		"link":           func(dir string) error { return os.Symlink("other", filepath.Join(dir, "case")) },
		"another folder": func(dir string) error { return os.Rename(filepath.Join(dir, "other"), filepath.Join(dir, "case")) },
	} {
		dir := t.TempDir()
		c, err := openCase(filepath.Join(dir, "case"))
		if err = errors.Join(err, os.Mkdir(filepath.Join(dir, "other"), 0o700), os.Remove(c.path), change(dir)); err != nil {
			t.Fatal(err)
		}
		if err := c.ours(); err == nil {
			t.Errorf("%s: it is still taken for ours", name)
		}
		if err := c.root.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A failure in the middle leaves nothing behind, not even the folder.
func TestAFailureLeavesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "case")
	c, err := openCase(path)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the disk is full")
	err = errors.Join(c.create("a.json", "", write("a")), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.create("b.json", "", func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	c.abandon()
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder stays: %v", err)
	}
}

// An empty folder that is there is taken, and closed to others.
func TestAnEmptyFolderIsTaken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "case")
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := openCase(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.create("a.json", "", write("a")), c.close()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{"": fs.ModeDir | 0o700, "a.json": 0o600} {
		if info, err := os.Lstat(filepath.Join(path, name)); err != nil || info.Mode() != want {
			t.Errorf("%q: %v, %v", name, info.Mode(), err)
		}
	}
}
