package uitest

import (
	"fmt"
	"html"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

// The size of a cell in a picture, in pixels.
const (
	cellWidth  = 8
	cellHeight = 17
)

// SVG is painted content as a browser shows it, on a dark or a light ground.
func SVG(content string, w, h int, dark bool) string {
	ground, ink := "#101014", "#d8d8d8"
	if !dark {
		ground, ink = "#ffffff", "#202020"
	}
	e := vt.NewEmulator(w, h)
	defer func() { _ = e.Close() }()
	_, _ = e.WriteString(newLineMode + content)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="monospace" font-size="13" xml:space="preserve">`+"\n",
		w*cellWidth, h*cellHeight)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="%s"/>`+"\n", ground)
	for y := range h {
		for x := range w {
			if c := e.CellAt(x, y); c != nil && c.Width > 0 {
				svgCell(&b, c, x, y, ground, ink)
			}
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func svgCell(b *strings.Builder, c *uv.Cell, x, y int, ground, ink string) {
	back := ""
	if c.Style.Fg != nil {
		ink = name(c.Style.Fg)
	}
	if c.Style.Bg != nil {
		back = name(c.Style.Bg)
	}
	if c.Style.Attrs&uv.AttrReverse != 0 {
		if back == "" {
			back = ground
		}
		ink, back = back, ink
	}
	if back != "" {
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n",
			x*cellWidth, y*cellHeight, c.Width*cellWidth, cellHeight, back)
	}
	if strings.TrimSpace(c.Content) == "" {
		return
	}
	look := ""
	if c.Style.Attrs&uv.AttrBold != 0 {
		look += ` font-weight="bold"`
	}
	if c.Style.Underline != 0 {
		look += ` text-decoration="underline"`
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" textLength="%d" lengthAdjust="spacingAndGlyphs" fill="%s"%s>%s</text>`+"\n",
		x*cellWidth, y*cellHeight+13, c.Width*cellWidth, ink, look, html.EscapeString(c.Content))
}
