package cli

import (
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/pulse"
	"korescope/views"
)

// From cold a pulse names the onset, the fault and the change of the invented
// incident, within twenty requests; when warm it asks for nothing.
func TestPulseOfTheInventedIncident(t *testing.T) {
	shop := newShop(t, "", nil)
	s := shop.open(80, 24, visit{route: views.PulseRoute{Window: api.Last(24*time.Hour, opening())}})
	s.sees("pulse", "dropOff", "shared", "Published bot", "GetOrder")
	asked := 0
	for path, n := range s.requests() {
		if !strings.Contains(path, "jwt") {
			asked += n
		}
	}
	if asked > 20 {
		t.Errorf("%d requests from cold: %v", asked, s.requests())
	}
	a, err := pulser{s.desk}.Cached(t.Context(), api.Last(24*time.Hour, opening()))
	if err != nil {
		t.Fatal(err)
	}
	published := opening().Add(-40 * time.Minute)
	var sawShared, sawChange bool
	for _, f := range a.Value {
		switch {
		case f.Section == "containment" && f.Name == "dropOff":
			if d := f.Since.Sub(published); d < -3*time.Minute || d > 3*time.Minute {
				t.Errorf("onset %s, published about %s", f.Since, published)
			}
		case f.Section == "shared" && !sawShared:
			sawShared = true
			if !strings.Contains(f.Name, "GetOrder") && !strings.Contains(f.Name, "cut") {
				t.Errorf("first shared is %s", f.Name)
			}
		case f.Section == "change" && !sawChange:
			sawChange = true
			if !strings.HasPrefix(f.Name, "Published") && !strings.HasPrefix(f.Name, "Updated prompt") {
				t.Errorf("nearest change is %s", f.Name)
			}
		case f.State == pulse.NotKnown:
			t.Errorf("not read: %+v", f)
		}
	}
	before := s.requests()
	s.press(":", "pulse", "enter").sees("pulse", "dropOff")
	s.costs(before, nil)
}
