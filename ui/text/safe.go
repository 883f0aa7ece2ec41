package text

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// literal is what an untyped string constant converts to and a variable does
// not: only words written in our own source can become Safe without cleaning.
type literal string

// Safe is text that may meet a terminal cell: valid UTF-8, one line, no control
// or invisible character, every cluster of a width all terminals agree on.
// There is no other way into a cell. The zero value is the empty text.
type Safe struct {
	s      string
	hidden int
	// spelt is the text as it is written where no cell is in the way; "" where
	// that is s.
	spelt string
}

// Lit makes Safe text from a constant of our own.
func Lit(s literal) Safe { return Safe{s: string(s)} }

// String is the text itself.
func (t Safe) String() string { return t.s }

// Spelt is the text for pipes, files and the clipboard, where no cell has a width:
// letters, marks and joiners as they were written. What could be obeyed or is not
// seen is still shown as in String. Cut, Slice, Window and Wrap make text for
// cells: of what they shortened nothing else is left.
func (t Safe) Spelt() string {
	if t.spelt != "" {
		return t.spelt
	}
	return t.s
}

// Empty reports that there is nothing to show.
func (t Safe) Empty() bool { return t.s == "" }

// Hidden counts the characters that were made visible because they would have
// been obeyed or unseen: controls, bidi overrides, zero-width characters. Cut,
// Pad, Join and Format keep the count of the whole; Slice, Window and Wrap
// return pieces, which count none.
func (t Safe) Hidden() int { return t.hidden }

type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// Int is n in decimal.
func Int[T integer](n T) Safe {
	if n < 0 {
		return Safe{s: strconv.FormatInt(int64(n), 10)}
	}
	return Safe{s: strconv.FormatUint(uint64(n), 10)}
}

// Count is n with a comma between thousands: 12,310.
func Count(n int) Safe {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	if len(s) <= 3 {
		return Safe{s: sign + s}
	}
	var b strings.Builder
	b.WriteString(sign)
	head := len(s) % 3
	b.WriteString(s[:head])
	for i := head; i < len(s); i += 3 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s[i : i+3])
	}
	return Safe{s: b.String()}
}

// Join puts the parts in a row with sep between them. It is not capped.
func Join(sep literal, parts ...Safe) Safe {
	if len(parts) == 1 {
		return parts[0]
	}
	n, hidden, spelt := 0, 0, false
	for _, p := range parts {
		n += len(p.s) + len(sep)
		hidden += p.hidden
		spelt = spelt || p.spelt != ""
	}
	var b strings.Builder
	b.Grow(n)
	seam := false
	for i, p := range parts {
		if i > 0 {
			b.WriteString(string(sep))
		}
		seam = seam || sep == "" && p.s != "" && p.s[0] >= 0x80
		b.WriteString(p.s)
	}
	out := Safe{s: b.String(), hidden: hidden}
	if seam {
		// Two parts met without a separator: clusters may have grown together.
		out = Safe{s: clean(out.s, 0, show).s, hidden: hidden}
	}
	if spelt {
		words := make([]string, len(parts))
		for i, p := range parts {
			words[i] = p.Spelt()
		}
		out.spelt = strings.Join(words, string(sep))
	}
	return out
}

// Format is fmt.Sprintf whose arguments cannot smuggle anything in: Safe passes
// as it is, numbers and booleans as fmt prints them, and everything else is
// turned to text and cleaned first. Widths in verbs count runes; Pad counts
// cells.
func Format(f literal, args ...any) Safe {
	hidden, spelt := 0, false
	out, as := make([]any, len(args)), make([]any, len(args))
	for i, arg := range args {
		var c Safe
		switch a := arg.(type) {
		case Safe:
			c = a
		case []byte:
			c = Clean(string(a))
		default:
			if numeric(a) {
				out[i], as[i] = a, a
				continue
			}
			c = Clean(fmt.Sprint(a))
		}
		out[i], as[i], hidden = c.s, c.Spelt(), hidden+c.hidden
		spelt = spelt || c.spelt != ""
	}
	// A verb may still print a control character: %c of a number, %v of a number
	// with a String method.
	t := clean(fmt.Sprintf(string(f), out...), 0, show)
	t.hidden += hidden
	if t.spelt = ""; spelt {
		t.spelt = spell(fmt.Sprintf(string(f), as...))
	}
	return t
}

// numeric reports what %d, %f and %t print.
func numeric(a any) bool {
	k := reflect.ValueOf(a).Kind()
	return k >= reflect.Bool && k <= reflect.Float64
}
