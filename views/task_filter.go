package views

import "strings"

// TaskFilter is the condition of a list of sessions that a task of this very name
// ran, in the filter language. A name with a quotation mark is looked for by its
// part before that: the language has no way to write one.
func TaskFilter(name string) string {
	part, _, quoted := strings.Cut(name, `"`)
	if quoted {
		return `task:"` + part + `"`
	}
	return `task:="` + name + `"`
}
