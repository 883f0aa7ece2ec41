package views

import (
	"strings"

	"korescope/api"
)

// Line is a masked copy of a debug line: message, detail and identity. The raw
// row is left out.
func (m *Masker) Line(d api.DebugLine) api.DebugLine {
	d.Title, d.Message = m.Text(d.Title), m.Text(d.Message)
	d.Detail = m.JSON(d.Detail)
	d.Identity = m.LogIdentity(d.Identity)
	d.Raw = nil
	return d
}

// LogIdentity hides in an identity of several parts those that point at a
// person; the name of the desk and the platform's own ids stay.
func (m *Masker) LogIdentity(s string) string {
	parts := strings.Split(s, "/")
	if len(parts) == 1 {
		return m.Identity(s)
	}
	for i, p := range parts {
		if strings.Trim(strings.ToLower(p), "abcdefghijklmnopqrstuvwxyz") != "" {
			parts[i] = m.Identity(p)
		}
	}
	return strings.Join(parts, "/")
}
