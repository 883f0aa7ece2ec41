package views

import (
	"encoding/json"

	"korescope/api"
)

// TagValue is the value of a tag as text: a string without its quotes, null and
// absent as nothing, anything else as its JSON. It is not cleaned.
func TagValue(t api.Tag) string {
	if len(t.Value) == 0 || string(t.Value) == "null" {
		return ""
	}
	if t.Value[0] == '"' {
		var s string
		if json.Unmarshal(t.Value, &s) == nil {
			return s
		}
	}
	return string(t.Value)
}
