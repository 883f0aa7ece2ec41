package config

import (
	"bytes"
	"errors"
	"fmt"
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
	name := ""
	switch {
	case r == 0xa0 || r == 0x202f || r == 0x2007:
		name = ", a no-break space: write a plain space"
	case strings.ContainsRune("\u201c\u201d\u201e\u201f\u00ab\u00bb", r):
		name = ", a typographic quotation mark: write \""
	case strings.ContainsRune("\u2018\u2019\u201a\u201b", r):
		name = ", a typographic apostrophe: write ' or \""
	case r == 0x2013 || r == 0x2014 || r == 0x2212:
		name = ", a dash: write -"
	case r == 0x200b || r == 0xfeff || r == 0x2060:
		name = ", which nobody sees: delete it"
	case r >= 0x2000 && r <= 0x200a || r == 0x3000:
		name = ", a space of another width: write a plain space"
	case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f:
		name = ", which turns the direction of writing: delete it"
	case r >= 0x80 && r < 0xa0:
		name = ", a control character: delete it"
	default:
		name = fmt.Sprintf(" (%c) outside quotation marks", r)
	}
	return fmt.Sprintf("this is not TOML: U+%04X%s", r, name)
}

// letterAt is the text from the beginning of the letter that an offset lies in.
func letterAt(data []byte, offset int) []byte {
	offset = max(0, min(offset, len(data)))
	for back := 0; back < utf8.UTFMax-1 && offset > 0 && offset < len(data) && !utf8.RuneStart(data[offset]); back++ {
		offset--
	}
	return data[offset:]
}
