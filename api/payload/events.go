package payload

import (
	"bytes"
	"encoding/json"
	"strings"
)

// splitEvents takes a stream apart that was kept as one text: server-sent
// events, or JSON objects one after another. Nil when the text is no stream.
// What is cut at its end costs that event.
func splitEvents(s string) []value {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "{") {
		return follow(s)
	}
	if !strings.HasPrefix(s, "data:") && !strings.HasPrefix(s, "event:") && !strings.HasPrefix(s, "id:") && !strings.HasPrefix(s, ":") && !strings.HasPrefix(s, "retry:") {
		return nil
	}
	var out []value
	var data []string
	flush := func() {
		if v, ok := parse([]byte(strings.Join(data, "\n"))); ok && v.kind() == record {
			out = append(out, v)
		}
		data = nil
	}
	for l := range strings.Lines(s) {
		l = strings.TrimRight(l, "\r\n")
		if d, ok := strings.CutPrefix(strings.TrimLeft(l, " \t"), "data:"); ok {
			if whole, ok := parse([]byte(strings.Join(data, "\n"))); ok && whole.kind() == record {
				flush() // events without a blank line between
			}
			data = append(data, strings.TrimPrefix(d, " "))
			continue
		}
		if strings.TrimSpace(l) == "" {
			flush()
		}
	}
	flush()
	return out
}

// follow reads objects that stand one after another; a single one is no stream.
func follow(s string) []value {
	var out []value
	dec := json.NewDecoder(strings.NewReader(s))
	for {
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			break
		}
		if v = bytes.TrimSpace(v); len(v) == 0 || v[0] != '{' {
			return nil
		}
		out = append(out, value(v))
	}
	rest := strings.TrimSpace(s[dec.InputOffset():])
	if len(out) < 2 || rest != "" && !strings.HasPrefix(rest, "{") {
		return nil
	}
	return out
}
