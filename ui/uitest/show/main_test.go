package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every picture that is kept can be shown, in any theme.
func TestEveryPictureIsShown(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "testdata", "screens")
	seen := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		seen++
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		var out strings.Builder
		if err := run([]string{"-dir", dir, "-theme", "light", name}, nil, &out); err != nil || out.Len() == 0 {
			t.Errorf("%s: %d bytes, %v", name, out.Len(), err)
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Fatalf("%d pictures, %v", seen, err)
	}
}

func TestAPictureFromAStream(t *testing.T) {
	kept, err := os.Open(filepath.Join("..", "..", "..", "testdata", "screens", "doctor", "well-80x24.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	var out strings.Builder
	if err := run([]string{"-svg", "-"}, kept, &out); err != nil || !strings.HasPrefix(out.String(), "<svg ") {
		t.Errorf("%.60q, %v", out.String(), err)
	}
	if err := run([]string{"no/such"}, nil, &out); err == nil {
		t.Error("a picture that is not kept was shown")
	}
}
