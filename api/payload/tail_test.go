package payload

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// said is a list of n messages of about a kilobyte.
func saidList(n int) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf(`{"role": "user", "content": "%d \"quoted\" \\ ]}, %s"}`, i, strings.Repeat("word ", 200)))
	}
	return "[" + strings.Join(out, " , ") + "]"
}

func TestTail(t *testing.T) {
	for _, c := range []struct {
		name, in, at string
		left         int // elements that stay
		cut          bool
	}{
		{"short", `{"messages": ` + saidList(20) + `}`, "messages", 20, false},
		{"long", `{"model": "m", "messages": ` + saidList(300) + `, "temperature": 0.2}`, "messages", 5, true},
		{"deep", `{"body": {"input": {"contents": ` + saidList(300) + `}}, "x": [1, 2]}`, "body.input.contents", 5, true},
		{"the document", saidList(300), "", 5, true},
		{"few and large", `{"messages": [{"content": "` + strings.Repeat("a", 200_000) + `"}]}`, "messages", 1, false},
		{"blanks", ` { "messages" : ` + saidList(300) + ` } `, "messages", 5, true},
	} {
		short, cut := Tail([]byte(c.in), 5)
		v, ok := parse(short)
		if !ok || cut != c.cut {
			t.Errorf("%s: cut %v, JSON %v: %.200s", c.name, cut, ok, short)
			continue
		}
		items := v.items()
		if c.at != "" {
			items = v.object().at(c.at).items()
		}
		if len(items) != c.left {
			t.Errorf("%s: %d elements", c.name, len(items))
		}
		if whole, _ := parse([]byte(c.in)); c.cut {
			all := whole.items()
			if c.at != "" {
				all = whole.object().at(c.at).items()
			}
			if string(all[len(all)-1]) != string(items[len(items)-1]) {
				t.Errorf("%s: the last element is another: %s", c.name, items[len(items)-1])
			}
		}
	}
}

// What is no JSON comes to an end as well.
func TestTailOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := `{"a": 1, "messages": ` + saidList(80) + `, "b": "c"}`
		from := rapid.IntRange(0, len(doc)-1).Draw(t, "from")
		put := rapid.StringMatching(`["\\\[\]{}:, a]{0,6}`).Draw(t, "put")
		broken := doc[:from] + put + doc[min(from+rapid.IntRange(0, 9).Draw(t, "gone"), len(doc)):]
		short, cut := Tail([]byte(broken), 3)
		if !cut && string(short) != broken {
			t.Fatalf("changed without a cut: %.100s", short)
		}
		if json.Valid([]byte(broken)) && !json.Valid(short) {
			t.Fatalf("valid before: %.100s", short)
		}
	})
}

func BenchmarkTail100MB(b *testing.B) {
	doc := []byte(`{"messages": ` + saidList(95_000) + `}`)
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		Tail(doc, 20)
	}
}
