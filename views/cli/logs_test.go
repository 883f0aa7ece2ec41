package cli

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/sim"
	"korescope/views"
	"korescope/views/conversation"
	"korescope/views/filter"
	"korescope/views/logs"
)

// happened is a record of a time line.
type happened struct {
	Time     string
	Kind     string
	JoinedBy string
	Message  *struct{ SessionID, Direction string }
	LLM      *struct {
		SessionID string
		Request   json.RawMessage
	}
	Debug *struct{ Time, Level, Title, Message, Channel, Identity string }
}

func timeLine(t *testing.T, id api.SessionID, more ...string) []happened {
	t.Helper()
	var out []happened
	for line := range strings.Lines(succeed(t, append([]string{"timeline", string(id), "-o", "ndjson"}, more...)...)) {
		var h happened
		if err := json.Unmarshal([]byte(line), &h); err != nil {
			t.Fatal(err)
		}
		out = append(out, h)
	}
	return out
}

// ofScene finds sessions of a scene in the last days, newest first.
func ofScene(world *sim.World, scene string) []sim.SessionTruth {
	bot := world.Credentials()[0].BotID
	all := world.Truth().Sessions(bot, api.Between(world.Anchor().Add(-6*24*time.Hour), world.Anchor()))
	return slices.DeleteFunc(all, func(s sim.SessionTruth) bool { return s.Scene != scene })
}

// The log of this session takes two pages. Every line comes once, oldest first,
// with and without details and from disk.
func TestLinesOverTwoPagesArriveOnce(t *testing.T) {
	world := stage(t, "", nil)
	long := ofScene(world, "smartassist")
	if len(long) == 0 {
		t.Fatal("the world has no such session")
	}
	var identity, channel string
	lines := 0
	for _, h := range timeLine(t, long[0].ID) {
		if h.Debug == nil {
			continue
		}
		lines++
		identity, channel = h.Debug.Identity, h.Debug.Channel
		if h.JoinedBy != string(api.ByID) || h.Time != h.Debug.Time {
			t.Errorf("%+v", h)
		}
	}
	if lines != 73 || channel != "smartassist" || !strings.HasSuffix(identity, string(long[0].ID)) {
		t.Fatalf("%d lines of %q on %q", lines, identity, channel)
	}
	for _, more := range [][]string{{}, {"--detail"}, {}, {"--offline"}, {"--fresh", "--detail"}} {
		out := succeed(t, append([]string{"logs", identity, "--since", "6d", "-o", "ndjson"}, more...)...)
		var times []string
		seen := map[string]bool{}
		details := 0
		for line := range strings.Lines(out) {
			var r struct {
				Time, Title, Message string
				Detail               json.RawMessage
			}
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			times = append(times, r.Time)
			seen[r.Time+r.Title+r.Message] = true
			if string(r.Detail) != "null" {
				details++
			}
		}
		if len(times) != 73 || len(seen) != 73 || !slices.IsSorted(times) {
			t.Errorf("%q: %d lines, %d different, sorted %v", more, len(times), len(seen), slices.IsSorted(times))
		}
		if slices.Contains(more, "--detail") != (details > 0) && !slices.Contains(more, "--offline") && details == 0 {
			t.Errorf("%q: %d details", more, details)
		}
	}
}

// Whatever the channel, the identity is found, and nothing of anybody else is on
// the time line.
func TestTimeLinesHoldTheirSessionOnly(t *testing.T) {
	world := roomy(t, nil)
	bot := world.Credentials()[0].BotID
	day := world.Anchor().Add(-2 * time.Hour)
	met := map[string]bool{}
	for _, s := range world.Truth().Sessions(bot, api.Between(day.Add(-30*time.Hour), day)) {
		if met[s.Channel] || s.Calls == 0 || s.Open || s.Scene == "two at once" {
			continue
		}
		met[s.Channel] = true
		calls, lines, names := 0, 0, map[string]bool{}
		for _, h := range timeLine(t, s.ID) {
			switch {
			case h.Message != nil && h.Message.SessionID != string(s.ID):
				t.Errorf("%s: a message of %s", s.Channel, h.Message.SessionID)
			case h.LLM != nil:
				calls++
				if h.LLM.SessionID != string(s.ID) || len(h.LLM.Request) < 10 {
					t.Errorf("%s: call %+v", s.Channel, h.LLM)
				}
			case h.Debug != nil:
				lines++
				names[h.Debug.Identity] = true
			}
		}
		if calls != s.Calls || lines < 2*calls || len(names) != 1 {
			t.Errorf("%s: %d of %d calls, %d lines, names %v", s.Channel, calls, s.Calls, lines, names)
		}
	}
	if len(met) < 5 || !met["rtm"] || !met["korevg"] || !met["sms"] {
		t.Errorf("only %v", met)
	}
}

// One user on the phone and in the chat at the same time: the log tells them
// apart by channel, the model calls name nobody and stay out.
func TestTwoConversationsOfOneUserAtOnce(t *testing.T) {
	world := stage(t, "", nil)
	pair := ofScene(world, "two at once")
	if len(pair) != 2 {
		t.Fatalf("%d sessions", len(pair))
	}
	seen := map[string]string{}
	for _, s := range pair {
		lines := 0
		for _, h := range timeLine(t, s.ID) {
			if h.Debug == nil {
				continue
			}
			lines++
			if other, met := seen[h.Debug.Identity]; met && other != s.Channel {
				t.Errorf("%s is on both time lines", h.Debug.Identity)
			}
			seen[h.Debug.Identity] = s.Channel
		}
		if lines < 10 {
			t.Errorf("%s: %d lines", s.Channel, lines)
		}
	}
}

// The formats are ways to print the same records, and a filter keeps what the
// screen keeps.
func TestLogFormatsAndFilterAgree(t *testing.T) {
	world := stage(t, "", nil)
	id := ofScene(world, "smartassist")[0].ID
	identity := "64c0ffee0123456789abcdef/smartassist/" + string(id)
	for name, args := range map[string][]string{
		"logs": {"logs", identity, "--since", "6d", "--detail"}, "timeline": {"timeline", string(id)},
	} {
		get := func(more ...string) string { return succeed(t, append(slices.Clone(args), more...)...) }
		var array, lines, piped []map[string]any
		if err := json.Unmarshal([]byte(get("-o", "json")), &array); err != nil {
			t.Fatal(name, err)
		}
		for line := range strings.Lines(get("-o", "ndjson")) {
			var one map[string]any
			if err := json.Unmarshal([]byte(line), &one); err != nil {
				t.Fatal(name, err)
			}
			lines = append(lines, one)
		}
		if err := json.Unmarshal([]byte(get("-o", "json", "--jq", ".")), &piped); err != nil {
			t.Fatal(name, err)
		}
		if len(array) < 70 || !reflect.DeepEqual(array, lines) || !reflect.DeepEqual(array, piped) {
			t.Errorf("%s: %d, %d, %d records", name, len(array), len(lines), len(piped))
		}
		if name == "logs" {
			plain := succeed(t, "logs", identity, "--since", "6d", "--fresh", "-o", "csv")
			for _, record := range array {
				record["detail"], record["voice"] = nil, nil
			}
			compareCells(t, head(t, plain), plain, array)
		}
	}
	for _, f := range []string{"node:gateway", "-node:gateway", "level:info", `"keep-alive 7"`, "level:error"} {
		_, keep, err := filter.Lines(time.UTC).Compile(f)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for line := range strings.Lines(succeed(t, "logs", identity, "--since", "6d", "-o", "ndjson")) {
			var l api.DebugLine
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				t.Fatal(err)
			}
			if keep(l) {
				want = append(want, line)
			}
		}
		got := succeed(t, "logs", identity, "--since", "6d", "-o", "ndjson", "-q", f)
		if got != strings.Join(want, "") {
			t.Errorf("%s: %d lines, want %d", f, strings.Count(got, "\n"), len(want))
		}
	}
	if got := succeed(t, "logs", identity, "--since", "6d", "--limit", "5", "--jq", "length"); strings.TrimSpace(got) != "5" {
		t.Errorf("--limit 5 gives %q", got)
	}
}

func TestLogsAfterAColon(t *testing.T) {
	now := time.Date(2031, 3, 12, 12, 0, 0, 0, time.UTC)
	d := &desk{clock: func() time.Time { return now }, zone: time.UTC}
	for line, want := range map[string]api.LogQuery{
		"logs pat@example.test":         {Identity: "pat@example.test"},
		"logs call-1 korevg":            {Identity: "call-1", Channel: "korevg"},
		"logs 2h pat":                   {Identity: "pat", Window: api.Last(2*time.Hour, now)},
		"logs  7d  call-1   audiocodes": {Identity: "call-1", Channel: "audiocodes", Window: api.Last(7*24*time.Hour, now)},
	} {
		r, known, err := d.parse(line)
		if got, ok := r.(views.LogsRoute); !known || err != nil || !ok || got.Query != want {
			t.Errorf("%q: %+v, %v", line, r, err)
		}
	}
	for _, line := range []string{"logs", "logs 2h", "logs a b c"} {
		if _, known, err := d.parse(line); !known || views.ExitCode(err) != views.ExitUsage {
			t.Errorf("%q: %v", line, err)
		}
	}
	screen, err := d.build(views.LogsRoute{Query: api.LogQuery{Identity: "pat"}})
	if _, ok := screen.(*logs.Model); !ok || err != nil {
		t.Errorf("%T, %v", screen, err)
	}
	if screen, err := d.build(views.ConversationRoute{}); err != nil || reflect.TypeOf(screen) != reflect.TypeFor[*conversation.Model]() {
		t.Errorf("%T, %v", screen, err)
	}
}

// A time line holds the runs of nodes, the failed task and what was changed just
// before, each of which tells more than the messages; what the credential may not
// read is said and keeps nothing else from being shown.
func TestATimeLineHoldsNodesAndChanges(t *testing.T) {
	stage(t, "", nil)
	id := failedRefund(t)
	kinds := map[string]int{}
	var failed, changed []string
	type record struct {
		Kind, JoinedBy string
		Node           *struct{ Type, Node, Status, Code, Reason string }
		Change         *struct{ Message, User string }
	}
	read := func(args ...string) (all []record) {
		for line := range strings.Lines(succeed(t, append([]string{"timeline", id, "-o", "ndjson"}, args...)...)) {
			var r record
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			all = append(all, r)
		}
		return all
	}
	for _, r := range read() {
		kinds[r.Kind]++
		switch {
		case (r.Kind == "node") != (r.Node != nil) || (r.Kind == "change") != (r.Change != nil):
			t.Errorf("%+v", r)
		case r.Node != nil && (r.Node.Code == "504" || r.Node.Reason != ""):
			failed = append(failed, r.Node.Type+" "+r.JoinedBy)
		case r.Change != nil:
			changed = append(changed, r.Change.Message+" by "+r.Change.User)
		}
	}
	if kinds["node"] < 3 || !slices.Contains(failed, "performance user+time") || !slices.Contains(failed, "failtask id") || len(changed) == 0 || strings.Contains(changed[0], "Ortiz") {
		t.Errorf("%v, failed %q, changed %q", kinds, failed, changed)
	}
	for _, r := range read("--no-metrics") {
		if r.Kind == "node" || r.Kind == "change" {
			t.Errorf("left in: %+v", r)
		}
	}
	stage(t, "scope-missing@op=getAnalytics,scope-missing@op=changelogs", nil)
	out, talk, code := run(t, "timeline", sessionIDsOf(t, 1)[0], "-o", "ndjson")
	if code != 0 || !strings.Contains(out, `"kind":"message"`) || strings.Contains(out, `"kind":"node"`) ||
		!strings.Contains(talk, "runs of nodes are left out") || !strings.Contains(talk, "changes of the bot are left out") {
		t.Errorf("left with %d: %s", code, talk)
	}
}

// failedRefund is a conversation of the incident in which a service failed.
func failedRefund(t *testing.T) string {
	t.Helper()
	for _, id := range sessionIDsOf(t, 5) {
		if strings.Contains(succeed(t, "timeline", id, "--no-debug"), "service GetOrder") {
			return id
		}
	}
	t.Fatal("the world has no failed service")
	return ""
}
