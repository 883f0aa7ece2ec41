package kore

import (
	"net/http"
	"net/http/httptest"
)

// recorder turns what a handler writes into a response without a network.
type recorder struct {
	*httptest.ResponseRecorder
	request *http.Request
}

func newRecorder(r *http.Request) *recorder { return &recorder{httptest.NewRecorder(), r} }

func (r *recorder) response() *http.Response {
	out := r.Result()
	out.Request = r.request
	return out
}
