// Package filter is the language of `/` in lists and of -q: words, "quoted
// words", field:value, field:>n, field:<n, a leading minus for not, blanks for
// and. It turns text into a predicate over rows and says which parts the
// platform can apply itself.
//
// It promises that nothing typed can make it fail other than with an *Error that
// names the place, that Query.String parses to the same query again, and that a
// predicate is pure and safe for use by several goroutines.
//
// How values match, always without regard to letter case:
//
//	word           any part of anything in the row
//	user id task   any part of the value
//	channel lang status kind …   the whole value or its beginning
//	field:=value   the whole value, for any field of words
//	type           dropOff, selfService, agent, open, none or a beginning of one
//	numbers        n, >n, <n, >=n, <=n; dur and ms take 90s, 2m, 1h30m as well
//	field:?        not known, for numbers and dev
//	tag            name, name=value (whole value or its beginning)
//
// A number that is not known matches neither >n nor <n, so -msgs:>4 finds it.
package filter
