package jsontree

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		in   string
		at   int
		want ending
	}{
		{`{}`, 2, closed}, {`[]`, 2, closed}, {`{"a":1}`, 7, closed}, {` [1, 2 ] x`, 8, closed},
		{`{"a":[{"b":"]"}]}`, 17, closed}, {`"a\"b"`, 6, closed}, {`-0.5e+3`, 7, closed},
		{`{"a":[{"b":"\\"}]}`, 18, closed},
		{`{`, 1, cut}, {`{"a`, 3, cut}, {`{"a"`, 4, cut}, {`{"a":`, 5, cut}, {`{"a":1`, 6, cut}, {`{"a":1,`, 7, cut},
		{`[1, 2`, 5, cut}, {`["a\"`, 5, cut}, {`tr`, 2, cut}, {`1.`, 2, cut}, {``, 0, cut},
		{`{a:1}`, 1, fault}, {`[1,]`, 3, fault}, {`[1 2]`, 3, fault}, {`{"a" 1}`, 5, fault}, {`[1}`, 2, fault},
		{`{"a":1,}`, 7, fault}, {`[01]`, 2, fault}, {`[+1]`, 1, fault}, {`nul!`, 0, fault}, {`[tru]`, 1, fault},
	} {
		at, end := check([]byte(c.in), 0)
		if at != c.at || end != c.want {
			t.Errorf("check(%q) = %d, %d, want %d, %d", c.in, at, end, c.at, c.want)
		}
	}
	deep := strings.Repeat("[", deepest+1)
	if at, end := check([]byte(deep), 0); at != deepest || end != fault {
		t.Errorf("too deep: %d, %d", at, end)
	}
}

// The standard library is stricter about what stands in a string, and the same
// about everything else.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{call, `[1, 2.5e-3, -0, "a\u00e9"]`, `{"a":{}}`, `[[],{}]`, `nul`, `{"a":1,}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		at, end := check(data, blank(data, 0))
		whole := end == closed && blank(data, at) == len(data)
		if json.Valid(data) && !whole {
			t.Fatalf("%q is JSON, check says %d, %d", data, at, end)
		}
		if whole && !json.Valid(data) && !bytes.ContainsAny(data, "\\\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f") {
			t.Fatalf("%q is no JSON, check says it is", data)
		}
		if whole && data[blank(data, 0)] == '"' && utf8.Valid(data) {
			var want string
			if json.Unmarshal(data, &want) == nil {
				if got := string(unquote(body(bytes.TrimSpace(data)))); got != want {
					t.Fatalf("%q decodes to %q, want %q", data, got, want)
				}
			}
		}
	})
}

func TestUnquote(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`"plain"`, "plain"}, {`"a\nb\t\"\\\/"`, "a\nb\t\"\\/"}, {`"\u00e9\ud83d\ude00"`, "é😀"},
		{`"\ud800x"`, "\ufffdx"}, {`"\x"`, `\x`}, {`"\u12"`, `\u12`}, {`"cut`, "cut"}, {`"cut\`, "cut"}, {`"cut\"`, `cut"`},
		{`"cut\u00`, `cut\u00`}, {`"`, ""}, {`""`, ""}, {`"end\\"`, `end\`},
	} {
		if got := string(unquote(body([]byte(c.in)))); got != c.want {
			t.Errorf("%s: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestInner(t *testing.T) {
	for _, c := range []struct {
		in   string
		want ending // going: not JSON
	}{
		{`{"a":1}`, closed}, {"\n {\"a\":1} \n", closed}, {`[1,2]`, closed}, {`{}`, closed},
		{`{"a":1`, cut}, {`{"a":`, cut}, {`{"a`, going}, {`{`, going}, {`[{"a":1}, {"b`, cut}, {`[1, 2`, cut}, {`[1`, cut},
		{`{"a":1} and more`, fault}, {`{"a": oops}`, fault}, {`{name} hello`, going}, {`[1] says the source`, going},
		{`[agent] hello`, going}, {`[{"a": 1}, oops]`, fault}, {`plain`, going}, {``, going}, {`"{}"`, going},
	} {
		got := going
		if in := inner([]byte(c.in), nil); in != nil {
			got = in.end
		}
		if got != c.want {
			t.Errorf("inner(%q) = %d, want %d", c.in, got, c.want)
		}
	}
}
