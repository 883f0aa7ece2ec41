package views

import (
	"strings"
	"unicode"

	"korescope/spell"
)

// CommandLine is a line of this program for the prompt of a shell: the command
// with its options, then the operands, every word quoted where a shell would read
// it as anything but text. An operand that begins with a dash stands behind --.
// It is "" when a word holds what no line may carry: control characters, which a
// terminal obeys when the line is pasted, and what turns or hides text, so that
// another line is read than the one that runs.
func CommandLine(options []string, operands ...string) string {
	var b strings.Builder
	b.WriteString("korescope")
	dashed := false
	for i, word := range append(append([]string{}, options...), operands...) {
		if strings.ContainsFunc(word, unpastable) {
			return ""
		}
		if i >= len(options) && strings.HasPrefix(word, "-") && !dashed {
			dashed = true
			b.WriteString(" --")
		}
		b.WriteString(" " + spell.Shell(word))
	}
	return b.String()
}

// ShellLine is a line of any program for the prompt of a shell, every word quoted
// where needed; "" when a word holds what no line may carry, see [CommandLine].
func ShellLine(words []string) string {
	quoted := make([]string, 0, len(words))
	for _, word := range words {
		if strings.ContainsFunc(word, unpastable) {
			return ""
		}
		quoted = append(quoted, spell.Shell(word))
	}
	return strings.Join(quoted, " ")
}

func unpastable(r rune) bool {
	return r == unicode.ReplacementChar || !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}
