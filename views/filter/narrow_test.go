package filter_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"korescope/api"
	"korescope/views/filter"
)

func TestNarrows(t *testing.T) {
	s := filter.Sessions(time.UTC)
	for _, c := range []struct {
		was, is string
		want    bool
	}{
		{"", "a", true}, {"a", "ab", true}, {"a", "ba", false}, {"ab", "a", false}, {"a", "a b", true},
		{"a b", "a bc", true}, {"a b", "ac b", false}, {"user:a", "user:ab", true}, {"channel:r", "channel:rt", true},
		{"-a", "-ab", false}, {"-a", "-a b", true}, {"msgs:1", "msgs:12", false}, {"msgs:>1", "msgs:>1 a", true},
		{"type:a", "type:ag", false}, {"user:=a", "user:=ab", false}, {"a", "user:ab", false}, {"tag:a", "tag:ab", false},
	} {
		was, err := filter.Parse(c.was)
		if err != nil {
			t.Fatal(err)
		}
		is, err := filter.Parse(c.is)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Narrows(was, is); got != c.want {
			t.Errorf("%q, then %q: %v", c.was, c.is, got)
		}
	}
}

// What is said to narrow never finds a row that the filter before did not.
func TestNarrowingLosesNothing(t *testing.T) {
	s := filter.Sessions(time.UTC)
	words := rapid.SampledFrom([]string{
		"a", "A", "ab", "12", "12:", "2031", "user:a", "user:ab", "-a", "type:a", "type:ag", "msgs:1", "msgs:12", "msgs:>1",
		"channel:r", "channel:rt", "tag:a", "tag:a=b", "É", "é", `"a b"`, "dev:t", "lang:=a",
	})
	rapid.Check(t, func(t *rapid.T) {
		was := strings.Join(rapid.SliceOfN(words, 0, 3).Draw(t, "was"), " ")
		is := was + rapid.SampledFrom([]string{"", "a", "b", "1", " a", " -a", ":"}).Draw(t, "more")
		q1, keep1, err1 := s.Compile(was)
		q2, keep2, err2 := s.Compile(is)
		if err1 != nil || err2 != nil || !s.Narrows(q1, q2) {
			return
		}
		part := rapid.StringMatching(`[aAb1é ]{0,3}`)
		row := api.Session{
			ID: api.SessionID(part.Draw(t, "id")), User: api.UserID(part.Draw(t, "user")), Channel: part.Draw(t, "channel") + "rtm",
			Containment: rapid.SampledFrom([]api.Containment{api.Agent, api.DropOff, api.Undetermined}).Draw(t, "type"),
			Messages:    api.Known(rapid.IntRange(0, 13).Draw(t, "n")), Start: time.Date(2031, 3, 12, rapid.IntRange(0, 23).Draw(t, "h"), 12, 0, 0, time.UTC),
		}
		if keep2(row) && !keep1(row) {
			t.Fatalf("%q fits %+v, %q does not", is, row, was)
		}
	})
}
