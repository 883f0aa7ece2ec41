package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"korescope/keymap"
)

const (
	keysBegin = "<!-- keys: begin, written by the test of this table -->\n"
	keysEnd   = "<!-- keys: end -->"
)

// The key table of the README is the table the program uses. With
// KORESCOPE_WRITE_README set the test writes it instead of comparing.
func TestReadmeShowsTheKeys(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	m, issues := keymap.New(keymap.Defaults(), nil)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	head, rest, ok := strings.Cut(string(data), keysBegin)
	have, tail, ok2 := strings.Cut(rest, keysEnd)
	if !ok || !ok2 {
		t.Fatal("the marks around the table are gone")
	}
	want := keymap.Markdown(m)
	if have == want {
		return
	}
	if os.Getenv("KORESCOPE_WRITE_README") != "" {
		if err := os.WriteFile("README.md", []byte(head+keysBegin+want+keysEnd+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Error("the key table differs from the program's; run the test with KORESCOPE_WRITE_README=1 and read the difference")
}

// Every picture and anchor the README points at exists.
func TestReadmeLinks(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(string(data), -1) {
		target := m[1]
		if anchor, ok := strings.CutPrefix(target, "#"); ok {
			if !strings.Contains(strings.ToLower(string(data)), "\n## "+strings.ReplaceAll(anchor, "-", " ")+"\n") {
				t.Errorf("no heading for #%s", anchor)
			}
			continue
		}
		if _, err := os.Stat(target); err != nil {
			t.Errorf("%s is not there", target)
		}
	}
}
