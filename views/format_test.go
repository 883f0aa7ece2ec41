package views

import (
	"testing"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

func TestFormats(t *testing.T) {
	sum := func(ms ...api.Maybe[int]) TokenSum {
		var s TokenSum
		for _, m := range ms {
			s.Add(m)
		}
		return s
	}
	none := api.Maybe[int]{}
	zone := time.FixedZone("CEST", 2*3600)
	noon := at("2025-10-17T22:30:05Z")
	tests := map[string]struct {
		got  text.Safe
		want string
	}{
		"clock":                 {Clock(noon, zone), "00:30:05"},
		"clock, no zone":        {Clock(noon, nil), "22:30:05"},
		"clock of nothing":      {Clock(time.Time{}, zone), "-"},
		"day":                   {Day(noon, zone), "2025-10-18"},
		"age before":            {Age(-time.Second), "0s"},
		"age seconds":           {Age(59999 * time.Millisecond), "59s"},
		"age minutes":           {Age(41 * time.Minute), "41m"},
		"age hours":             {Age(2*time.Hour + 59*time.Minute), "2h"},
		"age days":              {Age(80 * time.Hour), "3d"},
		"elapsed":               {Elapsed(48 * time.Second), "0:48"},
		"elapsed, part":         {Elapsed(48999 * time.Millisecond), "0:48"},
		"elapsed minutes":       {Elapsed(228 * time.Second), "3:48"},
		"elapsed hours":         {Elapsed(time.Hour + 2*time.Minute + 11*time.Second), "1:02:11"},
		"elapsed before":        {Elapsed(-2500 * time.Millisecond), "-0:02"},
		"elapsed just before":   {Elapsed(-500 * time.Millisecond), "0:00"},
		"bytes":                 {Bytes(999), "999 B"},
		"kilobytes":             {Bytes(1400), "1.4 kB"},
		"megabytes":             {Bytes(999_960), "1.0 MB"},
		"millis":                {Millis(40), "40ms"},
		"millis tenth":          {Millis(580), "0.6s"},
		"millis tenths":         {Millis(9800), "9.8s"},
		"millis no 10.0":        {Millis(9960), "10s"},
		"millis seconds":        {Millis(30_900), "31s"},
		"millis minutes":        {Millis(125_000), "2m05s"},
		"millis no 60 seconds":  {Millis(119_700), "2m00s"},
		"tokens":                {Tokens(api.Known(4102)), "4,102"},
		"tokens unknown":        {Tokens(none), "?"},
		"sum":                   {sum(api.Known(1), api.Known(2)).Text(), "3"},
		"sum of nothing":        {sum().Text(), "0"},
		"sum with gaps":         {sum(api.Known(12310), none, none).Text(), ">=12,310"},
		"sum with gaps, long":   {sum(api.Known(12310), none, none).Long(), ">=12,310 (2 unknown)"},
		"sum of unknown":        {sum(none).Long(), "?"},
		"session id":            {ShortID("66f3a9d04c7e2b9a5d10e3c2"), "66f3a9..c2"},
		"user id":               {ShortID("u-7f2e7c10-90ab-5f34-8c61-3e7d9b0a231a"), "u-7f..31a"},
		"message id":            {ShortID("ms-7c1a90d2-3b5e-5f48-8a06-91d3c2e4b7f0"), "ms-7c..7f0"},
		"mail":                  {ShortID("pat.doe@example.test"), "pat.doe@example.test"},
		"short id":              {ShortID("abc"), "abc"},
		"hostile id":            {ShortID("abc\x1b]0;x\x07defghijklmnop"), text.Clean("abc\x1b]0;x\x07defghijklmnop").String()},
		"outline":               {Outline([]api.Option{{Title: "Try again"}, {Value: "example.test"}}, Env{}), "[ Try again ] [ example.test ]"},
		"outline of nothing":    {Outline(nil, Env{}), ""},
		"line of a message":     {MessageLine(api.Message{Text: "hi"}, Env{}).Text, "hi"},
		"line of a template":    {MessageLine(api.Message{Template: "button", Kind: api.KindTemplate}, Env{}).Text, "[button]"},
		"line of nothing":       {MessageLine(api.Message{}, Env{}).Text, "[empty]"},
		"line of an odd row":    {MessageLine(api.Message{Unreadable: "no object"}, Env{}).Text, "[unreadable: no object]"},
		"line of an empty kind": {MessageLine(api.Message{Kind: api.KindMedia}, Env{}).Text, "[media]"},
	}
	for name, tt := range tests {
		if got := tt.got.String(); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func TestBadges(t *testing.T) {
	session := func(c api.Containment, status string) Cell {
		return ContainmentBadge(api.Session{Containment: c, Status: status}, Env{})
	}
	tests := map[string]struct {
		got   Cell
		want  string
		token theme.Token
	}{
		"drop":              {session(api.DropOff, "closed"), "DROP", theme.Bad},
		"drop, old row":     {session(api.DropOff, ""), "DROP", theme.Bad},
		"self":              {session(api.SelfService, "closed"), "SELF", theme.Good},
		"agent":             {session(api.Agent, "closed"), "AGENT", theme.Warn},
		"open":              {session(api.SelfService, "active"), "open~", theme.Info},
		"not final":         {session(api.DropOff, "closing"), "DROP~", theme.Bad},
		"none":              {session("", "closed"), "?", theme.Dim},
		"new word":          {session("transfer", "closed"), "transfer", theme.Plain},
		"stop":              {FinishBadge(api.LLMCall{Finish: "STOP"}, Env{}), "stop", theme.Dim},
		"cut":               {FinishBadge(api.LLMCall{Finish: "length", Problem: "cut"}, Env{}), "CUT", theme.Bad},
		"cut by another":    {FinishBadge(api.LLMCall{Finish: "max_tokens"}, Env{}), "CUT", theme.Bad},
		"blocked":           {FinishBadge(api.LLMCall{Finish: "content_filter"}, Env{}), "BLOCK", theme.Bad},
		"tools":             {FinishBadge(api.LLMCall{Finish: "tool_use"}, Env{}), "tools", theme.Dim},
		"no reason":         {FinishBadge(api.LLMCall{}, Env{}), "?", theme.Dim},
		"new reason":        {FinishBadge(api.LLMCall{Finish: "eot"}, Env{}), "eot", theme.Warn},
		"another problem":   {FinishBadge(api.LLMCall{Finish: "stop", Problem: "empty content"}, Env{}), "LOOK", theme.Warn},
		"failed":            {FinishBadge(api.LLMCall{Status: "Failure", StatusCode: api.Known(429)}, Env{}), "ERR 429", theme.Bad},
		"failed, no number": {FinishBadge(api.LLMCall{Status: "Failure", StatusCode: api.Known(200)}, Env{}), "ERR", theme.Bad},
		"user":              {SpeakerBadge(api.Message{Direction: api.FromUser}), "user", theme.User},
		"bot":               {SpeakerBadge(api.Message{Direction: api.FromBot}), "bot", theme.Bot},
		"agent speaks":      {SpeakerBadge(api.Message{Direction: api.FromAgent}), "agent", theme.Human},
		"event":             {SpeakerBadge(api.Message{Direction: api.FromUser, Kind: api.KindEvent}), "event", theme.Dim},
		"joined":            {JoinBadge(api.ByID), "by id", theme.Dim},
		"joined perhaps":    {JoinBadge(api.ByUserTime), "by user+time", theme.Info},
	}
	for name, tt := range tests {
		if tt.got.Text.String() != tt.want || tt.got.Token != tt.token {
			t.Errorf("%s: got %q with token %d", name, tt.got.Text, tt.got.Token)
		}
	}
}
