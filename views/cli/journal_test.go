package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// written is a journal of two calls, the second of which nobody answered.
func writtenJournal(t *testing.T) (j journal, path string) {
	t.Helper()
	j = journal{dir: filepath.Join(t.TempDir(), "korescope"), profile: "p", host: "h", bot: "st-1", clock: time.Now}
	done, err := j.begin("testsuite/run", "smoke\u202e\u009b")
	if err != nil {
		t.Fatal(err)
	}
	if err := done("done: ctr-1"); err != nil {
		t.Fatal(err)
	}
	if _, err := j.begin("testsuite/run", "nightly"); err != nil {
		t.Fatal(err)
	}
	return j, filepath.Join(j.dir, journalName)
}

// A line that was changed, taken out or put in is found; what older versions wrote
// before the first sum is taken as it is.
func TestTheJournalHoldsTogether(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil  func(lines [][]byte) [][]byte
		broken []int
	}{
		"as written":   {func(l [][]byte) [][]byte { return l }, nil},
		"changed":      {func(l [][]byte) [][]byte { l[0] = bytes.Replace(l[0], []byte(`"h"`), []byte(`"x"`), 1); return l }, []int{2}},
		"taken out":    {func(l [][]byte) [][]byte { return slices.Delete(l, 1, 2) }, []int{2}},
		"put in":       {func(l [][]byte) [][]byte { return slices.Insert(l, 1, l[0]) }, []int{2}},
		"swapped":      {func(l [][]byte) [][]byte { l[0], l[1] = l[1], l[0]; return l }, []int{1, 2, 3}},
		"no JSON":      {func(l [][]byte) [][]byte { l[2] = []byte("{"); return l }, []int{3}},
		"older before": {func(l [][]byte) [][]byte { return append([][]byte{[]byte(`{"when":"x"}`)}, l...) }, []int{2}},
	} {
		_, path := writtenJournal(t)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsRune(data, '\u202e') || bytes.ContainsRune(data, '\u009b') {
			t.Errorf("kept raw: %q", data)
		}
		lines := tt.spoil(bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")))
		if err := os.WriteFile(path, append(bytes.Join(lines, []byte("\n")), '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, broken, err := readJournal(path); err != nil || !slices.Equal(broken, tt.broken) {
			t.Errorf("%s: broken at %v, %v", name, broken, err)
		}
	}
}

// The command shows calls whose end nobody saw, and a process that was killed in
// the middle of a line spoils no other.
func TestOpenCallsAreShown(t *testing.T) {
	_, path := writtenJournal(t)
	state := filepath.Dir(filepath.Dir(path))
	t.Setenv("XDG_STATE_HOME", state)
	out, talk, code := quickly(t.Context(), hasty, "journal", "-o", "ndjson", "--fields", "target,answer")
	want := `{"target":"nightly","answer":null}` + "\n" + `{"target":"smoke\u202e\u009b","answer":"done: ctr-1"}` + "\n"
	if code != 0 || out != want || !strings.Contains(talk, "1 without an answer") {
		t.Errorf("left with %d: %s%s", code, out, talk)
	}
	if out, _, code := quickly(t.Context(), hasty, "journal", "verify"); code != 0 || !strings.HasPrefix(out, "ok: 3 lines") {
		t.Errorf("left with %d: %s", code, out)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"when":"2026`); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	j := journal{dir: filepath.Dir(path), clock: time.Now}
	if _, err := j.begin("testsuite/delete", "smoke"); err != nil {
		t.Fatal(err)
	}
	lines, broken, err := readJournal(path)
	if err != nil || len(lines) != 4 || !slices.Equal(broken, []int{4}) {
		t.Errorf("%d lines, broken at %v, %v", len(lines), broken, err)
	}
	if _, talk, code := quickly(t.Context(), hasty, "journal", "verify"); code != 1 || !strings.Contains(talk, "at line 4") {
		t.Errorf("left with %d: %s", code, talk)
	}
}

// One word that is no program may be the secret: it is refused and not shown.
func TestASecretInTheWrongPlaceIsNotRepeated(t *testing.T) {
	const pasted = "demo-secret-not-a-program"
	for _, answer := range []string{pasted, " " + pasted + " "} {
		if _, err := secretFrom(answer); err == nil || strings.Contains(err.Error(), pasted) {
			t.Errorf("%q: %v", answer, err)
		}
	}
	for _, answer := range []string{"pass show kore/main", "file:/x", "env:NAME", "sh"} {
		if _, err := secretFrom(answer); err != nil {
			t.Errorf("%q: %v", answer, err)
		}
	}
	out, talk, code := quickly(t.Context(), hasty, "config", "init", "--no-input", "--secret-command", pasted)
	if code != 2 || strings.Contains(out+talk, pasted) {
		t.Errorf("left with %d: %s%s", code, out, talk)
	}
}

// What leaves the machine and what is shown although a mask is on stands in the
// journal; unmasked it stays where it is when that cannot be kept.
func TestExportsAndUnmaskingStandInTheJournal(t *testing.T) {
	world := stage(t, "", nil)
	standIn, err := standIns(world.Credentials()[0].Secret)
	if err != nil {
		t.Fatal(err)
	}
	ids := sessionIDsOf(t, 2)
	dir := filepath.Join(t.TempDir(), "case")
	succeed(t, append([]string{"export", "--to", dir}, ids...)...)
	succeed(t, "export", "--no-mask", "--format", "md", ids[0])
	succeed(t, "changes", "--since", "2d")
	succeed(t, "changes", "--since", "2d", "--no-mask")
	want := `{"call":"show unmasked","target":"changes","answer":"shown"}
{"call":"export","target":"` + standIn("session", ids[0]) + `","answer":"md, NOT masked, stdout"}
{"call":"export","target":"` + standIn("session", ids[0]) + ", " + standIn("session", ids[1]) + `","answer":"case, masked, ` + dir + `"}
`
	if got := succeed(t, "journal", "-o", "ndjson", "--fields", "call,target,answer"); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, manifestFile)) // no folder can be made in a file
	if out, talk, code := run(t, "export", "--no-mask", "--format", "md", ids[0]); code == 0 || out != "" || !strings.Contains(talk, "journal cannot be kept") {
		t.Errorf("unmasked left with %d: %s%s", code, out, talk)
	}
	if out, talk, code := run(t, "export", "--format", "md", ids[0]); code != 0 || out == "" || !strings.Contains(talk, "stands in no journal") {
		t.Errorf("masked left with %d: %s", code, talk)
	}
}

// A line whose sum could not be made is not written, and what it is about not done.
func TestALineThatIsTooLongIsRefused(t *testing.T) {
	j, path := writtenJournal(t)
	if _, err := j.begin("eraseUsersData", strings.Repeat("u", longestLine)); err == nil {
		t.Error("a line of 64 KiB was written")
	}
	if lines, broken, err := readJournal(path); len(lines) != 3 || len(broken) > 0 || err != nil {
		t.Errorf("%d lines, broken at %v, %v", len(lines), broken, err)
	}
}
