package viewtest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each screen's test finds goldens of its own that are no longer drawn; a whole
// folder without a test is found here.
func TestEveryFolderOfTheGalleryHasATest(t *testing.T) {
	top := filepath.Join("..", "..")
	folders, err := os.ReadDir(filepath.Join(top, "testdata", "screens"))
	if err != nil {
		t.Fatal(err)
	}
	sources := tests(t, top)
	for _, f := range folders {
		if !f.IsDir() || !strings.Contains(sources, `"`+f.Name()+`/`) && !strings.Contains(sources, `"`+f.Name()+`"`) {
			t.Errorf("testdata/screens/%s belongs to no test", f.Name())
		}
	}
}

// tests is the text of all tests in the checkout.
func tests(t *testing.T, top string) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(top, func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != top:
			return filepath.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		b, err := os.ReadFile(path)
		out.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}
