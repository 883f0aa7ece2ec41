package kore

import (
	"encoding/json"
	"testing"

	"korescope/api"
)

// A line is the same line with and without its details, and two lines of one
// millisecond that say the same are two.
func TestLineIDs(t *testing.T) {
	plain := `{"timestamp":"2025-10-16T22:03:04.920Z","debugTitle":"AskOrder","debugMessage":"done","debugLevel":"info","metaInfo":{"channel":"rtm","identity":"pat"}}`
	detailed := `{"timestamp":"2025-10-16T22:03:04.920Z","debugTitle":"AskOrder","debugMessage":"done","debugLevel":"info","debugDetail":"{}","metaInfo":{"channel":"rtm","identity":"pat"},"VGdebugDetail":{"inputType":"voice"}}`
	other := `{"timestamp":"2025-10-16T22:03:04.920Z","debugTitle":"AskOrder","debugMessage":"done again","debugLevel":"info","metaInfo":{"channel":"rtm","identity":"pat"}}`
	lines := func(rows ...string) []api.DebugLine {
		t.Helper()
		a := &answer{}
		for _, r := range rows {
			a.array = append(a.array, json.RawMessage(r))
		}
		c, err := a.debugLines(api.LogQuery{Identity: "pat"})
		if err != nil {
			t.Fatal(err)
		}
		return c.rows
	}
	a, b := lines(plain, plain, other), lines(detailed, detailed, other)
	for i := range a {
		if a[i].ID != b[i].ID || a[i].ID == "" {
			t.Errorf("line %d: %q and %q", i, a[i].ID, b[i].ID)
		}
	}
	if a[0].ID == a[1].ID || a[0].ID == a[2].ID || a[1].ID == a[2].ID {
		t.Error("different lines with one id")
	}
}
