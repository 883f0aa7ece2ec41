package views

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// sketch writes a transcript in few characters: one line a row, time, label,
// text, ! for what needs a look, + for what came late.
func sketch(t Transcript) string {
	var b strings.Builder
	for _, r := range t.Rows {
		when := "-"
		if r.Placed {
			when = Elapsed(r.Elapsed).String()
		}
		fmt.Fprintf(&b, "%s %s %s", when, r.Label.Text, r.Body(Env{}).Text)
		if r.Bad {
			b.WriteString(" !")
		}
		if r.Late {
			b.WriteString(" +")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func talk() (api.Session, []api.Message, []api.LLMCall) {
	start := at("2025-10-17T14:58:02Z")
	in := func(s float64) time.Time { return start.Add(time.Duration(s * float64(time.Second))) }
	s := api.Session{ID: "66f3a9d04c7e2b9a5d10e3c2", Start: start, End: in(228), Containment: api.DropOff, Status: "closed", Channel: "rtm", User: "u-1"}
	messages := []api.Message{
		{ID: "m5", Direction: api.FromBot, Time: in(93), Text: "Could you say that again?"},
		{ID: "m4", Direction: api.FromUser, Time: in(92), Text: "12"},
		{ID: "m3", Direction: api.FromBot, Time: in(60), Text: "Sorry.\nAgain?", Options: []api.Option{{Title: "Try again"}, {Title: "Talk to a person"}}},
		{ID: "mc", Direction: api.Control, Time: in(3), Text: "sync"},
		{ID: "m2", Direction: api.FromBot, Time: in(1), Text: "I can help."},
		{ID: "m1", Direction: api.FromUser, Time: in(0), Text: "hi"},
		{ID: "m6", Direction: api.FromUser, Time: in(240), Text: "hello?"},
		{ID: "m0", Direction: api.FromUser, Time: in(-2), Kind: api.KindEvent, Text: "Welcome Task"},
		{ID: "mx", Direction: api.FromBot, Text: "when?"},
	}
	calls := []api.LLMCall{
		{
			ID: "c2", Start: in(50), End: in(59.8), TimeTaken: api.Known(int64(9800)), Prompt: "RefundAnswer", Model: "mdl-4o", Status: "Success",
			RequestTokens: api.Known(4102), ResponseTokens: api.Known(512), Finish: "length", Joined: api.ByUserTime, Problem: "cut",
		},
		{
			ID: "c1", Start: in(0), TimeTaken: api.Known(int64(1100)), Prompt: "Default", Description: "Refund-Answer", Model: "mdl-4o",
			Finish: "stop", Joined: api.ByID,
		},
	}
	return s, messages, calls
}

func TestWeave(t *testing.T) {
	s, messages, calls := talk()
	tests := map[string]struct {
		layers Layers
		want   string
	}{
		"all": {AllLayers, `
-0:02 event Welcome Task
0:00 user hi
0:00 llm Refund-Answer  mdl-4o  1.1s  ?>?  stop  by id
0:01 bot I can help.
0:01 -- -- 48.9 s until the bot --
0:50 llm~ RefundAnswer  mdl-4o  9.8s  4,102>512  ! cut  by user+time !
1:00 bot Sorry.⏎Again?
1:00 -- -- 32.0 s until the user --
1:32 user 12
1:33 bot Could you say that again?
1:33 -- -- 2:15 nothing --
3:48 end last event; closed as dropOff
3:48 -- -- 12.0 s until the user --
4:00 user hello? +
- bot when?
`},
		"messages; what failed stays": {LayerMessages, `
-0:02 event Welcome Task
0:00 user hi
0:01 bot I can help.
0:01 -- -- 49.0 s until the bot --
0:50 llm~ RefundAnswer  mdl-4o  9.8s  4,102>512  ! cut  by user+time !
1:00 bot Sorry.⏎Again?
1:00 -- -- 32.0 s until the user --
1:32 user 12
1:33 bot Could you say that again?
1:33 -- -- 2:15 nothing --
3:48 end last event; closed as dropOff
3:48 -- -- 12.0 s until the user --
4:00 user hello? +
- bot when?
`},
		"calls": {LayerCalls, `
0:00 llm Refund-Answer  mdl-4o  1.1s  ?>?  stop  by id
0:01 -- -- 48.9 s until the bot --
0:50 llm~ RefundAnswer  mdl-4o  9.8s  4,102>512  ! cut  by user+time !
0:59 -- -- 2:48 nothing --
3:48 end last event; closed as dropOff
`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := Weave(s, messages, calls, tt.layers)
			if sketch(got) != strings.TrimPrefix(tt.want, "\n") {
				t.Errorf("got\n%s", sketch(got))
			}
			if got.Bad != 1 || got.Said != 8 || got.Calls != 2 {
				t.Errorf("%d bad, %d said, %d calls", got.Bad, got.Said, got.Calls)
			}
		})
	}
}

func TestWeaveEnds(t *testing.T) {
	start := at("2025-10-17T14:58:02Z")
	late := []api.Message{{ID: "m", Direction: api.FromUser, Time: start.Add(time.Hour), Text: "hi"}}
	tests := map[string]struct {
		session api.Session
		want    string
	}{
		"open": {
			api.Session{Start: start, End: start.Add(time.Minute), Status: "active", Containment: api.SelfService},
			"1:00:00 user hi\n- open still open ~ the platform counts it as self service until it closes it\n",
		},
		"no type":      {api.Session{Start: start, End: start.Add(time.Hour), Status: "closed"}, "1:00:00 user hi\n1:00:00 end last event; no containment type\n"},
		"no end":       {api.Session{Start: start}, "1:00:00 user hi\n"},
		"nothing":      {api.Session{}, "- user hi\n"},
		"unknown word": {api.Session{Start: start, End: start.Add(time.Hour), Status: "closing", Containment: api.Agent}, "1:00:00 user hi\n1:00:00 end last event; agent so far ~\n"},
	}
	for name, tt := range tests {
		if got := sketch(Weave(tt.session, late, nil, AllLayers)); got != tt.want {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
	if got := Weave(api.Session{}, nil, nil, AllLayers); len(got.Rows) != 0 {
		t.Errorf("an empty session has %d rows", len(got.Rows))
	}
}

// Of one moment the customer comes first, then calls, then answers, whatever
// order they came in; equal ones keep the order of their ids.
func TestWeaveOrdersOneMoment(t *testing.T) {
	now := at("2025-10-17T14:58:02Z")
	messages := []api.Message{
		{ID: "b", Direction: api.FromBot, Time: now, Text: "b"}, {ID: "a", Direction: api.FromBot, Time: now, Text: "a"},
		{ID: "z", Direction: api.FromBot, Time: now, Stamp: -1, Text: "z"}, {ID: "u", Direction: api.FromUser, Time: now, Text: "u"},
	}
	calls := []api.LLMCall{{ID: "2", Start: now, Prompt: "2"}, {ID: "1", Start: now, Prompt: "1"}}
	var got []string
	for _, r := range Weave(api.Session{Start: now, End: now}, messages, calls, AllLayers).Rows {
		got = append(got, strings.Fields(r.Body(Env{}).Text.String())[0])
	}
	if s := strings.Join(got, " "); s != "u 1 2 z a b last" {
		t.Error(s)
	}
}

func TestNextAndPreviousBad(t *testing.T) {
	tr := Transcript{Rows: []Row{{}, {Bad: true}, {}, {Bad: true}}}
	tests := []struct {
		from       int
		next, prev int // -1 for none
	}{{-1, 1, -1}, {0, 1, -1}, {1, 3, -1}, {2, 3, 1}, {3, -1, 1}, {4, -1, 3}, {99, -1, 3}, {-5, 1, -1}}
	for _, tt := range tests {
		if got, ok := tr.NextBad(tt.from); ok != (tt.next >= 0) || ok && got != tt.next {
			t.Errorf("next of %d: %d, %v", tt.from, got, ok)
		}
		if got, ok := tr.PrevBad(tt.from); ok != (tt.prev >= 0) || ok && got != tt.prev {
			t.Errorf("previous of %d: %d, %v", tt.from, got, ok)
		}
	}
}

func TestScripts(t *testing.T) {
	s, messages, calls := talk()
	messages[4].Text = "# I can *help* you with that order today"
	tr := Weave(s, messages[1:6], calls, AllLayers)
	tests := map[string]struct {
		script Script
		want   string
	}{
		"people": {Script{Env: Env{Now: s.Start}, Width: 50}, `
66f3a9d04c7e2b9a5d10e3c2  14:58:02  DROP  rtm  u-1  3:48  4 messages  2 model calls
   0:00  user   hi
   0:00  llm    Refund-Answer  mdl-4o  1.1s  ?>?
                stop  by id
   0:01  bot    # I can *help* you with that order
                today
                -- 48.9 s until the bot --
   0:50  llm~   RefundAnswer  mdl-4o  9.8s
                4,102>512  ! cut  by user+time
   1:00  bot    Sorry.
                Again?
                [ Try again ] [ Talk to a person ]
                -- 32.0 s until the user --
   1:32  user   12
                -- 2:16 nothing --
   3:48  end    last event; closed as dropOff

`},
		"pipe": {Script{Env: Env{Plain: true}}, `
66f3a9d04c7e2b9a5d10e3c2  2025-10-17T14:58:02.000Z  DROP  rtm  u-1  3:48  4 messages  2 model calls
2025-10-17T14:58:02.000Z  user   hi
2025-10-17T14:58:02.000Z  llm    Refund-Answer  mdl-4o  1.1s  ?>?  stop  by id
2025-10-17T14:58:03.000Z  bot    # I can *help* you with that order today
                                 -- 48.9 s until the bot --
2025-10-17T14:58:52.000Z  llm~   RefundAnswer  mdl-4o  9.8s  4,102>512  ! cut  by user+time
2025-10-17T14:59:02.000Z  bot    Sorry.
                                 Again?
                                 [ Try again ] [ Talk to a person ]
                                 -- 32.0 s until the user --
2025-10-17T14:59:34.000Z  user   12
                                 -- 2:16 nothing --
2025-10-17T15:01:50.000Z  end    last event; closed as dropOff

`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if err := tt.script.Write(&b, tr); err != nil {
				t.Fatal(err)
			}
			if b.String() != strings.TrimPrefix(tt.want, "\n") {
				t.Errorf("got\n%s", b.String())
			}
		})
	}
}

func TestMarkdownEscapesWhatMeansSomething(t *testing.T) {
	for given, want := range map[string]string{
		"2025-10-17T14:58:02.118Z": "2025-10-17T14:58:02.118Z", "a-b c.d (e) 10+1=11!": "a-b c.d (e) 10+1=11!",
		"- item": `\- item`, "  + item": `  \+ item`, "1. item": `1\. item`, "2) item": `2\) item`, "---": `\-\-\-`, "===": `\=\=\=`,
		"# head": `\# head`, "see #12 @pat": `see \#12 \@pat`, "![a](b)": `!\[a\](b)`, "<b>&amp;": `\<b\>\&amp;`,
		"http://a.test": `http\://a.test`, "www.a.test": `www\.a.test`, ":smile: $x$ `c` a|b ~~d~~": "\\:smile: \\$x\\$ \\`c\\` a\\|b \\~\\~d\\~\\~",
		`\*`: `\\\*`, "": "",
	} {
		if got := Markdown(text.Clean(given)); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

func TestMarkdownQuotesWhatWasSaid(t *testing.T) {
	m := []api.Message{{ID: "1", Direction: api.FromUser, Time: at("2025-10-17T14:58:02Z"), Text: "# <b>*x*</b>\n[a](http://b)\x1b[2J"}}
	tr := Weave(api.Session{ID: "s1", Start: at("2025-10-17T14:58:00Z")}, m, nil, AllLayers)
	var b strings.Builder
	if err := (Script{Env: Env{Now: m[0].Time}, Markdown: true}).Write(&b, tr); err != nil {
		t.Fatal(err)
	}
	esc := markdownEscape(text.Clean("[a](http://b)\x1b[2J").String())
	want := "## s1  14:58:00  ?  -  -  1 message\n\n" +
		"**user** `0:02`\n\n> \\# \\<b\\>\\*x\\*\\</b\\>  \n> " + esc + "  \n\n\n"
	if b.String() != want {
		t.Errorf("got\n%q\nwant\n%q", b.String(), want)
	}
}

// A run of a node and a change stand at their time, break no silence, and what
// failed needs a look.
func TestNodesAndChangesStandAtTheirTime(t *testing.T) {
	start := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	s := api.Session{ID: "s", Start: start, End: at(30), Status: "closed", Containment: api.DropOff}
	tr := WeaveAll(s, Threads{
		Messages: []api.Message{
			{ID: "1", Session: "s", Direction: api.FromUser, Time: start, Text: "refund"},
			{ID: "2", Session: "s", Direction: api.FromBot, Time: at(20), Text: "again?"},
		},
		Nodes: []api.Metric{
			{Kind: api.NodeRuns, At: at(10), Session: "s", Joined: api.ByUserTime, Node: "GetOrder", NodeType: "service", Status: "failure", Code: "504", Took: api.Known(10 * time.Second)},
			{Kind: api.NodeRuns, At: at(11), Session: "s", Node: "Say", Status: "success", Code: "200"},
		},
		Changes: []api.ChangeEntry{{At: at(-23), ResourceType: "prompt", Message: "Updated prompt"}},
	}, AllLayers)
	var got []string
	for _, e := range tr.Events() {
		got = append(got, e.Kind()+" "+string(e.Joined()))
	}
	want := []string{"change ", "message id", "node user+time", "node id", "message id"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	gaps, bad := 0, 0
	for _, r := range tr.Rows {
		if r.Kind == GapRow && r.Silent > 15*time.Second {
			gaps++
		}
		if r.Bad {
			bad++
		}
	}
	if gaps != 1 || bad != 1 {
		t.Errorf("%d silences of 20 s, %d rows that need a look", gaps, bad)
	}
	line := NodeLine(*tr.Rows[2].Node, Env{}).String()
	if !strings.Contains(line, "GetOrder") || !strings.Contains(line, "failure 504") || !strings.Contains(line, "10s") {
		t.Errorf("%q", line)
	}
}
