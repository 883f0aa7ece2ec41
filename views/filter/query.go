package filter

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"korescope/views"
)

// Op is how a value is compared.
type Op string

// The comparisons. Has is what a plain value means.
const (
	Has     Op = ""
	Exactly Op = "="
	Over    Op = ">"
	Under   Op = "<"
	AtLeast Op = ">="
	AtMost  Op = "<="
)

// Term is one condition.
type Term struct {
	Not   bool
	Field string // "" for a word that may stand anywhere
	Op    Op
	Value string
	// Quoted keeps a word that looks like something else a word.
	Quoted bool
}

// Query is all conditions; every one must hold. Of the zero value all rows are
// matches.
type Query struct {
	Terms []Term
}

// Uses reports a condition on that field.
func (q Query) Uses(field string) bool {
	return slices.ContainsFunc(q.Terms, func(t Term) bool { return t.Field == field })
}

// Error is a mistake in the text of a filter. At is the byte where it is.
type Error struct {
	At   int
	Text string
	// Unfinished says that more typing can make it right, so that a prompt need
	// not complain yet.
	Unfinished bool
}

// Error is the sentence with the place, counted from 1.
func (e *Error) Error() string { return fmt.Sprintf("%s (at %d)", e.Text, e.At+1) }

// Parse reads a filter without knowing any field.
func Parse(s string) (Query, error) {
	q, _, err := parse(s)
	return q, err
}

// parse gives the place of each term as well.
func parse(s string) (Query, []int, error) {
	p := parser{s: s}
	var q Query
	var at []int
	for {
		p.blanks()
		if p.i >= len(p.s) {
			return q, at, nil
		}
		start := p.i
		t, err := p.term()
		if err != nil {
			return Query{}, nil, err
		}
		q.Terms, at = append(q.Terms, t), append(at, start)
	}
}

type parser struct {
	s string
	i int
}

func (p *parser) blanks() {
	for p.i < len(p.s) && blank(p.s[p.i]) {
		p.i++
	}
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (p *parser) term() (Term, error) {
	var t Term
	if p.s[p.i] == '-' && p.i+1 < len(p.s) && !blank(p.s[p.i+1]) {
		t.Not = true
		p.i++
	}
	start := p.i
	if name := fieldName(p.s[p.i:]); name != "" {
		t.Field = strings.ToLower(name)
		p.i += len(name) + 1
		t.Op = p.op()
	}
	var err error
	if t.Value, t.Quoted, err = p.value(); err != nil {
		return t, err
	}
	if t.Value == "" && t.Field != "" {
		return t, &Error{At: start, Unfinished: true, Text: fmt.Sprintf("%s: needs a value", t.Field)}
	}
	if t.Value == "" {
		return t, &Error{At: start, Unfinished: true, Text: "the quotes hold nothing"}
	}
	t.Quoted = t.Field == "" && (t.Quoted || t.mustQuote())
	return t, nil
}

// fieldName is the name before a colon; "" when the word is none. Names are
// letters, so that 14:30 stays a word.
func fieldName(s string) string {
	for i := range len(s) {
		c := s[i]
		switch {
		case c == ':' && i > 0:
			return s[:i]
		case c < 'A' || c > 'Z' && c < 'a' || c > 'z':
			return ""
		}
	}
	return ""
}

func (p *parser) op() Op {
	for _, op := range []Op{AtLeast, AtMost, Over, Under, Exactly} {
		if strings.HasPrefix(p.s[p.i:], string(op)) {
			p.i += len(op)
			return op
		}
	}
	return Has
}

// value is a run without blanks, or quoted text in which \" and \\ stand for
// the characters themselves. Quotes may also begin after other characters, as
// in tag:name="two words".
func (p *parser) value() (string, bool, error) {
	var b strings.Builder
	open := -1
	quoted := p.i < len(p.s) && p.s[p.i] == '"'
	for ; p.i < len(p.s); p.i++ {
		c := p.s[p.i]
		switch {
		case open >= 0 && c == '\\' && p.i+1 < len(p.s) && (p.s[p.i+1] == '"' || p.s[p.i+1] == '\\'):
			p.i++
			b.WriteByte(p.s[p.i])
		case c == '"' && open >= 0:
			open = -1
		case c == '"':
			open = p.i
		case open < 0 && blank(c):
			return b.String(), quoted, nil
		default:
			b.WriteByte(c)
		}
	}
	if open >= 0 {
		return "", false, &Error{At: open, Unfinished: true, Text: "a quote is opened and not closed"}
	}
	return b.String(), quoted, nil
}

// Unwrap makes it a mistake of the person who typed it, for exit codes.
func (e *Error) Unwrap() error { return &views.UsageError{Text: e.Error()} }

// String is the query in its shortest form that parses to the same query.
func (q Query) String() string {
	parts := make([]string, len(q.Terms))
	for i, t := range q.Terms {
		parts[i] = t.String()
	}
	return strings.Join(parts, " ")
}

// String is the term as it would be typed.
func (t Term) String() string {
	var b strings.Builder
	if t.Not {
		b.WriteByte('-')
	}
	if t.Field != "" {
		b.WriteString(t.Field + ":" + string(t.Op))
	}
	if t.Quoted || t.mustQuote() {
		b.WriteByte('"')
		b.WriteString(strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(t.Value))
		b.WriteByte('"')
	} else {
		b.WriteString(t.Value)
	}
	return b.String()
}

func (t Term) mustQuote() bool {
	if strings.ContainsAny(t.Value, " \t\n\r\"") || t.Value == "" || !utf8.ValidString(t.Value) {
		return true
	}
	if t.Field == "" {
		return t.Value[0] == '-' || fieldName(t.Value) != ""
	}
	return t.Op == Has && strings.ContainsRune("=<>", rune(t.Value[0])) || strings.HasPrefix(t.Value, "=")
}
