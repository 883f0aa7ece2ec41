package sim

import "net/http"

// refusal is an error answer of the platform in its main shape (reference 4.1).
type refusal struct {
	status int
	code   int
	msg    string
}

func (r *refusal) tree() obj {
	return ob("errors", []any{ob("msg", r.msg, "code", r.code)})
}

// The refusals of reference 4.2. Code 4002 has four meanings; only the text
// tells them apart.

func badCredentials() *refusal {
	return &refusal{http.StatusUnauthorized, 4002, "Invalid SDK credentials"}
}

func notAToken() *refusal {
	return &refusal{http.StatusUnauthorized, 4002, "Invalid JWT token"}
}

func scopeMissing() *refusal {
	return &refusal{http.StatusUnauthorized, 4002, "Permission denied. Scope is incorrect!"}
}

func unknownStream() *refusal {
	return &refusal{http.StatusBadRequest, 400, "Invalid StreamId"}
}

func wrongPath() *refusal {
	return &refusal{http.StatusMethodNotAllowed, 405, "Method Not Allowed"}
}

func invalidArguments() *refusal {
	return &refusal{http.StatusPreconditionFailed, 412, "Validation errors/ Invalid arguments"}
}

// windowTooLong is [SIM]: the platform throws an error of unknown text.
func windowTooLong(days string) *refusal {
	return &refusal{http.StatusBadRequest, 400, "Date range should be less than " + days + " days"}
}
