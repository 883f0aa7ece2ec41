// Package jsontree shows a JSON value as a tree that opens level by level. It
// records offsets and decodes only what is opened, so a payload of 100 MB
// shows its first rows at once. Numbers, duplicate keys and their order stay as
// written. Strings that hold JSON open in place; text that is cut opens as far
// as it goes and says so; text that is not JSON is shown as text with the place
// of the fault.
//
// A Tree belongs to one goroutine. Search is a pure function, so that a screen
// can run it beside the loop and hand the hits over. All text of the value is
// cleaned before it is drawn, and masked before it is cleaned or copied.
package jsontree
