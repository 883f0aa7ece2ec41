package theme

import (
	"image/color"
	"math"
	"testing"
)

// Every text can be read on every ground that it may stand on: 4.5 to 1, as the
// guidelines for accessible text have it. What is faint is no text: rules and
// padding have to be seen, 3 to 1 is enough for them.
func TestContrast(t *testing.T) {
	grounds := map[string][]color.Color{
		"dark":  {c("0"), c("16"), c("234"), c("235")},
		"light": {c("15"), c("231"), c("255")},
	}
	for name, p := range map[string]palette{"dark": darkColours(), "light": light()} {
		for token, l := range p.looks {
			if l.fg == nil {
				continue
			}
			least := 4.5
			if token == Faint {
				least = 3
			}
			on := grounds[name]
			if own := p.fills[token]; own != nil {
				on = []color.Color{own}
			} else if token != Faint {
				on = append([]color.Color{p.fills[Bar], p.fills[CursorRow], p.fills[Production]}, on...)
			}
			for _, ground := range on {
				if got := ratio(l.fg, ground); got < least {
					t.Errorf("%s: %s on %v has %.1f to 1, less than %.1f", name, token, ground, got, least)
				}
			}
		}
	}
}

func ratio(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is that of the guidelines, from 0 to 1.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	lin := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.03928 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b)
}
