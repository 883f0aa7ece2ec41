package theme

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// Name picks a theme; Auto follows the terminal's background.
type Name string

// The themes.
const (
	Auto     Name = "auto"
	Dark     Name = "dark"
	Light    Name = "light"
	Contrast Name = "contrast" // few colours, strong ones, told apart by colour-blind eyes
	Mono     Name = "mono"     // no colour at all
)

// Names lists what the config may say.
func Names() []Name { return []Name{Auto, Dark, Light, Contrast, Mono} }

// Theme turns tokens into terminal attributes. It is a value that never
// changes after New; the zero value paints nothing.
type Theme struct {
	open [Tokens][Tokens]string // [token][fill]
}

const reset = "\x1b[m"

// New makes the theme of that name. dark says what the terminal's background
// is; only Auto asks for it. Unknown names are Auto.
func New(name Name, dark bool) Theme { return made(named(name, dark, false)) }

// ForTerminal is New for a terminal that may have sixteen colours only.
func ForTerminal(name Name, dark, sixteen bool) Theme { return made(named(name, dark, sixteen)) }

// Sixteen reports a terminal that has no more than sixteen colours.
func Sixteen(p colorprofile.Profile) bool { return p <= colorprofile.ANSI }

func named(name Name, dark, sixteen bool) palette {
	switch name {
	case Mono:
		return mono()
	case Contrast:
		return contrast()
	case Light:
		dark = false
	case Dark:
		dark = true
	}
	switch {
	case sixteen && dark:
		return sixteenDark()
	case sixteen:
		return sixteenLight()
	case dark:
		return darkColours()
	}
	return light()
}

func made(styles palette) Theme {
	var t Theme
	for token := range Tokens {
		for _, fill := range fills() {
			t.open[token][fill] = prefix(styles.style(token, fill))
		}
	}
	return t
}

// Paint writes s in the token's attributes on the fill's background. A piece
// without attributes is written as it is: every byte counts on a slow line.
func (t Theme) Paint(b *strings.Builder, token, fill Token, s string) {
	if s == "" {
		return
	}
	open := t.open[token][fill]
	if open == "" {
		b.WriteString(s)
		return
	}
	b.WriteString(open)
	b.WriteString(s)
	b.WriteString(reset)
}

// prefix is the sequence that switches the style on. The style is rendered
// around a mark once, when the theme is made, never per cell.
func prefix(s lipgloss.Style) string {
	open, _, _ := strings.Cut(s.Render("x"), "x")
	return open
}

// look is how one token looks; the zero value is ordinary text.
type look struct {
	fg                              color.Color
	bold, faint, underline, reverse bool
}

type palette struct {
	looks map[Token]look
	fills map[Token]color.Color
	// reverseFills are fills shown by reversing, for themes without colours.
	reverseFills bool
}

func (p palette) style(token, fill Token) lipgloss.Style {
	l := p.looks[token]
	s := lipgloss.NewStyle()
	if l.fg != nil {
		s = s.Foreground(l.fg)
	}
	// What has a fill of its own keeps it on a filled row, or it could not be
	// read there.
	if bg := p.fills[token]; bg != nil {
		s = s.Background(bg)
	} else if bg := p.fills[fill]; bg != nil {
		s = s.Background(bg)
	}
	reversed := p.reverseFills && (loud(fill) || loud(token))
	return s.Bold(l.bold).Faint(l.faint).Underline(l.underline).Reverse(l.reverse || reversed)
}

// loud are the fills that must be seen without colours.
func loud(t Token) bool { return t == Alarm || t == Match || t == Production }
