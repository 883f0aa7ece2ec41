package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"korescope/views"
)

func TestTail(t *testing.T) {
	stage(t, "", nil)
	out, talk, code := run(t, "tail", "--limit", "5", "--alert", "dropOff>0")
	if code != views.ExitFailed || !strings.Contains(talk, "alert dropOff>0: ") || strings.Contains(talk, "\a") {
		t.Errorf("left with %d: %s", code, talk)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 5 {
		t.Fatalf("%d records: %s", len(lines), out)
	}
	var starts []string
	for _, line := range lines {
		var r map[string]any
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r["event"] != "new" || r["was"] != nil {
			t.Errorf("%v was %v", r["event"], r["was"])
		}
		starts = append(starts, r["startTime"].(string))
	}
	if !slices.IsSorted(starts) {
		t.Errorf("not oldest first: %v", starts)
	}
	order := `{"event":"new","was":null,"sessionId":`
	if !strings.HasPrefix(lines[0], order) || !strings.Contains(lines[0], `"altText":`) {
		t.Errorf("keys: %s", lines[0])
	}

	out, talk, code = run(t, "tail", "--since", "6h", "-q", "type:dropOff", "--limit", "3", "-o", "csv", "--fields", "event,containmentType", "--alert", "agent>5000")
	if code != views.ExitDone || out != "event,containmentType\r\n"+strings.Repeat("new,dropOff\r\n", 3) {
		t.Errorf("left with %d: %q, %s", code, out, talk)
	}
	out, _, code = run(t, "tail", "--limit", "2", "-o", "table")
	if code != views.ExitDone || strings.Count(out, "\n") != 3 || !strings.HasPrefix(out, "EVENT ") {
		t.Errorf("left with %d: %q", code, out)
	}
	for _, wrong := range [][]string{
		{"--alert", "x>3"}, {"--alert", "dropOff>200%"}, {"--pace", "10ms"}, {"--to", "2026-01-01"}, {"--offline"}, {"-q", "foo:1"}, {"-q", "call:1"},
		{"-q", "lat:>3s"}, {"-q", "task:x"}, {"-q", "-why:service"},
	} {
		if out, _, code := run(t, append([]string{"tail", "--limit", "1"}, wrong...)...); code != views.ExitUsage || out != "" {
			t.Errorf("%v: left with %d, %q", wrong, code, out)
		}
	}
}
