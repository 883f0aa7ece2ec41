// Package output prints rows for the command line: a table, JSON, one object a
// line, or CSV. Rows are printed as they arrive, except in a table, which looks at
// its first rows to find its widths, and with jq over a whole array.
//
// It promises that stdout carries data only; that JSON is valid and the same in
// meaning whether it goes to a terminal or not; that no control character, no
// escape and no text that could drive a terminal leaves it unescaped; that a
// reader who goes away ends it with views.ErrPipeClosed.
//
//	table   for people: cut to the terminal, times in the profile's zone. On a
//	        pipe: nothing cut, times RFC 3339 UTC, one header, aligned columns.
//	json    one array; an object a line, indented on a terminal
//	ndjson  one object a line
//	csv     RFC 4180 with a header; a cell that a spreadsheet would take for a
//	        formula begins with an apostrophe; numbers stay numbers
//
// --jq runs over the whole array with json and table, over each object with
// ndjson. Results are printed as JSON, with table strings as bare text, as jq -r
// does. jq sorts the keys of objects it prints.
package output
