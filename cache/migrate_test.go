package cache

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"korescope/api"
)

// testSteps is the schema and two more steps.
func testSteps() []string {
	steps, err := migrations()
	if err != nil {
		panic(err) // embedded files cannot fail
	}
	return append(steps,
		"CREATE TABLE later (n INTEGER) STRICT; INSERT INTO later VALUES (1)",
		"ALTER TABLE later ADD COLUMN m INTEGER; UPDATE later SET m = 2")
}

func TestKilledInEveryStep(t *testing.T) {
	for step := 1; step <= len(testSteps()); step++ {
		dir := t.TempDir()
		cmd, out := startChild(t, "migrate", dir, strconv.Itoa(step))
		for out.Scan() {
			t.Fatal(out.Text())
		}
		if cmd.Wait() == nil {
			t.Fatal("the process was not killed")
		}
		o := childOptions(dir)
		o.steps = testSteps()
		s := mustOpen(t, o)
		info, err := s.Info(t.Context())
		if err != nil || info.Schema != len(o.steps) || info.Memory {
			t.Errorf("killed in step %d: schema %d, memory %v, %v", step, info.Schema, info.Memory, err)
		}
		var m int64
		if err := s.read(t.Context(), "look", func(c *conn) (err error) {
			m, err = c.number("SELECT sum(m) FROM later")
			return err
		}); err != nil || m != 2 {
			t.Errorf("killed in step %d: %d, %v", step, m, err)
		}
	}
}

func TestOlderFileIsBroughtUpToDate(t *testing.T) {
	c := newClock()
	o := options(t, c)
	s := mustOpen(t, o)
	if err := s.write(t.Context(), "page", func(c *conn) error { return writePage(c, 0) }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	o.steps = testSteps()
	checkPages(t, mustOpen(t, o), 1)
}

func TestNewerFileIsLeftAlone(t *testing.T) {
	c := newClock()
	o := options(t, c)
	newer := o
	newer.steps = testSteps()
	if err := mustOpen(t, newer).Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.Dir, "test.db")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s, notice, err := Open(t.Context(), o)
		if err != nil || !strings.Contains(string(notice), "newer version") {
			t.Fatalf("%q, %v", notice, err)
		}
		info, err := s.Info(t.Context())
		if err != nil || filepath.Base(info.Path) != fmt.Sprintf("test~v%d.db", len(newer.steps)-2) {
			t.Errorf("%s, %v", info.Path, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	after, err := os.ReadFile(path)
	if err != nil || string(before) != string(after) {
		t.Errorf("the newer file was changed, %v", err)
	}
}

func TestFirstSchemaIsBroughtUpToDate(t *testing.T) {
	c := newClock()
	o := options(t, c)
	newest, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	old := o
	old.steps = newest[:1]
	s := mustOpen(t, old)
	s.idle.Wait() // it knows tables that are not there yet
	if err := s.write(t.Context(), "pages", func(c *conn) error {
		return errors.Join(writePage(c, 0), writePage(c, 1))
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, o)
	r := Sessions(s, nil, Offline)
	for page := range 2 {
		a, err := r.Cached(t.Context(), api.SessionQuery{Window: pageWindow(page)})
		if err != nil || a.Partial || len(a.Value) != pageRows {
			t.Errorf("page %d: %d rows, partial %v, %v", page, len(a.Value), a.Partial, err)
		}
		hits, err := s.Find(t.Context(), FindQuery{Text: fmt.Sprintf("needle%d", page), Limit: 100})
		if err != nil || len(hits) != pageRows {
			t.Errorf("page %d: %d hits, %v", page, len(hits), err)
		}
	}
	fillWithEvidence(t, s)
	info, err := s.Info(t.Context())
	if err != nil || info.Schema != len(newest) || info.Sessions != 2*pageRows || info.Lines != 9 || info.Jobs != 1 {
		t.Errorf("%+v, %v", info, err)
	}
}
