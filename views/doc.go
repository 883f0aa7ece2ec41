// Package views says how domain values look: the columns of a list and the keys
// of a record, badges, times, sentences for failures, the rows of a transcript,
// masking. Every screen and every command reads the same tables, so that a value
// has one name and one look everywhere.
//
// It promises pure functions: no disk, no network, no clock (now is handed in
// with Env), nothing that waits. Whatever came from the platform leaves it as
// text.Safe, or as a JSON value that the output writer escapes.
package views
