package output

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"korescope/api"
	"korescope/views"
)

func now() time.Time { return time.Date(2025, 10, 17, 12, 0, 0, 0, time.UTC) }

func talk() []api.Message {
	return []api.Message{
		{ID: "m1", Session: "s1", Direction: api.FromUser, Time: now(), Text: "hi", Kind: api.KindText, Channel: "rtm"},
		{ID: "m2", Direction: api.FromBot, Time: now().Add(time.Minute), Text: "a \x1b[2J\u202e\u009b\u200b\x7f\ncell", Options: []api.Option{{Title: "Yes, please"}, {Title: "No"}}},
	}
}

func run(t *testing.T, o Options, rows ...api.Message) string {
	t.Helper()
	var b strings.Builder
	o.Env.Now = now()
	w, err := New(&b, views.MessageFields(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(t.Context(), rows...), w.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFormats(t *testing.T) {
	few := []string{"messageId", "text", "options"}
	const hostile = `"a \u001b[2J\u202e\u009b\u200b\u007f\ncell"`
	tests := map[string]struct {
		options Options
		rows    []api.Message
		want    string
	}{
		"json": {Options{Format: JSON, Fields: few}, talk(), "[\n" +
			`{"messageId":"m1","text":"hi","options":[]}` + ",\n" + `{"messageId":"m2","text":` + hostile + `,"options":["Yes, please","No"]}` + "\n]\n"},
		"json, one row, terminal": {Options{Format: JSON, Fields: few, Terminal: true}, talk()[:1],
			"[\n  {\n    \"messageId\": \"m1\",\n    \"text\": \"hi\",\n    \"options\": []\n  }\n]\n"},
		"json, nothing": {Options{Format: JSON}, nil, "[]\n"},
		"ndjson": {Options{Format: NDJSON, Fields: few, Terminal: true}, talk(),
			`{"messageId":"m1","text":"hi","options":[]}` + "\n" + `{"messageId":"m2","text":` + hostile + `,"options":["Yes, please","No"]}` + "\n"},
		"ndjson, nothing": {Options{Format: NDJSON}, nil, ""},
		"csv": {Options{Format: CSV, Fields: few}, talk(),
			"messageId,text,options\r\nm1,hi,\r\nm2,\"a \\u001b[2J\u202e\\u009b\u200b\\u007f\r\ncell\",\"[\"\"Yes, please\"\",\"\"No\"\"]\"\r\n"},
		"csv, terminal": {Options{Format: CSV, Fields: few, Terminal: true}, talk()[1:],
			"messageId,text,options\r\nm2,\"a \\u001b[2J\\u202e\\u009b\\u200b\\u007f\r\ncell\",\"[\"\"Yes, please\"\",\"\"No\"\"]\"\r\n"},
		"csv, nothing": {Options{Format: CSV, Fields: few}, nil, "messageId,text,options\r\n"},
		"table, pipe": {Options{Format: Table, Fields: []string{"time", "direction", "text", "language"}}, talk(), "" +
			"TIME                      WHO   TEXT                                   LANG\n" +
			"2025-10-17T12:00:00.000Z  user  hi                                     -\n" +
			"2025-10-17T12:01:00.000Z  bot   " + clean(t) + "  -\n"},
		"table, terminal": {Options{Format: Table, Terminal: true, Width: 30}, talk()[:1], "" +
			"TIME      WHO   TEXT\n" +
			"12:00:00  user  hi\n"},
		"table, nothing": {Options{Format: Table, Terminal: true}, nil, "TIME  WHO  TEXT\n"},
		"jq over the array": {Options{Format: JSON, JQ: ".[].messageId, length"}, talk(),
			"\"m1\"\n\"m2\"\n2\n"},
		"jq, bare strings": {Options{Format: Table, JQ: ".[].text, (.[0] | {b: 1, a: .direction})"}, talk(),
			"hi\n" + strings.ReplaceAll(clean(t), "⏎", "\n") + "\n{\"a\":\"user\",\"b\":1}\n"},
		"jq over each": {Options{Format: NDJSON, JQ: ".text", Fields: few}, talk(), "\"hi\"\n" + hostile + "\n"},
		"jq, terminal": {Options{Format: JSON, JQ: ".[0] | {messageId}", Terminal: true}, talk(), "{\n  \"messageId\": \"m1\"\n}\n"},
		"jq, nothing":  {Options{Format: JSON, JQ: "length"}, nil, "0\n"},
		"jq, no field": {Options{Format: JSON, JQ: ".[0]", Fields: []string{"language"}}, talk(), "{\"language\":null}\n"},
		"jq, halt":     {Options{Format: NDJSON, JQ: ".messageId, halt"}, talk(), "\"m1\"\n"},
		"jq, no env":   {Options{Format: JSON, JQ: "env, $ENV"}, nil, "{}\n{}\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := run(t, tt.options, tt.rows...)
			if got != tt.want {
				t.Errorf("got\n%q\nwant\n%q", got, tt.want)
			}
			if strings.ContainsAny(got, "\x1b\x7f\u009b") {
				t.Error("something a terminal obeys came out")
			}
		})
	}
}

// clean is the second message as every table shows it.
func clean(t *testing.T) string {
	t.Helper()
	s := views.MessageLine(talk()[1], views.Env{}).Text.String()
	if strings.ContainsAny(s, "\x1b\u202e\n") {
		t.Fatalf("not clean: %q", s)
	}
	return s
}

func TestMistakesAreFoundBeforePrinting(t *testing.T) {
	tests := map[string]struct {
		options Options
		says    string
	}{
		"field":          {Options{Format: CSV, Fields: []string{"sessionID2"}}, "the fields are messageId, sessionId"},
		"field with jq":  {Options{Format: JSON, JQ: ".", Fields: []string{"x"}}, "no field"},
		"jq":             {Options{Format: JSON, JQ: ".["}, "does not parse"},
		"jq function":    {Options{Format: JSON, JQ: "nofunc"}, "does not compile"},
		"jq makes JSON":  {Options{Format: CSV, JQ: "."}, "use it with -o json"},
		"hostile jq":     {Options{Format: JSON, JQ: "\x1b[2J"}, "does not parse"},
		"jq with module": {Options{Format: JSON, JQ: `import "a" as a; .`}, "does not compile"},
	}
	for name, tt := range tests {
		_, err := New(io.Discard, views.MessageFields(), tt.options)
		if views.ExitCode(err) != views.ExitUsage || !strings.Contains(err.Error(), tt.says) || strings.ContainsRune(err.Error(), 0x1b) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParseFormat("yaml"); views.ExitCode(err) != views.ExitUsage {
		t.Error(err)
	}
	if f, err := ParseFormat("ndjson"); f != NDJSON || err != nil {
		t.Error(f, err)
	}
}

func TestJQFailureIsNoUsage(t *testing.T) {
	w, err := New(io.Discard, views.MessageFields(), Options{Format: JSON, JQ: ".[0].text + 1"})
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(w.Write(t.Context(), talk()...), w.Close(t.Context()))
	if views.ExitCode(err) != views.ExitFailed {
		t.Error(err)
	}
}

func TestJQCanBeStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	w, err := New(io.Discard, views.MessageFields(), Options{Format: JSON, JQ: "def f: f; f"})
	if err != nil {
		t.Fatal(err)
	}
	stop()
	if err := w.Close(ctx); views.ExitCode(err) != views.ExitInterrupted {
		t.Error(err)
	}
	if err := w.Write(ctx, talk()...); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Rows of streaming formats are out when Write returns, not when Close does.
func TestRowsArePrintedAsTheyArrive(t *testing.T) {
	for _, f := range []Format{JSON, NDJSON, CSV} {
		var b strings.Builder
		w, err := New(&b, views.MessageFields(), Options{Format: f})
		if err != nil {
			t.Fatal(err)
		}
		if b.Len() != 0 {
			t.Errorf("%s: printed before a row", f)
		}
		if err := w.Write(t.Context(), talk()[:1]...); err != nil || !strings.Contains(b.String(), "m1") {
			t.Errorf("%s: %q, %v", f, b.String(), err)
		}
		if w.Rows() != 1 {
			t.Errorf("%s: %d rows", f, w.Rows())
		}
	}
}

func TestMaskIsApplied(t *testing.T) {
	m, err := views.NewMasker(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []Format{Table, JSON, NDJSON, CSV} {
		var b strings.Builder
		w, err := New(&b, views.MessageFields(), Options{Format: f, Env: views.Env{Mask: m}})
		if err != nil {
			t.Fatal(err)
		}
		row := api.Message{Text: "I am pat@example.test", User: "pat@example.test"}
		if err := errors.Join(w.Write(t.Context(), row), w.Close(t.Context())); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "pat@") || !strings.Contains(b.String(), "p…@example.test") {
			t.Errorf("%s: %s", f, b.String())
		}
	}
}

func TestClosedPipe(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = write.Close() })
	for name, to := range map[string]io.Writer{"file": write, "pipe": failing{syscall.EPIPE}, "closed": failing{io.ErrClosedPipe}} {
		for _, f := range []Format{JSON, NDJSON, CSV} {
			w, err := New(to, views.MessageFields(), Options{Format: f})
			if err != nil {
				t.Fatal(err)
			}
			err = w.Write(t.Context(), talk()...)
			if !errors.Is(err, views.ErrPipeClosed) || views.ExitCode(err) != views.ExitDone {
				t.Errorf("%s, %s: %v", name, f, err)
			}
		}
	}
	w, err := New[api.Message](failing{syscall.ENOSPC}, views.MessageFields(), Options{Format: JSON})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(t.Context(), talk()...); !errors.Is(err, syscall.ENOSPC) || views.ExitCode(err) != views.ExitFailed {
		t.Errorf("a full disk: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestFormulaCells(t *testing.T) {
	tests := map[string]string{
		"": "", "a=1": "a=1", "=1+1": "'=1+1", "+49": "'+49", "-1": "'-1", "@x": "'@x", "\t=": "'\t=", "\r=": "'\r=", "\n=": "'\n=", "\x00=": "'\x00=",
		"＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x", "\ufeff=1": "'\ufeff=1", "\u200b\u200d+1": "'\u200b\u200d+1", "'=1": "'=1", "é": "é",
	}
	for in, want := range tests {
		if got := guard(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	got := run(t, Options{Format: CSV, Fields: []string{"text", "options"}}, api.Message{Text: `=HYPERLINK("http://x")`, Options: []api.Option{{Title: "-2"}}})
	if got != "text,options\r\n\"'=HYPERLINK(\"\"http://x\"\")\",'-2\r\n" {
		t.Errorf("%q", got)
	}
}

func TestNumbersStayNumbers(t *testing.T) {
	var b strings.Builder
	w, err := New(&b, views.LLMFields(), Options{Format: CSV, Fields: []string{"timeTakenMs", "statusCode", "requestTokens"}})
	if err != nil {
		t.Fatal(err)
	}
	c := api.LLMCall{TimeTaken: api.Known(int64(-5)), RequestTokens: api.Known(0)}
	if err := errors.Join(w.Write(t.Context(), c), w.Close(t.Context())); err != nil || b.String() != "timeTakenMs,statusCode,requestTokens\r\n-5,,0\r\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestTableFitsTheTerminal(t *testing.T) {
	start := now().Add(-time.Hour)
	s := api.Session{
		ID: "68f1a3d04c7e2b9a5d10e3f7", User: "u-5d2e7c10-90ab-5f34-8c61-3e7d9b0a2f45", Channel: "skypeforbusiness", Start: start, End: start.Add(62 * time.Second),
		Containment: api.DropOff, Status: "closed", Messages: api.Known(8), Languages: []string{"en"},
		SessionTags: []api.Tag{{Name: "tier", Value: json.RawMessage(`"gold and much longer than any column would like to be"`)}},
	}
	want := map[int]string{
		70: "START     TYPE  LAST  CH        USER       MSG  SESSION\n" +
			"11:00:00  DROP  1:02  skypefo…  u-5d..f45    8  68f1a3d04c7e2b9a5d10e…\n",
		80: "START     TYPE  LAST  CH                USER       MSG  SESSION\n" +
			"11:00:00  DROP  1:02  skypeforbusiness  u-5d..f45    8  68f1a3d04c7e2b9a5d10e3f7\n",
	}
	for width := 1; width <= 200; width++ {
		var b strings.Builder
		w, err := New(&b, views.SessionFields(), Options{Format: Table, Terminal: true, Width: width, Env: views.Env{Now: now()}})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Write(t.Context(), s), w.Close(t.Context())); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > width {
				t.Errorf("%d cells: a line of %d: %q", width, n, line)
			}
		}
		if full := want[width]; full != "" && b.String() != full {
			t.Errorf("%d cells:\n%s", width, b.String())
		}
	}
}

// After the sample a table goes on without holding rows back.
func TestLongTableStreams(t *testing.T) {
	var b strings.Builder
	w, err := New(&b, views.MessageFields(), Options{Format: Table, Fields: []string{"messageId", "text"}})
	if err != nil {
		t.Fatal(err)
	}
	rows := slices.Repeat([]api.Message{{ID: "m", Text: "x"}}, sample)
	if err := w.Write(t.Context(), rows[1:]...); err != nil || b.Len() != 0 {
		t.Fatalf("printed early: %d bytes, %v", b.Len(), err)
	}
	if err := w.Write(t.Context(), rows[0], api.Message{ID: "a-much-wider-id", Text: "y"}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != sample+2 || lines[sample+1] != "a-much-wider-id  y" || lines[1] != "m        x" {
		t.Errorf("%d lines, last %q", len(lines), lines[len(lines)-1])
	}
	before := b.Len()
	if err := w.Close(t.Context()); err != nil || b.Len() != before {
		t.Error("closing printed more")
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"a", "\x7f\u009b\u202e\u200b\U000e0041\u2028", "\xe2\x1b]", "\xff", "é日本👩‍💻"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var raw bytes.Buffer
		enc := json.NewEncoder(&raw)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(s); err != nil {
			t.Fatal(err)
		}
		in := bytes.TrimSuffix(raw.Bytes(), []byte("\n"))
		out := Escape(nil, in)
		var a, b string
		if json.Unmarshal(in, &a) != nil || json.Unmarshal(out, &b) != nil || a != b {
			t.Errorf("%q became %q", in, out)
		}
		for _, r := range string(out) {
			if obeyed(r) || turns(r) || unseen(r) {
				t.Errorf("%U came out of %q", r, s)
			}
		}
	})
}

// Whatever is said, a CSV reader gets back the rows, and no cell begins a formula.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"=1", "a\"b,c\r\nd", "\x1b[2J", "\ufeff=x", "-5", "\r"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := run(t, Options{Format: CSV, Fields: []string{"messageId", "text"}}, api.Message{ID: "m1", Text: s}, api.Message{ID: "m2"})
		rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
		if err != nil || len(rows) != 3 || !reflect.DeepEqual(rows[2], []string{"m2", ""}) {
			t.Fatalf("%q: %q, %v", s, rows, err)
		}
		cell := strings.TrimLeftFunc(rows[1][1], func(r rune) bool { return unseen(r) || turns(r) })
		if cell != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(cell)[0]) {
			t.Errorf("%q is a formula: %q", s, rows[1][1])
		}
		for _, r := range got {
			if obeyed(r) && r != '\n' && r != '\t' && r != '\r' {
				t.Errorf("%U came out", r)
			}
		}
	})
}
