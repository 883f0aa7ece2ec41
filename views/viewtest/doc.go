// Package viewtest sets screens up for tests: readers that answer from a script,
// a shell around one screen with a fixed clock, and invented conversations of
// every kind. Readers fail the test when they are asked outside a command, so
// that no screen can wait on its loop unseen. It is for tests only.
//
// A picture that is kept below testdata/screens is what stands between header
// and footer, with what the screen tells the shell about itself above it and the
// tokens of its cells below it. Header and footer are kept once, as the shell's
// own pictures (testdata/screens/shell), the colours of the tokens in
// testdata/palettes.txt. Pictures are renewed and seen with
//
//	go test ./views/sessions -update
//	go run ./ui/uitest/show sessions/loaded-80x24
package viewtest
