package views

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"korescope/api"
)

func seconds(s float64) time.Time {
	return at("2031-03-12T12:00:00Z").Add(time.Duration(s * float64(time.Second)))
}

func spoke(who api.Direction, s float64) api.Message {
	return api.Message{ID: api.MessageID(fmt.Sprint(who, s)), Direction: who, Time: seconds(s), Text: "x", Kind: api.KindText}
}

func thought(from, to float64) api.LLMCall {
	return api.LLMCall{ID: api.CallID(fmt.Sprint("c", from)), Start: seconds(from), End: seconds(to)}
}

func wrote(s float64, level, title, message string) api.DebugLine {
	return api.DebugLine{ID: fmt.Sprint("l", s, title, message), Time: seconds(s), Level: level, Title: title, Message: message, Joined: api.ByUserTime}
}

const (
	usr = api.FromUser
	bot = api.FromBot
)

func TestWaits(t *testing.T) {
	event := spoke(usr, 0)
	event.Kind = api.KindEvent
	tests := map[string]struct {
		said  []api.Message
		calls []api.LLMCall
		lines []api.DebugLine
		want  []string
	}{
		"the exchange of a slow service": {
			[]api.Message{spoke(usr, 0), spoke(bot, 41.6)},
			[]api.LLMCall{thought(31, 40.8)},
			[]api.DebugLine{wrote(0.5, "info", "GetOrder", "service node initiated"), wrote(30.5, "error", "GetOrder", "request timed out")},
			[]string{"waited 41.6 s = service 30.0 + model 9.8 + unexplained 1.8"},
		},
		"without debug lines": {[]api.Message{spoke(usr, 0), spoke(bot, 12)}, []api.LLMCall{thought(10, 11)}, nil, []string{"waited 12.0 s = model 1.0 + unexplained 11.0"}},
		"nothing known":       {[]api.Message{spoke(usr, 0), spoke(bot, 2)}, nil, nil, []string{"waited 2.0 s = unexplained 2.0"}},
		"no time at all":      {[]api.Message{spoke(usr, 0), spoke(bot, 0)}, nil, nil, []string{"waited 0.0 s = unexplained 0.0"}},
		"overlapping calls count once": {
			[]api.Message{spoke(usr, 0), spoke(bot, 10)}, []api.LLMCall{thought(1, 6), thought(2, 5), thought(4, 9)}, nil,
			[]string{"waited 10.0 s = model 8.0 + unexplained 2.0"},
		},
		"a service beside the model counts once": {
			[]api.Message{spoke(usr, 0), spoke(bot, 10)}, []api.LLMCall{thought(1, 6)},
			[]api.DebugLine{wrote(4, "info", "Find", "service node is called"), wrote(8, "info", "Find", "service node is processed")},
			[]string{"waited 10.0 s = service 2.0 + model 5.0 + unexplained 3.0"},
		},
		"a timeout that tells its length": {
			[]api.Message{spoke(usr, 0), spoke(bot, 11)}, nil,
			[]api.DebugLine{wrote(10.5, "error", "Find", "Find timeout: no answer within 10000 ms (ETIMEDOUT)")},
			[]string{"waited 11.0 s = service 10.0 + unexplained 1.0"},
		},
		"a clock ahead": {
			[]api.Message{spoke(usr, 0), spoke(bot, 8)}, []api.LLMCall{thought(-0.4, 9.4)}, nil,
			[]string{"waited 8.0 s = model 9.8 - clock difference 1.8"},
		},
		"two messages, one answer": {
			[]api.Message{spoke(usr, 0), spoke(usr, 5), spoke(bot, 10)}, []api.LLMCall{thought(1, 9)}, nil,
			[]string{"waited 10.0 s = model 8.0 + unexplained 2.0", "waited 5.0 s = model 4.0 + unexplained 1.0"},
		},
		"work for the next answer": {
			[]api.Message{spoke(usr, 0), spoke(bot, 2), spoke(bot, 11)}, []api.LLMCall{thought(1, 10)}, nil,
			[]string{"waited 2.0 s = model 1.0 + unexplained 1.0"},
		},
		"work of before": {
			[]api.Message{spoke(bot, -1), spoke(usr, 0), spoke(bot, 4)}, []api.LLMCall{thought(-3, 2)}, nil,
			[]string{"waited 4.0 s = model 2.0 + unexplained 2.0"},
		},
		"outside": {
			[]api.Message{spoke(usr, 0), spoke(bot, 2), spoke(usr, 20), spoke(bot, 22)}, []api.LLMCall{thought(5, 7), thought(23, 25)}, nil,
			[]string{"waited 2.0 s = unexplained 2.0", "waited 2.0 s = unexplained 2.0"},
		},
		"nobody waits":      {[]api.Message{event, spoke(bot, 3), spoke(usr, 9)}, nil, nil, nil},
		"a person answered": {[]api.Message{spoke(usr, 0), spoke(api.FromAgent, 30), spoke(bot, 40)}, nil, nil, nil},
		"no times":          {[]api.Message{{Direction: usr}, {Direction: bot}}, nil, nil, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, layers := range []Layers{AllLayers, LayerMessages} {
				got = nil
				for _, w := range Waits(WeaveLines(api.Session{Start: seconds(0), End: seconds(60)}, tt.said, tt.calls, tt.lines, layers)) {
					got = append(got, w.Text().String())
				}
				if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
					t.Errorf("layers %d: got %q, want %q", layers, got, tt.want)
				}
			}
		})
	}
}

// Whatever is in a conversation: the parts add up, exactly and as they are
// shown, and none but the rest is below zero.
func TestThePartsOfAWaitAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.Float64Range(-20, 120)
		var said []api.Message
		for range rapid.IntRange(0, 12).Draw(t, "messages") {
			who := rapid.SampledFrom([]api.Direction{usr, usr, bot, bot, api.FromAgent}).Draw(t, "who")
			said = append(said, spoke(who, moment.Draw(t, "at")))
		}
		var calls []api.LLMCall
		for range rapid.IntRange(0, 8).Draw(t, "calls") {
			from := moment.Draw(t, "from")
			calls = append(calls, thought(from, from+rapid.Float64Range(-1, 40).Draw(t, "took")))
		}
		var lines []api.DebugLine
		for range rapid.IntRange(0, 12).Draw(t, "lines") {
			lines = append(lines, wrote(moment.Draw(t, "line"), rapid.SampledFrom([]string{"info", "error"}).Draw(t, "level"),
				rapid.SampledFrom([]string{"A", "B"}).Draw(t, "node"),
				rapid.SampledFrom([]string{"service node is called", "service node is processed", "no answer within 9 s", "took 4 s", ""}).Draw(t, "says")))
		}
		s := api.Session{ID: "s", Start: seconds(0), End: seconds(90)}
		for _, w := range Waits(WeaveLines(s, said, calls, lines, AllLayers)) {
			if w.Model+w.Service+w.Rest != w.Total || w.Model < 0 || w.Service < 0 || w.Total < 0 {
				t.Fatalf("%+v", w)
			}
			adds(t, w.Text().String())
		}
	})
}

// adds reads the numbers of the sentence and adds them up again.
func adds(t *rapid.T, sentence string) {
	var tenths []int64
	sign := int64(1)
	for _, word := range strings.Fields(sentence) {
		var a, b int64
		switch n, err := fmt.Sscanf(word, "%d.%d", &a, &b); {
		case word == "-":
			sign = -1
		case err == nil && n == 2:
			tenths = append(tenths, sign*(a*10+b))
		}
	}
	sum := tenths[0]
	for _, n := range tenths[1:] {
		sum -= n
	}
	if sum != 0 {
		t.Fatalf("%q does not add up: %d", sentence, sum)
	}
}

func TestWaitAtTheCursor(t *testing.T) {
	said := []api.Message{spoke(usr, 0), spoke(usr, 5), spoke(bot, 10), spoke(bot, 11), spoke(usr, 30), spoke(bot, 33)}
	tr := WeaveLines(api.Session{Start: seconds(0), End: seconds(40)}, said, []api.LLMCall{thought(6, 9)},
		[]api.DebugLine{wrote(7, "info", "A", "step"), wrote(20, "info", "A", "step")}, AllLayers)
	waits := Waits(tr)
	var got []string
	for _, r := range tr.Rows {
		if r.Kind == GapRow {
			continue
		}
		w, ok := WaitAt(waits, r)
		if !ok {
			got = append(got, "")
			continue
		}
		got = append(got, inSeconds(tenths(w.Total)).String())
	}
	if s := strings.Join(got, " "); s != "10.0 5.0 10.0 10.0 10.0   3.0 3.0 " {
		t.Errorf("%q", s)
	}
}

func TestServiceSpells(t *testing.T) {
	tests := map[string]struct {
		lines []api.DebugLine
		want  string
	}{
		"from call to end":        {[]api.DebugLine{wrote(1, "info", "A", "service node is called"), wrote(3, "info", "A", "service node is processed")}, "1-3"},
		"another node ends none":  {[]api.DebugLine{wrote(1, "info", "A", "service node is called"), wrote(3, "info", "B", "service node is processed")}, ""},
		"an error ends it":        {[]api.DebugLine{wrote(1, "info", "A", "Service node initiated"), wrote(3, "error", "A", "status 504")}, "1-3"},
		"never ended":             {[]api.DebugLine{wrote(1, "info", "A", "service node is called")}, ""},
		"ended once":              {[]api.DebugLine{wrote(1, "info", "A", "service node is called"), wrote(3, "error", "A", "timed out"), wrote(4, "info", "A", "service node is processed")}, "1-3"},
		"seconds":                 {[]api.DebugLine{wrote(20, "error", "A", "request timed out after 15 seconds")}, "5-20"},
		"glued unit":              {[]api.DebugLine{wrote(20, "error", "A", "timeout of 1,500ms exceeded")}, "18.5-20"},
		"no length of a wait":     {[]api.DebugLine{wrote(20, "error", "A", "timeout of 90000 seconds")}, ""},
		"a number without a unit": {[]api.DebugLine{wrote(20, "error", "A", "timeout in step 7")}, ""},
		"not about a service":     {[]api.DebugLine{wrote(20, "info", "A", "model answered in 300 ms")}, ""},
	}
	for name, tt := range tests {
		var lines []*api.DebugLine
		for i := range tt.lines {
			lines = append(lines, &tt.lines[i])
		}
		got := ""
		for _, s := range serviceStretches(lines) {
			got += fmt.Sprintf("%g-%g", s.from.Sub(seconds(0)).Seconds(), s.to.Sub(seconds(0)).Seconds())
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	detailed := wrote(2, "info", "A", "service node is processed")
	detailed.Detail = []byte(`"answered in 200 ms"`)
	if got := serviceStretches([]*api.DebugLine{&detailed}); len(got) != 1 || got[0].to.Sub(got[0].from) != 200*time.Millisecond {
		t.Errorf("%v", got)
	}
}

func TestWeaveLines(t *testing.T) {
	s := api.Session{ID: "s1", Start: seconds(0), End: seconds(60), Status: "closed", Containment: api.DropOff}
	said := []api.Message{spoke(usr, 1), spoke(bot, 13), spoke(usr, 15)}
	calls := []api.LLMCall{{ID: "c", Start: seconds(-1), End: seconds(0), Prompt: "P", Model: "m", Joined: api.ByUserTime}}
	lines := []api.DebugLine{
		wrote(-2, "info", "Start", "begins"), wrote(1, "info", "A", "one"), wrote(2, "info", "A", "two"),
		wrote(12, "error", "A", "broke"), wrote(12.5, "info", "A", "three"), wrote(13, "warning", "A", "same moment"), wrote(70, "info", "End", "closed"),
	}
	lines[3].Joined = api.ByID
	lines[4].Message, lines[4].Detail = "", []byte(`"in the detail"`)
	folded := `
-0:02 debug 1 debug line
-0:01 llm~ P  m  ?  ?>?  ?  by user+time  clock differs
0:01 user x
0:01 debug 4 debug lines
0:01 -- -- 11.0 s nothing --
0:12 debug E  A  broke !
0:13 bot x
0:15 user x
0:15 -- -- 45.0 s nothing --
1:00 end last event; closed as dropOff
1:10 debug 1 debug line +
`
	open := `
-0:02 debug I  clock differs  Start  begins  by user+time
-0:01 llm~ P  m  ?  ?>?  ?  by user+time  clock differs
0:01 user x
0:01 debug I  A  one  by user+time
0:02 debug I  A  two  by user+time
0:02 -- -- 10.0 s nothing --
0:12 debug E  A  broke !
0:12 debug I  A  in the detail  by user+time
0:13 debug W  A  same moment  by user+time
0:13 bot x
0:15 user x
0:15 -- -- 45.0 s nothing --
1:00 end last event; closed as dropOff
1:00 -- -- 10.0 s nothing --
1:10 debug I  End  closed  by user+time +
`
	for layers, want := range map[Layers]string{FirstLayers: folded, AllLayers: open} {
		got := WeaveLines(s, said, calls, lines, layers)
		if sketch(got) != strings.TrimPrefix(want, "\n") {
			t.Errorf("layers %d\n%s", layers, sketch(got))
		}
		if got.Lines != 7 || got.Bad != 1 {
			t.Errorf("%d lines, %d bad", got.Lines, got.Bad)
		}
		if n := len(got.Events()); n != 11 {
			t.Errorf("%d events", n)
		}
	}
}
