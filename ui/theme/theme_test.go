package theme_test

import (
	"image/color"
	"math"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"

	"korescope/ui/theme"
)

func fills() []theme.Token {
	return []theme.Token{theme.Plain, theme.CursorRow, theme.Bar, theme.Alarm, theme.Match, theme.Production}
}

// cell is how a terminal shows a letter painted so.
func cell(th theme.Theme, token, fill theme.Token) *uv.Cell {
	var b strings.Builder
	th.Paint(&b, token, fill, "x")
	e := vt.NewEmulator(2, 1)
	_, _ = e.WriteString(b.String())
	return e.CellAt(0, 0)
}

func TestEveryTokenInEveryTheme(t *testing.T) {
	for _, name := range theme.Names() {
		for _, dark := range []bool{true, false} {
			th := theme.New(name, dark)
			for token := range theme.Tokens {
				for _, fill := range fills() {
					var b strings.Builder
					th.Paint(&b, token, fill, "word")
					got := b.String()
					plain := strings.TrimSuffix(got, "\x1b[m")
					switch {
					case got == "word":
					case !strings.HasPrefix(got, "\x1b[") || !strings.HasSuffix(plain, "mword") || plain == got,
						strings.Count(got, "\x1b") != 2:
						t.Errorf("%s: token %d on %d is painted %q", name, token, fill, got)
					}
				}
			}
			for token := range theme.Tokens {
				var b strings.Builder
				th.Paint(&b, token, theme.Plain, "")
				if b.Len() > 0 {
					t.Errorf("%s: nothing is painted as %q", name, b.String())
				}
			}
		}
	}
}

func TestTheZeroThemePaintsNothing(t *testing.T) {
	var b strings.Builder
	theme.Theme{}.Paint(&b, theme.Bad, theme.Bar, "word")
	if b.String() != "word" {
		t.Errorf("painted %q", b.String())
	}
}

// meaningful are the tokens that a person must be able to tell from ordinary
// text by more than colour where there is no colour.
func meaningful() []theme.Token {
	return []theme.Token{theme.Strong, theme.Title, theme.Accent, theme.Bad, theme.User, theme.Human, theme.Cursor, theme.Mark, theme.Match, theme.Alarm}
}

func TestMonoHasNoColour(t *testing.T) {
	th := theme.New(theme.Mono, true)
	for token := range theme.Tokens {
		for _, fill := range fills() {
			if c := cell(th, token, fill); c.Style.Fg != nil || c.Style.Bg != nil {
				t.Errorf("token %d on %d has a colour", token, fill)
			}
		}
	}
	for _, token := range meaningful() {
		if token == theme.Match || token == theme.Alarm {
			continue // shown by their fill, below
		}
		if c := cell(th, token, theme.Plain); c.Style.Attrs == 0 && c.Style.Underline == 0 {
			t.Errorf("token %d looks like ordinary text", token)
		}
	}
	for _, fill := range []theme.Token{theme.Alarm, theme.Match} {
		if c := cell(th, theme.Plain, fill); c.Style.Attrs&uv.AttrReverse == 0 {
			t.Errorf("fill %d is not seen", fill)
		}
	}
}

func TestMeaningIsSeenInEveryTheme(t *testing.T) {
	for _, name := range []theme.Name{theme.Dark, theme.Light, theme.Contrast} {
		th := theme.New(name, true)
		for _, token := range meaningful() {
			if c := cell(th, token, theme.Plain); c.Style == (uv.Style{}) {
				t.Errorf("%s: token %d looks like ordinary text", name, token)
			}
		}
	}
}

func TestAutoFollowsTheTerminal(t *testing.T) {
	for _, name := range []theme.Name{theme.Auto, "", "no such theme"} {
		if theme.New(name, true) != theme.New(theme.Dark, false) || theme.New(name, false) != theme.New(theme.Light, true) {
			t.Errorf("%q does not follow the background", name)
		}
	}
}

// Text on a background of ours can be read: at least 3:1, the least that is
// asked for large text and marks. Faint is left out: it is for rules.
func TestContrast(t *testing.T) {
	const least = 3.0
	for _, name := range []theme.Name{theme.Dark, theme.Light} {
		th := theme.New(name, true)
		for token := range theme.Tokens {
			for _, fill := range fills() {
				c := cell(th, token, fill)
				if c.Style.Bg == nil || c.Style.Fg == nil || token == theme.Faint {
					continue
				}
				if fill == theme.Alarm || fill == theme.Match {
					continue // nothing but its own token stands on these
				}
				if got := ratio(c.Style.Fg, c.Style.Bg); got < least {
					t.Errorf("%s: token %d on fill %d has %.1f:1", name, token, fill, got)
				}
			}
		}
		for _, own := range []theme.Token{theme.Alarm, theme.Match} {
			for _, fill := range []theme.Token{theme.Plain, own} {
				if c := cell(th, own, fill); ratio(c.Style.Fg, c.Style.Bg) < least {
					t.Errorf("%s: token %d on %d has %.1f:1", name, own, fill, ratio(c.Style.Fg, c.Style.Bg))
				}
			}
		}
	}
}

// TestContrastOnTheTerminal takes the usual backgrounds: black and white.
func TestContrastOnTheTerminal(t *testing.T) {
	for name, ground := range map[theme.Name]color.Color{theme.Dark: color.Black, theme.Light: color.White} {
		th := theme.New(name, true)
		for token := range theme.Tokens {
			c := cell(th, token, theme.Plain)
			if c.Style.Fg == nil || c.Style.Bg != nil || token == theme.Faint {
				continue
			}
			if got := ratio(c.Style.Fg, ground); got < 3 {
				t.Errorf("%s: token %d has %.1f:1", name, token, got)
			}
		}
	}
}

// ratio is the contrast of two colours as WCAG defines it.
func ratio(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.Color) float64 {
	if basic, ok := c.(interface{ RGBA() (r, g, b, a uint32) }); ok {
		r, g, b, _ := basic.RGBA()
		return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
	}
	return 0
}

func linear(v uint32) float64 {
	s := float64(v) / 0xffff
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}
