package cache

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"korescope/api"
)

// maxWords bounds what is indexed of one call; what lies behind it is read in
// the payload view.
const maxWords = 128 << 10

// maxNested is how often a string that holds JSON is opened again.
const maxNested = 2

// callWords is what a call is found by: its names and the strings in its
// payloads, without the keys around them.
func callWords(l api.LLMCall) string {
	var b strings.Builder
	for _, s := range []string{l.Description, l.Prompt, l.Model, l.Problem} {
		addText(&b, s)
	}
	addStrings(&b, l.Request, 0)
	addStrings(&b, l.Response, 0)
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

// addStrings adds every string value of a JSON text. What is not JSON is added
// as it is.
func addStrings(b *strings.Builder, text []byte, depth int) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var inObject []bool // per open bracket
	key := false        // the next string is a key
	for b.Len() < maxWords {
		tok, err := d.Token()
		if err != nil {
			if err != io.EOF {
				addText(b, string(text))
			}
			return
		}
		switch v := tok.(type) {
		case json.Delim:
			switch v {
			case '{', '[':
				inObject = append(inObject, v == '{')
			default:
				inObject = inObject[:len(inObject)-1]
			}
			key = len(inObject) > 0 && inObject[len(inObject)-1]
			continue
		case string:
			if !key {
				addString(b, v, depth)
			}
		}
		key = len(inObject) > 0 && inObject[len(inObject)-1] && !key
	}
}

func addString(b *strings.Builder, s string, depth int) {
	trimmed := strings.TrimSpace(s)
	if depth < maxNested && len(trimmed) > 1 && (trimmed[0] == '{' || trimmed[0] == '[') && json.Valid([]byte(trimmed)) {
		addStrings(b, []byte(trimmed), depth+1)
		return
	}
	addText(b, s)
}
