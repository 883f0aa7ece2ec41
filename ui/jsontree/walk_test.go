package jsontree

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/itchyny/gojq"

	"korescope/ui/theme"
)

func fresh(t *testing.T, data string, w, h int) *Tree {
	t.Helper()
	tree := New([]byte(data), Options{})
	tree.SetSize(w, h)
	return tree
}

// under is the row under the cursor as text.
func under(tree *Tree) string {
	rows := strings.Split(picture(tree.Draw(tree.w, tree.h)), "\n")
	for _, r := range rows {
		if strings.HasPrefix(r, "▸") {
			return strings.TrimSpace(strings.TrimPrefix(r, "▸"))
		}
	}
	return ""
}

func TestKeys(t *testing.T) {
	tree := fresh(t, `{"a": {"b": [1, {"c": "x"}]}, "d": "first\nsecond", "e": "{\"f\": 1}"}`, 40, 10)
	for _, c := range []struct {
		name string
		do   func()
		want string
		rows int
	}{
		{"start", func() {}, "> a  {1}  b …", 3},
		{"open", tree.Open, "v a  {1}", 4},
		{"open again goes in", tree.Open, "> b  [2]  1", 4},
		{"close goes up", tree.Close, "v a  {1}", 4},
		{"open all below", func() { tree.OpenAll() }, "v a  {1}", 7},
		{"down", func() { tree.Move(4) }, `c  "x"`, 7},
		{"close on a leaf goes up", tree.Close, "v 1  {1}", 7},
		{"close", tree.Close, `> 1  {1}  c "x"`, 6},
		{"close all from the top", func() { tree.Top(); tree.CloseAll() }, "> a  {1}  b …", 3},
		{"below is closed as well", tree.Open, "v a  {1}", 4},
		{"bottom", tree.Bottom, "> e  {s} 1 key  f 1", 4},
		{"string with JSON opens", tree.Open, "v e  {s} 1 key", 5},
		{"as the exact text", tree.ToggleRaw, "v e  {s} 1 key", 5},
		{"its text", func() { tree.Move(1) }, `{"f": 1}`, 5},
		{"and back", tree.ToggleRaw, "v e  {s} 1 key", 5},
		{"long text", func() { tree.Close(); tree.Move(-1) }, `> d  "first⏎second"  2 lines  12 B`, 4},
		{"opens to lines", func() { tree.Open(); tree.Move(2) }, "second", 6},
		{"closes from inside", tree.Close, `> d  "first⏎second"  2 lines  12 B`, 4},
		{"level 1", func() { tree.Level(1) }, `> d  "first⏎second"  2 lines  12 B`, 3},
		{"level 2", func() { tree.Level(2) }, `> d  "first⏎second"  2 lines  12 B`, 5},
		{"everything closes first", func() { tree.ToggleAll() }, `> d  "first⏎second"  2 lines  12 B`, 3},
		{"then opens", func() { tree.ToggleAll() }, `> d  "first⏎second"  2 lines  12 B`, 8},
		{"page", func() { tree.Page(1) }, "f  1", 8},
		{"page back", func() { tree.Page(-1) }, "v a  {1}", 8},
		{"beyond the top", func() { tree.Move(-9) }, "v a  {1}", 8},
		{"half", func() { tree.Half(1) }, `d  "first⏎second"  2 lines  12 B`, 8},
	} {
		c.do()
		if got := under(tree); got != c.want && got != "> "+c.want {
			t.Errorf("%s: on %q, want %q", c.name, got, c.want)
		}
		if tree.Rows() != c.rows {
			t.Errorf("%s: %d rows, want %d", c.name, tree.Rows(), c.rows)
		}
	}
}

// A path given to jq leads to the value that is copied.
func TestPathsAreJQ(t *testing.T) {
	data := strings.ReplaceAll(call, `{\"bot\": \"Sorry, something went\", \"analysis\": \"The lookup fai`, `[{\"x y\": [true]}]`)
	var input any
	if err := json.Unmarshal([]byte(data), &input); err != nil {
		t.Fatal(err)
	}
	tree := fresh(t, data, 80, 100)
	tree.Level(99)
	for row := range tree.Rows() {
		tree.Move(row - tree.Row())
		query, err := gojq.Parse(tree.Path())
		if err != nil {
			t.Fatalf("%s: %v", tree.Path(), err)
		}
		want, _ := query.Run(input).Next()
		value := tree.Value()
		if _, text := want.(string); !text {
			var got any
			if err := json.Unmarshal([]byte(value), &got); err != nil {
				t.Fatalf("%s: %v", tree.Path(), err)
			}
			a, _ := json.Marshal(got)
			b, _ := json.Marshal(want)
			if string(a) != string(b) {
				t.Errorf("%s is %v, copied %v", tree.Path(), want, got)
			}
		} else if value != want {
			t.Errorf("%s is %q, copied %q", tree.Path(), want, value)
		}
	}
}

func TestPath(t *testing.T) {
	tree := fresh(t, `[{"a b": {"c": ["{\"d\": \"[{\\\"e\\\": 1}]\"}"]}, "": 0, "9x": 0, "\u202e": 0}]`, 80, 20)
	tree.Level(99)
	want := []string{
		`.[0]`, `.[0]["a b"]`, `.[0]["a b"].c`, `.[0]["a b"].c[0]`, `.[0]["a b"].c[0] | fromjson | .d`,
		`.[0]["a b"].c[0] | fromjson | .d | fromjson | .[0]`, `.[0]["a b"].c[0] | fromjson | .d | fromjson | .[0].e`,
		`.[0][""]`, `.[0]["9x"]`, `.[0]["\u202e"]`,
	}
	for row, want := range want {
		tree.Move(row - tree.Row())
		if got := tree.Path(); got != want {
			t.Errorf("row %d: %s, want %s", row, got, want)
		}
	}
	if tree.Key() != "\u202e" {
		t.Errorf("key %q", tree.Key())
	}
}

func TestAsWritten(t *testing.T) {
	tree := fresh(t, `{"n": 1.50e3, "n": 12345678901234567890, "a": 0}`, 40, 4)
	want := "▸   n  1.50e3\n    n  12345678901234567890\n    a  0\n\n"
	if got := picture(tree.Draw(40, 4)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if tree.Value() != "1.50e3" {
		t.Errorf("copied %s", tree.Value())
	}
}

func TestPagesOfMembers(t *testing.T) {
	n := page + 100
	tree := fresh(t, "["+strings.Repeat("0,", n-1)+"1]", 60, 5)
	if tree.Rows() != page+1 {
		t.Fatalf("%d rows", tree.Rows())
	}
	tree.Bottom()
	if got := under(tree); got != "… more from member 65,536 on: open this row" {
		t.Errorf("on %q", got)
	}
	tree.Open()
	if got := under(tree); got != "65536  0" || tree.Rows() != n {
		t.Errorf("on %q of %d rows", got, tree.Rows())
	}
	tree = fresh(t, "["+strings.Repeat("0,", n-1)+"1]", 60, 5)
	if err := tree.Find(context.Background(), "1"); err != nil {
		t.Fatal(err)
	}
	if got := under(tree); got != fmt.Sprintf("%d  1", n-1) {
		t.Errorf("found %q", got)
	}
}

func TestStateSurvives(t *testing.T) {
	tree := fresh(t, call, 60, 12)
	if err := tree.Find(context.Background(), "repeat the order"); err != nil {
		t.Fatal(err)
	}
	before := picture(tree.Draw(60, 12))
	state := tree.State()

	again := fresh(t, call, 60, 12)
	again.Restore(state)
	if got := picture(again.Draw(60, 12)); got != before {
		t.Errorf("got\n%swant\n%s", got, before)
	}
	if !reflect.DeepEqual(again.State(), state) {
		t.Errorf("state %v, want %v", again.State(), state)
	}
	// The next payload: one message more, other texts.
	next := fresh(t, strings.Replace(call, `{"role": "user"`, `{"role": "user", "content": "new"}, {"role": "user"`, 1), 60, 12)
	next.Restore(state)
	if got := next.Path(); got != `.["Request Payload"].messages[0].content` {
		t.Errorf("on %s", got)
	}
	// Something else entirely.
	other := fresh(t, "<html>", 60, 12)
	other.Restore(state)
	if other.Rows() != 2 {
		t.Errorf("%d rows", other.Rows())
	}
}

func TestResizeKeepsTheCursor(t *testing.T) {
	tree := fresh(t, call, 100, 12)
	if err := tree.Find(context.Background(), "Never promise"); err != nil {
		t.Fatal(err)
	}
	for _, w := range []int{40, 30, 100} {
		tree.SetSize(w, 12)
		if got := tree.Path(); got != `.["Request Payload"].messages[0].content` {
			t.Errorf("at %d cells on %s", w, got)
		}
		checkDrawn(t, tree, w, 12)
	}
}

func TestTokens(t *testing.T) {
	tree := fresh(t, `{"a": "s", "b": 1, "c": null, "d": "{}"}`, 40, 4)
	want := []theme.Token{theme.String, theme.Number, theme.Literal, theme.Info}
	for i, l := range tree.Draw(40, 4) {
		has := map[theme.Token]bool{}
		for _, s := range l.Spans {
			has[s.Token] = true
		}
		if !has[theme.Key] || !has[want[i]] || has[theme.Cursor] != true {
			t.Errorf("row %d: %v", i, has)
		}
		if (l.Fill == theme.CursorRow) != (i == 0) {
			t.Errorf("row %d: fill %d", i, l.Fill)
		}
	}
}

func TestOpeningEverythingIsBounded(t *testing.T) {
	tree := fresh(t, "["+strings.Repeat(`{"a":[1,2,3]},`, 60_000)+"0]", 60, 10)
	if tree.Level(9) {
		t.Error("claims to have opened all")
	}
	if rows := tree.Rows(); rows > 2*budget {
		t.Errorf("%d rows", rows)
	}
	small := fresh(t, call, 60, 10)
	if !small.Level(9) || !small.OpenAll() {
		t.Error("a small one is too much")
	}
}
