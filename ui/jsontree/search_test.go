package jsontree

import (
	"context"
	"errors"
	"strings"
	"testing"

	"korescope/ui/theme"
)

// marked is what is marked as a match in the row under the cursor.
func marked(tree *Tree) string {
	var found []string
	for _, l := range tree.Draw(tree.w, tree.h) {
		if l.Fill != theme.CursorRow {
			continue
		}
		for _, s := range l.Spans {
			if s.Token == theme.Match {
				found = append(found, s.Text.String())
			}
		}
	}
	return strings.Join(found, "|")
}

func TestSearch(t *testing.T) {
	for _, c := range []struct {
		name, words string
		hits        int
		mark        string
		path        string // of the first hit
	}{
		{"value", "mdl-4o", 1, "mdl-4o", `.["Request Payload"].model`},
		{"no case", "SORRY", 0, "", ""},
		{"smart case", "sorry", 1, "Sorry", `.["Response Payload"].choices[0].message.content | fromjson | .bot`},
		{"capital counts", "Sorry", 1, "Sorry", `.["Response Payload"].choices[0].message.content | fromjson | .bot`},
		{"key", "max_tokens", 1, "max_tokens", `.["Request Payload"].max_tokens`},
		{"key and value", "user", 2, "user", `.["Request Payload"].messages[1].role`},
		{"number", "504", 1, "504", `.["Request Payload"].messages[2].content | fromjson | .status`},
		{"literal", "null", 1, "null", `.["Response Payload"].cached`},
		{"in JSON in JSON", "span", 1, "span", `.["Request Payload"].messages[2].content | fromjson | .trace | fromjson | .span`},
		{"expression", `\d{5,}`, 2, "30000", `.["Request Payload"].big`},
		{"anchor", "^Never", 1, "Never", `.["Request Payload"].messages[0].content`},
		{"not an expression", "[order", 0, "", ""},
		{"many in one text", "order", 4, "order", `.["Request Payload"].messages[0].content`},
		{"at the cut", "lookup fai", 2, "lookup fai", `.["Request Payload"].messages[0].content`},
		{"nothing", "no such words", 0, "", ""},
		{"empty", "", 0, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := fresh(t, call, 60, 12)
			if err := tree.Find(context.Background(), c.words); err != nil {
				t.Fatal(err)
			}
			if tree.hits.Len() != c.hits {
				t.Fatalf("%d hits, want %d", tree.hits.Len(), c.hits)
			}
			if c.hits == 0 {
				if tree.NextHit() {
					t.Error("went to a hit")
				}
				return
			}
			if tree.Path() != c.path {
				t.Errorf("on %s, want %s", tree.Path(), c.path)
			}
			seen := map[string]bool{}
			for i := range c.hits {
				got := marked(tree)
				if !strings.Contains(strings.ToLower(got), strings.ToLower(c.mark)) && c.words != `\d{5,}` {
					t.Errorf("hit %d: marked %q on %q", i, got, under(tree))
				}
				if got == "" {
					t.Errorf("hit %d: nothing marked on %q", i, under(tree))
				}
				seen[tree.HitCount().String()] = true
				tree.NextHit()
			}
			if len(seen) != c.hits || tree.Path() != c.path {
				t.Errorf("went through %v, back on %s", seen, tree.Path())
			}
			tree.PrevHit()
			tree.NextHit()
			if tree.Path() != c.path {
				t.Errorf("previous and next end on %s", tree.Path())
			}
		})
	}
}

// A match far inside a long line is scrolled to, and marked in both rows when
// it is broken over two.
func TestMatchInsideALongText(t *testing.T) {
	data := `{"a": "` + strings.Repeat("words in a row ", 500) + `the needle in it ` + strings.Repeat("and more words ", 500) + `", "b": 1}`
	for _, w := range []int{20, 33, 47, 80} {
		tree := fresh(t, data, w, 10)
		if err := tree.Find(context.Background(), "needle in it"); err != nil {
			t.Fatal(err)
		}
		const words = "needle in it"
		if got := marked(tree); got == "" || !strings.HasPrefix(words, got) {
			t.Errorf("%d cells: marked %q", w, got)
		}
		all := ""
		for _, l := range tree.Draw(w, 10) {
			for _, s := range l.Spans {
				if s.Token == theme.Match {
					all += " " + s.Text.String()
				}
			}
		}
		if strings.Join(strings.Fields(all), " ") != "needle in it" {
			t.Errorf("%d cells: marked %q", w, all)
		}
		checkDrawn(t, tree, w, 10)
	}
}

func TestFindStartsAtTheCursor(t *testing.T) {
	tree := fresh(t, `[{"x":1},{"x":2},{"x":3}]`, 40, 10)
	tree.Move(1)
	if err := tree.Find(context.Background(), "x"); err != nil {
		t.Fatal(err)
	}
	if got := tree.HitCount().String(); got != "2/3" || tree.Path() != ".[1].x" {
		t.Errorf("%s on %s", got, tree.Path())
	}
	tree.SetHits(Hits{})
	if got := marked(tree); got != "" {
		t.Errorf("still marked: %q", got)
	}
}

func TestSearchInTextThatIsNotJSON(t *testing.T) {
	tree := fresh(t, "<html>\n<body>502 Bad Gateway</body>\n</html>", 40, 10)
	if err := tree.Find(context.Background(), "gateway"); err != nil {
		t.Fatal(err)
	}
	if got := marked(tree); got != "Gateway" {
		t.Errorf("marked %q", got)
	}
}

func TestSearchBehindTheJSONOfAString(t *testing.T) {
	tree := fresh(t, `{"a": "{\"b\": 1} and then\nsome words"}`, 40, 10)
	if err := tree.Find(context.Background(), "some words"); err != nil {
		t.Fatal(err)
	}
	if got := marked(tree); got != "some words" {
		t.Errorf("marked %q", got)
	}
}

func TestSearchEscapes(t *testing.T) {
	tree := fresh(t, `{"\u0061bc": "d\u0065f", "x": "{\"\\u0061bc\": 1}", "y": "n\name"}`, 40, 10)
	for words, want := range map[string]int{"abc": 2, "def": 1, "name": 0, "ame": 1} {
		if err := tree.Find(context.Background(), words); err != nil {
			t.Fatal(err)
		}
		if tree.hits.Len() != want {
			t.Errorf("%q: %d hits, want %d", words, tree.hits.Len(), want)
		}
	}
}

func TestSearchIsBounded(t *testing.T) {
	many := []byte("[" + strings.Repeat(`"x",`, 2*mostHits) + `"x"]`)
	hits, err := Search(context.Background(), many, "x", nil)
	if err != nil || hits.Len() != mostHits || !hits.More {
		t.Errorf("%d hits, more %v, %v", hits.Len(), hits.More, err)
	}
	tree := New(many, Options{})
	tree.SetHits(hits)
	if got := tree.HitCount().String(); got != "1/10,000+" {
		t.Errorf("count %s", got)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Search(ctx, many, "x", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped with %v", err)
	}
	deep := []byte(strings.Repeat("[", 1_000_000))
	if _, err := Search(context.Background(), deep, "x", nil); err != nil {
		t.Error(err)
	}
}

// What the search finds is what is there when everything is open.
func FuzzSearch(f *testing.F) {
	f.Add([]byte(call), "order")
	f.Add([]byte(`"{\"\":A`), "A")
	f.Add([]byte(`{"a":["a","{\"a\":\"a"]}`), "a")
	f.Fuzz(func(t *testing.T, data []byte, words string) {
		hits, err := Search(context.Background(), data, words, nil)
		if err != nil || words == "" {
			return
		}
		tree := New(data, Options{})
		tree.Level(deepest)
		want, p := 0, compile(words)
		stack := []*node{tree.root}
		for len(stack) > 0 {
			n := stack[len(stack)-1]
			stack = append(stack[:len(stack)-1], n.kids...)
			if n.kind == note {
				continue
			}
			want += len(p.in([]byte(n.key()), 1))
			switch {
			case n.inner != nil:
				if n.inner.end != closed {
					want += len(p.in(n.inner.data[n.inner.at:], 1<<30))
				}
			case !n.container():
				want += len(p.in(n.decoded(), 1<<30))
			}
		}
		if want != hits.Len() && !hits.More {
			t.Fatalf("%d hits of %q in %q, want %d", hits.Len(), words, data, want)
		}
		tree.SetHits(hits)
		for range min(hits.Len(), 20) {
			checkDrawn(t, tree, 80, 24)
			tree.NextHit()
		}
	})
}
