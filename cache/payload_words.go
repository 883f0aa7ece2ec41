package cache

import (
	"strings"

	"korescope/api"
	"korescope/api/payload"
)

// maxWords bounds what is indexed of one call; what lies behind it is read in
// the payload view.
const maxWords = 128 << 10

// callWords is what a call is found by: its names and the strings in its
// payloads, without the keys around them and without secrets.
func callWords(l api.LLMCall) string {
	var b strings.Builder
	for _, s := range []string{l.Description, l.Prompt, l.Model, l.Problem} {
		addText(&b, s)
	}
	addText(&b, payload.Strings(l, maxWords))
	return b.String()
}

func addText(b *strings.Builder, s string) {
	if room := maxWords - b.Len(); s != "" && room > 0 {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(cutText(s, room))
	}
}
