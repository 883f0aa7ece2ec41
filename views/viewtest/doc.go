// Package viewtest sets screens up for tests: readers that answer from a script,
// a shell around one screen with a fixed clock, and invented conversations of
// every kind. Readers fail the test when they are asked outside a command, so
// that no screen can wait on its loop unseen. It is for tests only.
package viewtest
