package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A config file is UTF-8. Editors of other systems put a byte order mark before
// it, which means nothing and is skipped; other encodings are named, so that
// nobody has to guess why the first letter is wrong.

const byteOrderMark = "\ufeff"

// decoded is the text of a file, or why it is none.
func decoded(data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return nil, errors.New("this file is UTF-16; save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	if head := data[:min(len(data), 64)]; len(head) > 3 && bytes.Count(head, []byte{0}) >= len(head)/3 {
		return nil, errors.New("this file is UTF-16 without a mark, or no text at all; save it as UTF-8")
	}
	return data, nil
}

// misprint names the letter that a line stumbled over, where it is one that looks
// like another: what the reader of TOML calls a byte of it tells nobody anything.
func misprint(rest []byte) string {
	r, size := utf8.DecodeRune(rest)
	switch {
	case len(rest) == 0 || r < utf8.RuneSelf:
		return ""
	case r == utf8.RuneError && size <= 1:
		return fmt.Sprintf("the byte 0x%02X is not UTF-8; save the file as UTF-8", rest[0])
	}
	for _, l := range lookalikes() {
		if strings.ContainsRune(l.some, r) || slices.ContainsFunc(l.ranges, func(in [2]rune) bool { return in[0] <= r && r <= in[1] }) {
			return fmt.Sprintf("this is not TOML: U+%04X, %s", r, l.what)
		}
	}
	return fmt.Sprintf("this is not TOML: U+%04X (%c) outside quotation marks", r, r)
}

// lookalike is a kind of letter that is taken for another, or for none.
type lookalike struct {
	some   string
	ranges [][2]rune
	what   string
}

// lookalikes are all of them; the first that fits holds.
func lookalikes() []lookalike {
	return []lookalike{
		{"\u00a0\u202f\u2007", nil, "a no-break space: write a plain space"},
		{"\u201c\u201d\u201e\u201f\u00ab\u00bb", nil, "a typographic quotation mark: write \""},
		{"\u2018\u2019\u201a\u201b", nil, "a typographic apostrophe: write ' or \""},
		{"\u2013\u2014\u2212", nil, "a dash: write -"},
		{"\u200b\ufeff\u2060", nil, "which nobody sees: delete it"},
		{"\u3000", [][2]rune{{0x2000, 0x200a}}, "a space of another width: write a plain space"},
		{"\u200e\u200f", [][2]rune{{0x202a, 0x202e}, {0x2066, 0x2069}}, "which turns the direction of writing: delete it"},
		{"", [][2]rune{{0x80, 0x9f}}, "a control character: delete it"},
	}
}

// letterAt is the text from the beginning of the letter that an offset lies in.
func letterAt(data []byte, offset int) []byte {
	offset = max(0, min(offset, len(data)))
	for back := 0; back < utf8.UTFMax-1 && offset > 0 && offset < len(data) && !utf8.RuneStart(data[offset]); back++ {
		offset--
	}
	return data[offset:]
}
