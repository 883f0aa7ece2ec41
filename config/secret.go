package config

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"
)

// Secret is text that every way of printing shows as dots. It sits behind a
// pointer because fmt does not ask unexported fields of a struct how they want
// to be printed: there it shows an address. The zero Secret is empty.
type Secret struct {
	text *string
}

const dots = "•••"

// shortest is the fewest characters that can be a client secret. The signing
// library would sign with an empty one without a word.
const shortest = 8

// Hide makes a Secret of text.
func Hide(text string) Secret { return Secret{text: &text} }

// Reveal is the text itself; to be called where it is used and kept nowhere.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Empty reports that there is nothing to hide.
func (s Secret) Empty() bool { return s.Reveal() == "" }

// String gives dots.
func (s Secret) String() string { return dots }

// GoString gives dots.
func (s Secret) GoString() string { return dots }

// Format gives dots for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, dots) }

// MarshalJSON gives dots.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + dots + `"`), nil }

// MarshalText gives dots.
func (s Secret) MarshalText() ([]byte, error) { return []byte(dots), nil }

// LogValue gives dots.
func (s Secret) LogValue() slog.Value { return slog.StringValue(dots) }

// firstLine takes the first line of what a helper or a file gave: password
// stores keep notes on the lines after it.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimPrefix(text, "\ufeff"), "\n")
	return strings.TrimSpace(line)
}

// usable refuses what cannot be a client secret, without showing it.
func usable(text string) (Secret, error) {
	switch {
	case text == "":
		return Secret{}, fmt.Errorf("the client secret is empty")
	case len(text) < shortest:
		return Secret{}, fmt.Errorf("the client secret is too short to be one (%d characters)", len(text))
	case strings.ContainsFunc(text, unicode.IsControl):
		return Secret{}, fmt.Errorf("the client secret holds control characters")
	}
	return Hide(text), nil
}
