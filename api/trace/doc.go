// Package trace answers what belongs to a session: which model calls and which
// debug lines of the platform's logs, which know users and times better than
// sessions. The rule is owner; the readers apply it to what the logs and the
// list of sessions say, from disk and from the platform alike, so that every
// screen and every command has the same answer.
//
// A link by id is certain; one by user and time is probable and says so. What
// could belong to several sessions as well belongs to none.
package trace
