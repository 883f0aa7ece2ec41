package views

import (
	"encoding/json"
	"unicode/utf8"

	"korescope/api"
)

// TagValue is the value of a tag as text: a string without its quotes, null and
// absent as nothing, anything else as its JSON. It is not cleaned.
func TagValue(t api.Tag) string {
	if len(t.Value) == 0 || string(t.Value) == "null" {
		return ""
	}
	if s, ok := plainString(t.Value); ok {
		return s
	}
	if t.Value[0] == '"' {
		var s string
		if json.Unmarshal(t.Value, &s) == nil {
			return s
		}
	}
	return string(t.Value)
}

// plainString is a JSON string in which nothing has to be decoded, as nearly all
// are: a filter looks at every tag of every row, and decoding takes ten times as
// long as looking.
func plainString(raw []byte) (string, bool) {
	n := len(raw)
	if n < 2 || raw[0] != '"' || raw[n-1] != '"' {
		return "", false
	}
	ascii := true
	for _, c := range raw[1 : n-1] {
		if c == '"' || c == '\\' || c < ' ' {
			return "", false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return string(raw[1 : n-1]), ascii || utf8.Valid(raw)
}
