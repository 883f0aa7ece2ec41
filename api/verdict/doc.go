// Package verdict says in one line why a conversation went the way it did: the
// faults that can be seen in what was read, in the order in which they happened,
// and how it ended.
//
// The rules are a table that a person can read (rules.go). Each looks at the
// evidence and gives links; a link names what happened, how often, and the
// message, call or line where it can be seen. Nothing is guessed: a conversation
// in which no rule finds anything has "no fault seen", and a verdict carries
// which layers were read, so that "no fault seen" is never said of what nobody
// looked at. The words are not cleaned and may quote the bot; they are cleaned
// and masked where they become a cell.
package verdict
