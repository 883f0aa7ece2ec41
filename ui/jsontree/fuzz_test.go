package jsontree

import (
	"context"
	"strings"
	"testing"
	"unicode"

	"korescope/ui/text"
)

// checkDrawn fails unless the picture keeps the promises of Draw.
func checkDrawn(t *testing.T, tree *Tree, w, h int) {
	t.Helper()
	block := tree.Draw(w, h)
	if len(block) != h {
		t.Fatalf("%d rows, want %d", len(block), h)
	}
	marked := 0
	for _, l := range block {
		cells := 0
		for _, s := range l.Spans {
			cells += s.Text.Width()
			if strings.ContainsFunc(s.Text.String(), unicode.IsControl) {
				t.Fatalf("a control in %+q", s.Text)
			}
		}
		if cells != w {
			t.Fatalf("row of %d cells, want %d", cells, w)
		}
		if strings.HasPrefix(l.Spans[0].Text.String(), "▸") {
			marked++
		}
	}
	if marked != 1 {
		t.Fatalf("%d rows under the cursor of %d, row %d, top %d", marked, tree.Rows(), tree.cursor, tree.top)
	}
}

// sum counts the rows again, from the nodes.
func sum(n *node) int {
	rows := 1
	if n.headless() {
		rows = 0
	}
	switch {
	case !n.open:
	case len(n.lines) > 0:
		rows += len(n.lines)
	default:
		for _, kid := range n.kids {
			rows += sum(kid)
		}
	}
	return rows
}

func FuzzTree(f *testing.F) {
	for _, s := range []string{
		call, `{"a":1,"a":2}`, `[1,2,`, `"[1, {\"a\": \"b`, `{"a": "{\"b\": \"[1, 2\"} x"}`, `nul`, `[[[[`, `{"k": "a\nb\u00e9\ud800"}`, "\x1b]52;c;eA==\x07", `-`, ``, `{"a": tru`, `"\`, `[1 2]`, `{"a":[}]}`,
	} {
		f.Add([]byte(s), "a", 40, 10, "oOcRLnNPtbgGE23")
	}
	f.Fuzz(func(t *testing.T, data []byte, words string, w, h int, keys string) {
		w, h = 1+(w&0xff), 1+(h&0x3f)
		mask := func(key, _ string) (string, bool) { return "••••", key == "token" }
		tree := New(data, Options{Mask: mask})
		tree.SetSize(w, h)
		if len(keys) > 40 {
			keys = keys[:40]
		}
		for _, k := range keys {
			press(tree, k, words)
			if got := sum(tree.root); got != tree.Rows() {
				t.Fatalf("after %q: %d rows, counted %d", k, tree.Rows(), got)
			}
			checkDrawn(t, tree, w, h)
			n, sub := tree.at(tree.cursor)
			if n.kind != note && tree.row(n)+sub != tree.cursor {
				t.Fatalf("row %d is found at %d", tree.cursor, tree.row(n)+sub)
			}
		}
		state := tree.State()
		again := New(data, Options{Mask: mask})
		again.SetSize(w, h)
		again.Restore(state)
		checkDrawn(t, again, w, h)
		_, _, _ = tree.Path(), tree.Key(), tree.Value()
	})
}

func press(t *Tree, key rune, words string) {
	switch key {
	case 'o':
		t.Open()
	case 'c':
		t.Close()
	case 'O':
		t.OpenAll()
	case 'C':
		t.CloseAll()
	case 'R':
		t.ToggleRaw()
	case 'L':
		_ = t.Find(context.Background(), words) // it fails only with its context
	case 'n':
		t.NextHit()
	case 'N':
		t.PrevHit()
	case 'P':
		t.Page(1)
	case 'p':
		t.Page(-1)
	case 't':
		t.Toggle()
	case 'g':
		t.Top()
	case 'G':
		t.Bottom()
	case 'E':
		t.ToggleAll()
	case 'j':
		t.Move(1)
	case 'k':
		t.Move(-1)
	case 'w':
		t.SetSize(t.w/2+3, t.h)
	default:
		t.Level(int(key-'0') & 7)
	}
}

func FuzzQuote(f *testing.F) {
	f.Add("a\"b\\c\n\x1b\u202e😀")
	f.Fuzz(func(t *testing.T, s string) {
		if got := string(unquote(body([]byte(quote(s))))); got != strings.ToValidUTF8(s, "\ufffd") && text.Clean(s).String() == s {
			t.Fatalf("%+q came back as %+q", s, got)
		}
	})
}
