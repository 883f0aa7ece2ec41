package filter

import (
	"testing"
	"time"

	"korescope/api"
)

func TestLines(t *testing.T) {
	l := api.DebugLine{
		Time: time.Date(2031, 3, 12, 12, 30, 5, 0, time.UTC), Level: "critical", Title: "GetOrder",
		Message: "request timed out", Channel: "rtm", Session: "68f1a3",
	}
	silent := api.DebugLine{Level: "info", Title: "Refund", Detail: []byte(`"message node processed"`)}
	for f, want := range map[string][2]bool{
		"level:error": {true, false}, "level:critical": {true, false}, "level:err": {true, false}, "level:info": {false, true}, "-level:info": {true, false},
		"node:order": {true, false}, "node:=getorder": {true, false}, "node:=order": {false, false}, "text:timed": {true, false}, "timed": {true, false},
		"channel:rt": {true, false}, "session:f1a": {true, false}, "12:30": {true, false}, "processed": {false, true}, "": {true, true},
	} {
		_, keep, err := Lines(time.UTC).Compile(f)
		if err != nil {
			t.Fatal(f, err)
		}
		if got := [2]bool{keep(l), keep(silent)}; got != want {
			t.Errorf("%q: %v", f, got)
		}
	}
	for _, f := range []string{"color:red", "level:>3", "node:"} {
		if _, _, err := Lines(time.UTC).Compile(f); err == nil {
			t.Errorf("%q is a filter", f)
		}
	}
}
