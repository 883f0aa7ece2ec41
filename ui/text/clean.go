package text

import (
	"strings"
	"unicode/utf8"
)

// Most is how many bytes one cleaned line may have. What is beyond is counted
// in a note at its end.
const Most = 64 << 10

const (
	noteRoom = 256 // bytes kept free for the note
	step     = 128 // most bytes taken at once
)

const marksPerBase = 4

// style is how what cannot be shown is written.
type style uint8

const (
	show style = iota // short markers; disputed clusters in a plain form
	list              // everything that Clean would change, as code points
)

// Clean makes one line of Safe text from text of somebody else. A line feed
// becomes ⏎, a tab or any other blank a space, every control, escape, bidi,
// zero-width, filler, tag and private character a visible marker, every
// ill-formed part U+FFFD. Clusters whose width terminals dispute get a plain
// form. The rule is an allow-list of runes; no escape sequence is parsed, so
// none can be parsed wrongly. Cleaning twice is cleaning once. More than 64 KiB
// are cut off with a note.
func Clean(remote string) Safe {
	if plain(remote) && len(remote) <= Most {
		return Safe{s: remote}
	}
	return clean(remote, Most, show)
}

// Raw is Clean for the raw view: every character that Clean would mark, replace
// or drop is listed as its code point, <U+202E>, and every bad byte as <0x9B>.
func Raw(remote string) Safe {
	if plain(remote) && len(remote) <= Most {
		return Safe{s: remote}
	}
	return clean(remote, Most, list)
}

// CleanLines splits at LF and CRLF and cleans every line. Of more than max
// lines the rest is one line that counts them; max 0 is no limit. The result
// has at least one line.
func CleanLines(remote string, max int) []Safe {
	n := strings.Count(remote, "\n") + 1
	if max > 0 && n > max {
		n = max
	}
	lines := make([]Safe, 0, n)
	for {
		line, rest, more := strings.Cut(remote, "\n")
		if max > 0 && len(lines) == max-1 && more {
			left := strings.Count(rest, "\n") + 2
			return append(lines, Join("", Lit("… "), Count(left), Lit(" more lines")))
		}
		if more {
			line = strings.TrimSuffix(line, "\r")
		}
		lines = append(lines, Clean(line))
		if !more {
			return lines
		}
		remote = rest
	}
}

// plain reports printable ASCII only.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c > 0x7e {
			return false
		}
	}
	return true
}

// clean walks once over the runes and never looks past a bad byte. limit is in
// bytes of the result, 0 for none.
func clean(remote string, limit int, how style) Safe {
	w := writer{how: how, out: make([]byte, 0, min(len(remote)+len(remote)/8+16, 2*Most))}
	room := -1 // where the text must end if a note has to follow
	for i := 0; i < len(remote); {
		if limit > 0 && room < 0 && len(w.out) > limit-noteRoom {
			room = i
		}
		if room >= 0 && len(w.out) > limit {
			return short(remote, room, how)
		}
		i += w.take(remote[i:])
	}
	w.endCluster()
	if room >= 0 && len(w.out) > limit {
		return short(remote, room, how)
	}
	out := Safe{s: string(w.out), hidden: w.hidden}
	if how == show && out.s != remote {
		if as := spell(remote); as != out.s {
			out.spelt = as
		}
	}
	return out
}

// short is remote up to byte at with a note of what is missing. It is far enough
// below the limit that cleaning it again cuts nothing.
func short(remote string, at int, how style) Safe {
	t := clean(remote[:at], 0, how)
	note := "… [" + Count(len(remote)-at).s + " bytes more]"
	if t.s += note; t.spelt != "" {
		t.spelt += note
	}
	return t
}

// take cleans the front of s, which is not empty, and is how long that was.
func (w *writer) take(s string) int {
	n := 0
	for n < len(s) && n < step && s[n] >= 0x20 && s[n] <= 0x7e {
		n++
	}
	if n > 1 && w.open.waits() {
		n = 1
	}
	if n > 1 {
		w.endCluster()
		w.out = append(w.out, s[:n-1]...)
		w.rune(rune(s[n-1]))
		return n
	}
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError && size == 1:
		size = badPart(s)
		w.bad(s[:size])
	case r == '\r' && w.how == show && strings.HasPrefix(s, "\r\n"):
		// The line feed that follows is the mark for both.
	default:
		w.rune(r)
	}
	return size
}

// badPart is the length of the ill-formed part at the front of s: a lead byte
// with the continuation bytes that could belong to it, or one byte.
func badPart(s string) int {
	var low, high byte = 0x80, 0xbf
	need := 0
	switch c := s[0]; {
	case c >= 0xc2 && c <= 0xdf:
		need = 1
	case c >= 0xe0 && c <= 0xef:
		need = 2
		switch c {
		case 0xe0:
			low = 0xa0
		case 0xed:
			high = 0x9f
		}
	case c >= 0xf0 && c <= 0xf4:
		need = 3
		switch c {
		case 0xf0:
			low = 0x90
		case 0xf4:
			high = 0x8f
		}
	}
	n := 1
	for n <= need && n < len(s) && s[n] >= low && s[n] <= high {
		n++
		low, high = 0x80, 0xbf
	}
	return n
}
