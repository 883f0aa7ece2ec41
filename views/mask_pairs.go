package views

import (
	"strings"

	"korescope/api/payload"
)

// hidePairs hides in text what stands behind the name of a secret: "password":
// "x", api_key=x, also where the quotes are written \". A text that has a JSON
// object in its middle, or is a piece cut out of one, has its secrets hidden so.
// Of names without quotes only those count that are no ordinary word.
func hidePairs(s string) string {
	return hideBehind(s, func(name, _ string) (string, bool) { return dots, payload.SecretName(name) })
}

// hideBehind writes what stands behind a name as shown says; where it says
// nothing, that is looked into.
func hideBehind(s string, shown func(name, value string) (string, bool)) string {
	var out strings.Builder
	kept := 0
	for i := 0; i < len(s); i++ {
		if s[i] != ':' && s[i] != '=' || i < kept {
			continue
		}
		name, quoted := nameBefore(s[kept:i])
		if name == "" || !quoted && (ordinary(name) || !payload.SecretName(name)) {
			continue
		}
		from, to := valueAfter(s, i+1)
		instead, hidden := shown(name, s[from:to])
		if from == to || !hidden {
			continue
		}
		out.WriteString(s[kept:from])
		out.WriteString(instead)
		kept = to
	}
	if kept == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

// ordinary reports names that people also write in sentences.
func ordinary(name string) bool {
	switch strings.ToLower(name) {
	case "key", "token", "pin", "signature", "cookie", "otp", "secret", "bearer", "jwt":
		return true
	}
	return false
}

// nameBefore is the name that ends at the end of s, and whether it has quotes.
func nameBefore(s string) (name string, quoted bool) {
	s = strings.TrimRight(s, " \t")
	bare := strings.TrimRight(s, `"'\`)
	quoted = bare != s
	const most = 64
	from := len(bare)
	for from > 0 && len(bare)-from < most {
		c := bare[from-1]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || quoted && c == ' ' {
			from--
			continue
		}
		break
	}
	return bare[from:], quoted
}

// valueAfter is where the value lies that follows: a text in quotes, without
// them; a list or an object as a whole; else what reaches to the next blank or
// sign. A sentence is no value: with blanks after a colon only one word is taken.
func valueAfter(s string, at int) (from, to int) {
	for at < len(s) && (s[at] == ' ' || s[at] == '\t' || s[at] == '\n' || s[at] == '\r') {
		at++
	}
	mark := at
	for mark < len(s) && s[mark] == '\\' {
		mark++
	}
	if mark < len(s) && (s[mark] == '"' || s[mark] == '\'') {
		return mark + 1, closing(s, mark, s[at:mark+1])
	}
	if at < len(s) && (s[at] == '{' || s[at] == '[') {
		return at, balanced(s, at)
	}
	to = at
	for to < len(s) && !strings.ContainsRune(" \t\r\n,;&\"'}])<>\\", rune(s[to])) {
		to++
	}
	if strings.ToLower(s[at:to]) == "bearer" || strings.ToLower(s[at:to]) == "basic" {
		if next, end := valueAfter(s, to); end > next {
			return next, end
		}
	}
	return at, to
}

// closing finds the quote that ends what the quote at mark begins: one that is
// written with as many backslashes.
func closing(s string, mark int, quote string) int {
	for i := mark + 1; i < len(s); i++ {
		if s[i] != s[mark] {
			continue
		}
		slashes := 0
		for i-slashes-1 > mark && s[i-slashes-1] == '\\' {
			slashes++
		}
		if slashes <= len(quote)-1 {
			return i - slashes
		}
	}
	return len(s)
}

// balanced finds the end of the list or object that begins at from.
func balanced(s string, from int) int {
	depth, inside := 0, false
	for i := from; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' && s[i-1] != '\\':
			inside = !inside
		case inside:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}
