package pulse

import (
	"slices"
	"strings"

	"korescope/api"
	"korescope/api/verdict"
)

// The kinds of feature. Cause and Task name what went wrong, LastTurn how it
// showed; the others tell what a conversation was like and go with many.
const (
	// Task is a failed task with its place and reason.
	Task = "task"
	// Guard is a guardrail that stepped in.
	Guard = "guardrail"
	// LastTurn is the last thing the bot said, without numbers and names.
	LastTurn = "last bot turn"

	end      = "end"
	channel  = "channel"
	language = "language"
	tag      = "tag"
	prompt   = "prompt"
	model    = "model"
	finish   = "finish"
)

// Talk is what is known of one conversation. Everything but the session may be
// missing.
type Talk struct {
	Session  api.Session
	Messages []api.Message // oldest first
	Calls    []api.LLMCall // in any order
	Rows     []api.Metric  // runs of nodes and failed tasks
	// Tail takes the place of what messages and calls would tell; the zero value
	// leaves it to them.
	Tail Tail
}

// Tail is how a conversation ended, found by somebody who saw more of it than
// stands in a list of calls.
type Tail struct {
	Why verdict.Verdict // no link when it is not known
	Bot string          // the last thing the bot said
}

// Features are what the conversation is like: its fingerprint. The order is that
// of the evidence, each feature stands once.
func (t Talk) Features() []Feature {
	b := &features{}
	b.ofSession(t.Session)
	b.ofMetrics(t.Rows)
	b.ofTalk(t)
	b.ofCalls(t.Calls)
	return b.list
}

// features collects what a conversation is like, each thing once.
type features struct{ list []Feature }

func (b *features) add(kind, value string) {
	f := Feature{kind, value}
	if value != "" && !slices.Contains(b.list, f) {
		b.list = append(b.list, f)
	}
}

func (b *features) ofSession(s api.Session) {
	b.add(channel, s.Channel)
	for _, l := range s.Languages {
		b.add(language, l)
	}
	for _, t := range slices.Concat(s.SessionTags, s.UserTags) {
		b.add(tag, tagText(t))
	}
}

// longestTag is the longest value that stands for a class and not for itself.
const longestTag = 40

func tagText(t api.Tag) string {
	value := strings.Trim(string(t.Value), `"`)
	if value == "" || len(value) > longestTag || strings.ContainsAny(value, "{[") {
		return ""
	}
	return t.Name + "=" + value
}

func (b *features) ofMetrics(rows []api.Metric) {
	for _, m := range rows {
		switch {
		case m.Kind == api.NodeRuns && m.Failed():
			b.add(Cause, strings.TrimSpace(m.Node+" failed "+m.Code))
		case m.Kind == api.FailedTasks:
			b.add(Task, strings.TrimSpace(m.Task+" at "+m.Point+": "+verdict.Fold(m.Reason, m.Language)))
		}
	}
}

// ofTalk says why it went as it did, and the last thing the bot said.
func (b *features) ofTalk(t Talk) {
	why := t.Tail.Why
	if len(why.Links) == 0 {
		e := verdict.Evidence{Session: t.Session, Messages: t.Messages, Calls: oldestFirst(t.Calls)}
		if t.Messages != nil {
			e.Read |= verdict.Messages
		}
		if t.Calls != nil {
			e.Read |= verdict.Calls
		}
		why = verdict.Of(e)
	}
	for _, l := range why.Links {
		switch {
		case l.Kind == verdict.Waited || l.Kind == verdict.NoAnswer:
			b.add(end, string(l.Kind)) // goes with every cause
		case l.Fault():
			b.add(Cause, strings.TrimSpace(string(l.Kind)+" "+l.Subject))
		}
	}
	spoken := ""
	if len(t.Session.Languages) > 0 {
		spoken = t.Session.Languages[0]
	}
	last := t.Tail.Bot
	for i := len(t.Messages) - 1; i >= 0 && last == ""; i-- {
		if t.Messages[i].Direction == api.FromBot {
			last = t.Messages[i].Text
		}
	}
	if last != "" {
		b.add(LastTurn, verdict.Fold(last, spoken))
	}
}

func (b *features) ofCalls(calls []api.LLMCall) {
	for _, c := range calls {
		b.add(prompt, c.Prompt)
		b.add(model, c.Model)
		b.add(finish, c.Finish)
		for _, g := range c.Guardrails {
			if strings.EqualFold(g.Outcome, "Detected") {
				b.add(Guard, g.Name)
			}
		}
	}
}

func oldestFirst(calls []api.LLMCall) []api.LLMCall {
	out := slices.Clone(calls)
	slices.SortStableFunc(out, func(a, b api.LLMCall) int { return a.Start.Compare(b.Start) })
	return out
}
