package cache

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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
		return errors.Join(firstPage(c, 0), firstPage(c, 1))
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	o.Decoder = Decoder{Version: 1, Message: func(raw json.RawMessage) api.Message {
		return api.Message{Text: "anew " + string(raw), Task: "Refund", Latency: api.Latency{Total: api.Known(2100)}, Kind: api.KindText, Time: noon()}
	}}
	s = mustOpen(t, o)
	s.idle.Wait()
	r := Sessions(s, nil, Offline)
	for page := range 2 {
		a, err := r.Cached(t.Context(), api.SessionQuery{Window: pageWindow(page)})
		if err != nil || a.Partial || len(a.Value) != pageRows {
			t.Errorf("page %d: %d rows, partial %v, %v", page, len(a.Value), a.Partial, err)
		}
		for _, v := range a.Value {
			if len(v.AltText) != 1 || v.AltText[0].Name != "label" || !slices.Equal(v.TaskNames, []string{"Refund"}) || v.Slowest != api.Known(2100) {
				t.Fatalf("captions %v, tasks %v, slowest %v", v.AltText, v.TaskNames, v.Slowest)
			}
		}
		// What the reader of today reads out of a row can be found too.
		for _, what := range []string{fmt.Sprintf("needle%d", page), fmt.Sprintf("anew needle%d", page)} {
			hits, err := s.Find(t.Context(), FindQuery{Text: what, Limit: 100})
			if err != nil || len(hits) != pageRows {
				t.Errorf("%s: %d hits, %v", what, len(hits), err)
			}
		}
	}
	fillWithEvidence(t, s)
	info, err := s.Info(t.Context())
	if err != nil || info.Schema != len(newest) || info.Sessions != 2*pageRows || info.Lines != 9 || info.Jobs != 1 {
		t.Errorf("%+v, %v", info, err)
	}
}

// firstPage is writePage for a file of the first schema.
func firstPage(c *conn, page int) error {
	w := pageWindow(page)
	for i := range pageRows {
		start := w.From.Add(time.Duration(i) * time.Second)
		v := sessionAt(start, page*pageRows+i, false)
		if err := c.exec(`INSERT INTO session (at, id, bot, user, channel, start, "end", langs, kind, containment, status, dev, messages, tasks, tags, unreadable, settled, fetched)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, start.UnixMilli(), string(v.ID), string(v.Bot), string(v.User), v.Channel, millis(v.Start), millis(v.End),
			"en", v.Kind, string(v.Containment), v.Status, nil, nil, nil, nil, "", 1, noon().UnixMilli()); err != nil {
			return err
		}
		if err := c.exec("INSERT INTO session_raw (id, raw) VALUES (?, ?)", string(v.ID),
			[]byte(`{"tags":{"altText":[{"name":"label","value":"Pay now"}]}}`)); err != nil {
			return err
		}
		words := fmt.Sprintf("needle%d in page", page)
		rid, err := newRid(c, "message", "m", messageBit, start)
		if err != nil {
			return err
		}
		if err := c.exec(`INSERT INTO message (rid, id, session, user, bot, direction, time, stamp, channel, channel_id, kind, text, template, options, trace, language, status, tags, raw, unreadable, fetched)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, rid, "m", string(v.ID), "", "", string(api.FromUser), millis(start), 0, "", "", string(api.KindText),
			words, "", nil, "", "", "", nil, []byte(words), "", noon().UnixMilli()); err != nil {
			return err
		}
		if err := index(c, rid, words, false); err != nil {
			return err
		}
	}
	return recordSpan(c, question{}, w, noon())
}
