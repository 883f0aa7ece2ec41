package api

import "encoding/json"

// Maybe is a value that the platform may not have sent. Unknown is not zero: it
// prints as "?" on screen and null in records.
type Maybe[T any] struct {
	Value T
	Known bool
}

// Known wraps a value that was sent.
func Known[T any](v T) Maybe[T] { return Maybe[T]{Value: v, Known: true} }

// MarshalJSON writes the value, or null when it is not known.
func (m Maybe[T]) MarshalJSON() ([]byte, error) {
	if !m.Known {
		return []byte("null"), nil
	}
	return json.Marshal(m.Value)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Maybe[T]) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*m = Maybe[T]{}
		return nil
	}
	m.Known = true
	return json.Unmarshal(b, &m.Value)
}
