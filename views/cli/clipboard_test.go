package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"korescope/ui"
	"korescope/ui/text"
)

func TestACopySaysWhatIsKnown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	took := ""
	load := func(_ context.Context, v string) error { took = v; return nil }
	fails := func(context.Context, string) error { return errors.New("no server") }
	for _, c := range []struct {
		name     string
		clip     clipboard
		value    string
		says     []string
		lacks    []string
		sequence string
	}{
		{"a terminal", clipboard{dir: dir, home: dir}, "abc", []string{"id now in ~/clip.txt", "does not say"}, []string{"tmux"}, "\x1b]52;c;YWJj"},
		{"tmux", clipboard{dir: dir, tmux: true, load: load}, "abc", []string{"now in tmux's buffer and in "}, nil, "\x1bPtmux;"},
		{"tmux without a server", clipboard{dir: dir, tmux: true, load: fails}, "abc", []string{"clip.txt"}, []string{"tmux"}, "\x1bPtmux;"},
		{"screen", clipboard{dir: dir, screen: true}, strings.Repeat("x", 2000), []string{"clip.txt"}, nil, "\x1b\\\x1bP"},
		{"too long", clipboard{dir: dir}, strings.Repeat("x", 80_000), []string{"clip.txt", "80 kB, more than a terminal takes"}, []string{"handed"}, ""},
		{"off", clipboard{off: true, dir: dir}, "secret", []string{"switched off"}, []string{"clip.txt"}, ""},
		{"no state folder", clipboard{}, "abc", []string{"handed to the terminal's clipboard"}, []string{"is in"}, "\x1b]52"},
	} {
		out := c.clip.carry(t.Context(), ui.Clip{Name: text.Lit("id"), Value: c.value})
		for _, want := range c.says {
			if !strings.Contains(out.Said.String(), want) {
				t.Errorf("%s: no %q in %q", c.name, want, out.Said)
			}
		}
		for _, no := range c.lacks {
			if strings.Contains(out.Said.String(), no) {
				t.Errorf("%s: %q in %q", c.name, no, out.Said)
			}
		}
		if c.sequence == "" && out.Sequence != "" || !strings.Contains(out.Sequence, c.sequence) {
			t.Errorf("%s: the terminal gets %.60q", c.name, out.Sequence)
		}
	}
	if took != "abc" {
		t.Errorf("tmux got %q", took)
	}
	info, err := os.Stat(filepath.Join(dir, clipName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, clipName)); err != nil || string(data) == "secret" {
		t.Errorf("the file holds %.20q, %v", data, err)
	}
}

func TestTheLocaleOfTheFarEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{nil, true},
		{map[string]string{"LANG": "en_US.UTF-8"}, true},
		{map[string]string{"LANG": "en_US.UTF-8", "LC_ALL": "C"}, false},
		{map[string]string{"LANG": "de_DE.ISO-8859-1"}, false},
		{map[string]string{"LC_CTYPE": "C.utf8", "LANG": "C"}, true},
		{map[string]string{"LANG": "POSIX"}, false},
	} {
		if got := utf8Locale(func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("%v: %v", c.env, got)
		}
	}
}
