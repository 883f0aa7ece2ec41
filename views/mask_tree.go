package views

import (
	"encoding/json"
	"strings"
)

// TreeMask is how a payload is shown as a tree: fields named like a secret are
// dots at every depth, whatever the profile says, because custom integrations
// put keys into payloads; personal data is masked when there is a Masker.
func TreeMask(m *Masker) func(key, value string) (string, bool) {
	return func(key, value string) (string, bool) {
		if secretField(key) {
			return dots, true
		}
		if m == nil || value == "" {
			return "", false
		}
		masked := m.Text(value)
		return masked, masked != value
	}
}

// PrettyJSON lays JSON out over lines when the text is an object or an array;
// any other text stays as it is.
func PrettyJSON(s string) string {
	t := strings.TrimSpace(s)
	if len(t) < 2 || (t[0] != '{' && t[0] != '[') {
		return s
	}
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if enc.Encode(json.RawMessage(t)) != nil {
		return s
	}
	return strings.TrimRight(out.String(), "\n")
}
