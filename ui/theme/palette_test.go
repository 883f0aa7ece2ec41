package theme_test

import (
	"flag"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"

	"korescope/ui/theme"
)

// update writes the palettes instead of comparing.
var update = flag.Bool("update", false, "write the palettes instead of comparing")

// The palettes are kept in one file, so that a changed shade is one changed
// line: pictures of screens speak of tokens.
func TestPalettes(t *testing.T) {
	var b strings.Builder
	for _, name := range theme.Names() {
		if name == theme.Auto {
			continue
		}
		kept(&b, string(name), theme.New(name, true))
	}
	kept(&b, "dark, sixteen colours", theme.ForTerminal(theme.Dark, true, true))
	kept(&b, "light, sixteen colours", theme.ForTerminal(theme.Light, false, true))
	path := filepath.Join("..", "..", "testdata", "palettes.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		t.Errorf("the palettes differ from %s\n--- want\n%s--- got\n%s", path, want, b.String())
	}
}

func kept(b *strings.Builder, name string, th theme.Theme) {
	fmt.Fprintf(b, "%s\n", name)
	for token := range theme.Tokens {
		fmt.Fprintf(b, "  %-10s", token)
		for _, fill := range fills() {
			fmt.Fprintf(b, "  %s", looks(cell(th, token, fill).Style))
		}
		b.WriteByte('\n')
	}
}

// With sixteen colours what warns does not look like what failed.
func TestAmberIsNotRed(t *testing.T) {
	for _, dark := range []bool{true, false} {
		th := theme.ForTerminal(theme.Auto, dark, true)
		bad := cell(th, theme.Bad, theme.Plain).Style.Fg
		for _, token := range []theme.Token{theme.Warn, theme.User, theme.Number, theme.Mark, theme.Human} {
			if cell(th, token, theme.Plain).Style.Fg == bad {
				t.Errorf("%s looks like what failed", token)
			}
		}
	}
}

func looks(s uv.Style) string {
	var out []string
	for _, a := range []struct {
		bit  uint8
		name string
	}{{uv.AttrBold, "bold"}, {uv.AttrFaint, "faint"}, {uv.AttrReverse, "reverse"}} {
		if s.Attrs&a.bit != 0 {
			out = append(out, a.name)
		}
	}
	if s.Underline != 0 {
		out = append(out, "underline")
	}
	shade := func(mark string, c color.Color) {
		if c == nil {
			return
		}
		r, g, b, _ := c.RGBA()
		out = append(out, fmt.Sprintf("%s%02x%02x%02x", mark, r>>8, g>>8, b>>8))
	}
	shade("#", s.Fg)
	shade("on#", s.Bg)
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, ",")
}

func TestEveryTokenHasAName(t *testing.T) {
	for token := range theme.Tokens {
		back, ok := theme.TokenNamed(token.String())
		if !ok || back != token {
			t.Errorf("token %d is called %s, which is %d", token, token, back)
		}
	}
	if _, ok := theme.TokenNamed("no such"); ok {
		t.Error("a name nobody has was found")
	}
}
