package cache

import (
	"testing"

	"korescope/api"
)

// Every call of the table is counted, whatever its name looks like, and nothing
// else is: a path could carry an id.
func TestEveryEndpointIsObserved(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	for _, e := range api.Endpoints() {
		if err := s.Observe(t.Context(), api.Observed{Endpoint: e.Name, At: noon(), Status: 200}); err != nil {
			t.Fatal(err)
		}
	}
	for _, strange := range []string{"", "users/u-1234", "getSessions/", "st-1f6c"} {
		if err := s.Observe(t.Context(), api.Observed{Endpoint: strange, At: noon(), Status: 200}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.LastCalls(t.Context())
	if err != nil || len(got) != len(api.Endpoints()) {
		t.Errorf("%d of %d calls are kept, %v", len(got), len(api.Endpoints()), err)
	}
}
