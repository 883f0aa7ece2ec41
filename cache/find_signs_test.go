package cache

import (
	"testing"
	"time"

	"korescope/api"
)

// Signs are in no index: beside words they count, alone they are refused.
func TestFindSigns(t *testing.T) {
	s := mustOpen(t, options(t, newClock()))
	said := []string{
		"C++ is here", "and C# too", ".NET v1.2", "net worth", "thumbs 👍🏽 up", "thumbs down", "issue #77", "77 boats",
		"100% sure", "100 boats", "error E-1001/B", "refunded yesterday",
	}
	var rows []api.Message
	for i, words := range said {
		rows = append(rows, messageAt("68f1a3d04c7e2b9a5d10e3f7", i, noon().Add(time.Duration(i)*time.Second), api.FromUser, words))
	}
	if err := s.write(t.Context(), "keep", func(c *conn) error { return s.putMessages(c, rows, noon()) }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what string
		hits int
	}{
		{"C++", 1}, {"c#", 1}, {"C", 2}, {".net", 1}, {"net", 2}, {"thumbs 👍", 1}, {"thumbs", 2}, {"#77", 1}, {"77", 2}, {"100%", 1},
		{"E-1001/B", 1}, {"e 1001 b", 1}, {"refund*", 1}, {"refund", 0}, {"here,", 1}, {"(sure)", 1},
	} {
		hits, err := s.Find(t.Context(), FindQuery{Text: c.what, Limit: 1})
		if err != nil || len(hits) != min(c.hits, 1) || !Searchable(c.what) {
			t.Errorf("%s: first page %d, %v", c.what, len(hits), err)
		}
		if hits, err = s.Find(t.Context(), FindQuery{Text: c.what}); err != nil || len(hits) != c.hits {
			t.Errorf("%s: %d hits, want %d, %v", c.what, len(hits), c.hits, err)
		}
	}
	for _, what := range []string{"👍", "✅", "%", "", "++ --", `"👍"`} {
		if Searchable(what) {
			t.Errorf("%q can be searched", what)
		}
	}
}
