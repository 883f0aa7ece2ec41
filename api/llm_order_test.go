package api

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Whatever order the rows come in, and however their clocks differ inside a
// second, a guardrail stands on its side of the call.
func TestOrderInsideASecond(t *testing.T) {
	second := time.Date(2031, 3, 12, 12, 0, 0, 0, time.UTC)
	row := func(id CallID, ms int, feature, description string) LLMCall {
		return LLMCall{ID: id, User: "u", Task: "dg-1", Start: second.Add(time.Duration(ms) * time.Millisecond), Feature: feature, Description: description}
	}
	for name, c := range map[string]struct {
		oldest string
		rows   []LLMCall
	}{
		"whole seconds": {"in call out", []LLMCall{
			row("out", 0, "Guardrails - Output", ""), row("in", 0, "Guardrails - Input", ""), row("call", 0, "Agent Node", "Ask-AgentNode1"),
		}},
		"told by the description": {"in call out", []LLMCall{
			row("call", 0, "Agent Node", ""), row("out", 0, "Guardrails", "Guardrail: output"), row("in", 0, "Guardrails", "Guardrail: input"),
		}},
		"without a feature": {"in call out", []LLMCall{
			row("call", 0, "Agent Node", ""), row("out", 0, "", "Guardrail output"), row("in", 0, "", "guardrail input"),
		}},
		"clocks that differ": {"in call out", []LLMCall{
			row("call", 100, "Agent Node", ""), row("in", 900, "Input Guardrail", ""), row("out", 50, "Output Guardrail", ""),
		}},
		"two calls go by their times": {"in call out in2 call2", []LLMCall{
			row("call2", 800, "Agent Node", ""), row("in2", 700, "Guardrail Input", ""), row("in", 0, "Guardrail Input", ""),
			row("out", 300, "Guardrail Output", ""), row("call", 100, "Agent Node", ""),
		}},
		"a prompt about input is a call": {"in x", []LLMCall{row("x", 0, "Agent Node", "Check input"), row("in", 0, "Guardrail Input", "")}},
		"the next second":                {"out call", []LLMCall{row("call", 1000, "Agent Node", ""), row("out", 900, "Guardrail Output", "")}},
		"equal in everything":            {"a b", []LLMCall{row("b", 0, "Agent Node", ""), row("a", 0, "Agent Node", "")}},
	} {
		for range 3 {
			rows := slices.Clone(c.rows)
			ArrangeCalls(rows)
			slices.Reverse(rows)
			var got []string
			for _, r := range rows {
				got = append(got, string(r.ID))
			}
			if strings.Join(got, " ") != c.oldest {
				t.Errorf("%s: %v, want %s", name, got, c.oldest)
			}
			slices.Reverse(c.rows)
		}
	}
}

func TestTheWorstGuardrail(t *testing.T) {
	for name, c := range map[string]struct {
		rails []Guardrail
		want  string
	}{
		"none":          {nil, ""},
		"one detected":  {[]Guardrail{{Name: "a", Outcome: "Not Detected", Risk: Known(0.99)}, {Name: "b", Outcome: "detected"}}, "b"},
		"higher risk":   {[]Guardrail{{Name: "a", Outcome: "Detected", Risk: Known(0.2)}, {Name: "b", Outcome: "Detected", Risk: Known(0.7)}}, "b"},
		"only nothing":  {[]Guardrail{{Name: "a"}, {Name: "b", Outcome: "Not Applicable"}}, "b"},
		"unknown words": {[]Guardrail{{Name: "a", Outcome: "?"}}, "a"},
	} {
		if got, ok := (LLMCall{Guardrails: c.rails}).Worst(); ok != (c.want != "") || got.Name != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestSpansOfSessions(t *testing.T) {
	now := time.Date(2031, 3, 12, 12, 0, 30, 0, time.UTC)
	at := func(m int) time.Time { return now.Add(time.Duration(m) * time.Minute) }
	minute := now.Truncate(time.Minute).Add(time.Minute)
	for name, c := range map[string]struct {
		s    Session
		want Window
	}{
		"closed":              {Session{Start: at(-9), End: at(-5), Status: StatusClosed}, Between(at(-9), at(-5))},
		"end before start":    {Session{Start: at(-9), End: at(-10), Status: StatusClosed}, Between(at(-9), at(-9))},
		"open":                {Session{Start: at(-9), End: at(-5), Status: StatusActive}, Between(at(-9), minute)},
		"no end":              {Session{Start: at(-9)}, Between(at(-9), minute)},
		"no end, closed":      {Session{Start: at(-9), Status: StatusClosed}, Between(at(-9), at(-9))},
		"only an id":          {Session{ID: "68f1a3d04c7e2b9a5d10e3f7"}, Between(time.Unix(0x68f1a3d0, 0), time.Unix(0x68f1a3d0, 0))},
		"only an id of sorts": {Session{ID: "s"}, Window{}},
	} {
		if got := c.s.Span(now); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if got := c.s.Reach(now); got.Zero() != c.want.Zero() || !got.Zero() && got != c.want.Widen(JoinLead, JoinMargin) {
			t.Errorf("%s reaches %v", name, got)
		}
	}
}

// What rows tell about a filter, and what only the platform can.
func TestFiltersOfCalls(t *testing.T) {
	c := LLMCall{User: "u-1", Channel: "rtm", Feature: "GenAI Node", Task: "dg-7", Description: "Refund-Ask"}
	for name, q := range map[string]struct {
		LLMQuery
		fits, told bool
	}{
		"nothing":            {LLMQuery{}, true, true},
		"user":               {LLMQuery{User: "u-1"}, true, true},
		"another user":       {LLMQuery{User: "u-2"}, false, true},
		"at the channel":     {LLMQuery{User: "pat@example.test"}, true, false},
		"channel":            {LLMQuery{Channel: "RTM"}, true, true},
		"another channel":    {LLMQuery{Channel: "sms"}, false, true},
		"feature":            {LLMQuery{Feature: "genai node"}, true, true},
		"the newer name":     {LLMQuery{Feature: "Agent Node"}, true, true},
		"another feature":    {LLMQuery{Feature: "Answers"}, false, true},
		"the internal name":  {LLMQuery{Feature: "dynamicEntity"}, true, false},
		"task":               {LLMQuery{Task: "dg-7"}, true, true},
		"another task":       {LLMQuery{Task: "dg-8"}, false, true},
		"a part of its name": {LLMQuery{Task: "refund"}, true, true},
		"of another":         {LLMQuery{Task: "billing"}, false, true},
	} {
		if q.Fits(c) != q.fits || q.Told() != q.told {
			t.Errorf("%s: fits %v, told %v", name, q.Fits(c), q.Told())
		}
	}
}
