package trace_test

import (
	"testing"
	"time"

	"korescope/api"
	"korescope/api/trace"
)

// Two users talk in the same second, one of them in two conversations, clocks
// differ, lines come late, and some miss what would say whose they are.
func TestLinesFindTheirSession(t *testing.T) {
	noon := time.Date(2031, 3, 12, 12, 0, 0, 0, time.UTC)
	in := noon.Add
	mine := api.Session{ID: "7324a0000000000000000001", User: "u-1", Channel: "rtm", Start: noon, End: in(2 * time.Minute), Status: api.StatusClosed}
	before := api.Session{ID: "7324a0000000000000000002", User: "u-1", Channel: "rtm", Start: in(-5 * time.Minute), End: in(-time.Minute), Status: api.StatusClosed}
	twin := api.Session{ID: "7324a0000000000000000003", User: "u-1", Channel: "rtm", Start: in(time.Minute), End: in(3 * time.Minute), Status: api.StatusClosed}
	phone := api.Session{ID: "7324a0000000000000000004", User: "u-1", Channel: "korevg", Start: noon, End: in(2 * time.Minute), Status: api.StatusClosed}
	other := api.Session{ID: "7324a0000000000000000005", User: "u-2", Channel: "rtm", Start: noon, End: in(2 * time.Minute), Status: api.StatusClosed}
	line := func(identity string, at time.Time, session api.SessionID) api.DebugLine {
		return api.DebugLine{Identity: identity, Time: at, Session: session, Channel: "rtm"}
	}
	tests := map[string]struct {
		others []api.Session
		line   api.DebugLine
		want   api.JoinedBy
		joined bool
	}{
		"names it":                           {nil, line("whoever", in(9*time.Hour), mine.ID), api.ByID, true},
		"names it without a time":            {nil, line("", time.Time{}, mine.ID), api.ByID, true},
		"names another":                      {nil, line("pat", in(time.Second), other.ID), "", false},
		"same user and time":                 {nil, line("pat", in(time.Second), ""), api.ByUserTime, true},
		"another user in the same second":    {[]api.Session{other}, line("kim", in(time.Second), ""), "", false},
		"our user beside another":            {[]api.Session{other}, line("pat", in(time.Second), ""), api.ByUserTime, true},
		"under the second name":              {nil, line("u-1", in(time.Second), ""), api.ByUserTime, true},
		"nobody named":                       {nil, line("", in(time.Second), ""), "", false},
		"no time":                            {nil, line("pat", time.Time{}, ""), "", false},
		"a clock behind":                     {nil, line("pat", in(-4*time.Second), ""), api.ByUserTime, true},
		"a clock too far behind":             {nil, line("pat", in(-6*time.Second), ""), "", false},
		"late":                               {nil, line("pat", in(3*time.Minute), ""), api.ByUserTime, true},
		"too late":                           {nil, line("pat", in(4*time.Minute), ""), "", false},
		"two conversations going on":         {[]api.Session{twin}, line("pat", in(90*time.Second), ""), "", false},
		"before the other one began":         {[]api.Session{twin}, line("pat", in(50*time.Second), ""), api.ByUserTime, true},
		"after ours, the other going on":     {[]api.Session{twin}, line("pat", in(150*time.Second), ""), "", false},
		"the one before is over":             {[]api.Session{before}, line("pat", in(10*time.Second), ""), api.ByUserTime, true},
		"between two, could be either":       {[]api.Session{before}, line("pat", in(-2*time.Second), ""), "", false},
		"on the phone at the same time":      {[]api.Session{phone}, line("pat", in(10*time.Second), ""), api.ByUserTime, true},
		"the list holds the session as well": {[]api.Session{mine}, line("pat", in(10*time.Second), ""), api.ByUserTime, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := trace.Lines(mine, tt.others, []string{"pat", "u-1"}, []api.DebugLine{tt.line})
			if len(got) != 1 != !tt.joined {
				t.Fatalf("joined %d", len(got))
			}
			if tt.joined && (got[0].Joined != tt.want || got[0].Session != mine.ID) {
				t.Errorf("%+v", got[0])
			}
		})
	}
	open := mine
	open.Status, open.End = api.StatusActive, time.Time{}
	if got := trace.Lines(open, nil, []string{"pat"}, []api.DebugLine{line("pat", in(time.Hour), "")}); len(got) != 1 {
		t.Error("an open session goes on")
	}
	if got := trace.Lines(api.Session{}, nil, []string{"pat"}, []api.DebugLine{line("pat", noon, "")}); got != nil {
		t.Error("a session without an id has no lines")
	}
}
