package config

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Issue is one complaint. Its texts hold no secret and no control character.
type Issue struct {
	File    string // "" when it is about a flag or the environment
	Line    int    // 0 when it is about the whole file
	Path    string // setting, flag or variable: "profiles.prod-eu.host", "KORESCOPE_HOST"
	What    string
	Hint    string // what to do; may be ""
	Warning bool   // worth saying, but nothing is stopped by it
}

// String is "file:line: path: what (hint)", leaving out what is not known.
func (i Issue) String() string {
	var b strings.Builder
	if i.File != "" {
		b.WriteString(clean(i.File))
		if i.Line > 0 {
			b.WriteString(":" + strconv.Itoa(i.Line))
		}
		b.WriteString(": ")
	}
	if i.Warning {
		b.WriteString("warning: ")
	}
	if i.Path != "" {
		b.WriteString(i.Path + ": ")
	}
	b.WriteString(i.What)
	if i.Hint != "" {
		b.WriteString(" (" + i.Hint + ")")
	}
	return b.String()
}

// Issues is a list of complaints, in the order of the file. As an error it
// prints one a line.
type Issues []Issue

// Error is one issue a line, without a newline at the end.
func (is Issues) Error() string {
	lines := make([]string, len(is))
	for i, issue := range is {
		lines[i] = issue.String()
	}
	return strings.Join(lines, "\n")
}

// Err is the list as an error when something in it must stop the program, nil
// when it is empty or has warnings only.
func (is Issues) Err() error {
	for _, i := range is {
		if !i.Warning {
			return is
		}
	}
	return nil
}

func (is Issues) sorted() Issues {
	slices.SortStableFunc(is, func(a, b Issue) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return is
}

// clean shows control and invisible characters of a name instead of printing
// them; quote does the same inside quotation marks.
func clean(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) || r == utf8.RuneError }) {
		return strconv.Quote(s)
	}
	return s
}

func quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}

func meant(s string) string { return "did you mean " + quote(s) + "?" }
