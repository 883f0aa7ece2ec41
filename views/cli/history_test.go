package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"korescope/ui"
	"korescope/views"
)

func TestWhatWasTypedOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	p := past{dir: dir}
	if got := p.read(); len(got) > 0 {
		t.Errorf("before anything was typed: %v", got)
	}
	for _, line := range []string{"type:agent", "chanel:rtm", "type:agent", "  two\tparts ", "   "} {
		if err := p.keep(ui.FindPrompt, line); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.keep(ui.CommandPrompt, "billing hour"); err != nil {
		t.Fatal(err)
	}
	got := past{dir: dir}.read()
	if !slices.Equal(got[ui.FindPrompt], []string{"chanel:rtm", "type:agent", "two parts"}) ||
		!slices.Equal(got[ui.CommandPrompt], []string{"billing hour"}) {
		t.Errorf("kept %q", got)
	}
	info, err := os.Stat(filepath.Join(dir, pastName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestMaskedValuesAreNotKept(t *testing.T) {
	t.Parallel()
	mask, err := views.NewMasker(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := past{dir: t.TempDir(), mask: mask}
	for _, line := range []string{"user:pat@example.test", "type:agent"} {
		if err := p.keep(ui.FindPrompt, line); err != nil {
			t.Fatal(err)
		}
	}
	if got := p.read()[ui.FindPrompt]; !slices.Equal(got, []string{"type:agent"}) {
		t.Errorf("kept %q", got)
	}
}

func TestThePastIsBoundedAndNobodyElses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := past{dir: dir}
	long := strings.Repeat("x", 4000)
	for i := range 60 {
		if err := p.keep(ui.FindPrompt, long+string(rune('a'+i%26))); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(p.path()); err != nil || info.Size() > 2*pastMost+5000 {
		t.Errorf("%d bytes, %v", info.Size(), err)
	}
	if got := p.read()[ui.FindPrompt]; len(got) == 0 || len(got[0]) != 4001 {
		t.Errorf("%d lines", len(got))
	}
	other := past{dir: t.TempDir()}
	if err := os.Symlink(p.path(), other.path()); err != nil {
		t.Fatal(err)
	}
	if err := other.keep(ui.FindPrompt, "through a link"); err == nil || len(other.read()) > 0 {
		t.Error("a link was followed")
	}
	if err := (past{}).keep(ui.FindPrompt, "nowhere"); err != nil {
		t.Error(err)
	}
}
