// Package text holds the one cleaner, the one width model and the one type of
// text that may reach a terminal cell.
package text
