// Package kore is the HTTP client of the platform: it signs, counts, sends,
// checks, repeats what may be repeated, pages and decodes.
//
// It promises values of package api and failures of type *api.Error. A token
// goes to the configured origin and nowhere else, no redirect is followed, no
// secret, token or query string is part of any error or dump, and an answer is
// either whole or an error. Calls are repeated by what they do to the platform
// (api.Effect), never by their HTTP verb. Nothing is sent without a place in
// the budget, and what the transport sends twice is counted twice. What changes
// something is sent only where the options allow it, and once; when nobody knows
// whether it was done, that is what the error says.
//
// Text in the values is the platform's own and not fit for a terminal; the
// views clean it.
package kore
