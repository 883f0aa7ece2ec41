package jsontree

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"korescope/ui/canvas"
)

var update = flag.Bool("update", false, "write the grids anew")

// picture is the block as plain text, trailing blanks left out.
func picture(b canvas.Block) string {
	var out strings.Builder
	for _, l := range b {
		row := ""
		for _, s := range l.Spans {
			row += s.Text.String()
		}
		out.WriteString(strings.TrimRight(row, " ") + "\n")
	}
	return out.String()
}

func grid(t *testing.T, name string, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s:\n%swant\n%s", file, got, want)
	}
}

// call is an invented model call with everything in it that a tree must show.
const call = `{
 "Request Payload": {
  "model": "mdl-4o", "max_tokens": 512, "temperature": 0.20, "big": 12345678901234567890,
  "messages": [
   {"role": "system", "content": "You are the refund assistant.\nAsk for the order number first.\nNever promise a date.\nIf the order lookup fails, ask the customer to repeat the order number and then offer a person."},
   {"role": "user", "content": "hi, I want my money back for order A-17"},
   {"role": "tool", "content": "{\"status\": 504, \"error\": \"upstream timeout after 30000 ms\", \"trace\": \"{\\\"span\\\": \\\"a1\\\"}\"}  "}
  ],
  "auth": {"token": "tok-123", "user": "u1"}, "api-key": "key-123", "tools": [], "extra": {}
 },
 "Response Payload": {
  "choices": [{"finish_reason": "length", "message": {"content": "{\"bot\": \"Sorry, something went\", \"analysis\": \"The lookup fai"}}],
  "usage": {"prompt": 4102, "completion": 512}, "cached": null, "ok": true
 }
}`

func find(t *testing.T, tree *Tree, words string) {
	t.Helper()
	if err := tree.Find(context.Background(), words); err != nil {
		t.Fatal(err)
	}
}

func TestPictures(t *testing.T) {
	mask := func(key, value string) (string, bool) {
		switch key {
		case "token", "api-key":
			return "••••", true
		}
		return value, false
	}
	for _, c := range []struct {
		name string
		w, h int
		data string
		do   func(*Tree)
	}{
		{"closed", 80, 4, call, nil},
		{"level2", 80, 20, call, func(t *Tree) { t.Level(2) }},
		{"all", 80, 40, call, func(t *Tree) { t.Level(99) }},
		{"all-narrow", 40, 40, call, func(t *Tree) { t.Level(99) }},
		{"string", 60, 24, call, func(tree *Tree) { find(t, tree, "repeat the order"); tree.NextHit() }},
		{"raw", 60, 24, call, func(tree *Tree) { find(t, tree, "upstream"); tree.Close(); tree.ToggleRaw() }},
		{"not-json", 60, 6, "<html>\n<body>502 Bad Gateway</body>\n</html>", nil},
		{"fault", 60, 6, `{"a": 1, "b": oops}`, nil},
		{"cut", 60, 8, `{"a": [1, 2, {"b": "some te`, func(t *Tree) { t.Level(99) }},
		{"hostile", 60, 8, "{\"a\x1b[31m\": \"\\u001b]52;c;eA==\\u0007\", \"\\u202eb\": 1, \"c\": \"x\x9b\", \"d\": [\"e\\u0301\\ud83d\\ude00\"]}", func(t *Tree) { t.Level(99) }},
		{"scalar", 40, 2, ` 12.50 `, nil},
		{"empty", 40, 2, "  ", nil},
		{"string-root", 60, 5, `"{\"a\": 1, \"b\": [true]}"`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := New([]byte(c.data), Options{Mask: mask})
			tree.SetSize(c.w, c.h)
			if c.do != nil {
				c.do(tree)
			}
			grid(t, c.name, picture(tree.Draw(c.w, c.h))+"--\n"+tree.Path()+"\n"+tree.HitCount().String()+"\n")
		})
	}
}
