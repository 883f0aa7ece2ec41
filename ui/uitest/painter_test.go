package uitest

import (
	"strings"
	"testing"
)

// An emulator that is used again leaves nothing of the picture before.
func TestAPictureKeepsNothingOfTheOneBefore(t *testing.T) {
	var p painter
	defer p.close()
	for _, content := range []string{
		"plain", "\x1b[1;31;44mbold on blue", "", "\x1b]8;;https://a.test\x1b\\a link", "wide 漢字\nand more", "\x1b[7mreverse to the end" + strings.Repeat(" ", 40),
		strings.Repeat("x", 20), "one\ntwo\nthree\nfour\nfive\nsix", "end",
	} {
		if used, fresh := p.paint(content, 20, 4).String(), picture(content, 20, 4).String(); used != fresh {
			t.Errorf("%q\n--- used\n%s--- fresh\n%s", content, used, fresh)
		}
	}
}
