package sim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// The engine's log of a session is written from its story, so that it agrees
// with the messages and the model calls of the same session: what took the user
// ten seconds of waiting is a lookup that timed out here.

type severity uint8

const (
	infoLine severity = iota
	warningLine
	errorLine
)

// logLine is one line of the engine's log.
type logLine struct {
	at      int64
	level   severity
	title   string
	message string // "" for none
	detail  string // "" for none
	noInput int    // -1 when the line carries no counters
	spoken  string // what speech recognition heard, "" for none
}

// paddedLines is how many lines the log of the smartassist session has: two
// pages at the largest limit.
const paddedLines = 73

const lookupTakes = 10000 // ms until GetOrder is given up

// logBook collects the lines of one session.
type logBook struct {
	st    *story
	lines []logLine
}

func (st *story) debugLines() []logLine {
	b := &logBook{st: st}
	task, _ := taskOf(st.s)
	b.add(st.s.start, infoLine, "Start", "session has started on channel "+st.s.channel, text(ob("sessionId", st.s.id, "build", buildOf(st.s))))
	tools := 0
	for i := range st.calls {
		tools += b.tools(i)
		b.call(&st.calls[i])
	}
	for i := range st.messages {
		b.message(i, task, tools > 0)
	}
	if !st.s.scene.mute {
		b.add(st.closed, infoLine, "End", "session is closed", "")
	}
	if st.s.scene.name == "smartassist" {
		b.pad(paddedLines)
	}
	slices.SortStableFunc(b.lines, func(x, y logLine) int { return cmp.Compare(x.at, y.at) })
	return b.lines
}

func (b *logBook) add(at int64, level severity, title, message, detail string) {
	b.lines = append(b.lines, logLine{at: at, level: level, title: title, message: message, detail: detail, noInput: -1})
}

// tools writes the service calls that became known to the model with call i.
func (b *logBook) tools(i int) int {
	before := 0
	if i > 0 {
		before = len(b.st.calls[i-1].history)
	}
	c, n := &b.st.calls[i], 0
	if before > len(c.history) {
		return 0
	}
	for _, t := range c.history[before:] {
		if t.role != "tool" {
			continue
		}
		n++
		if strings.Contains(t.content, "ETIMEDOUT") {
			b.timeout(c.at-15, t.tool, t.content)
			continue
		}
		b.add(c.at-int64(12-min(n, 10)), infoLine, t.tool, "service node is processed", text("answered in "+strconv.Itoa(180+n*20)+" ms"))
	}
	return n
}

// timeout is a service that gave no answer; its request stands ten seconds before.
func (b *logBook) timeout(at int64, service, detail string) {
	b.add(at-lookupTakes, infoLine, service, "service node is called", "")
	b.add(at, errorLine, service, service+" timeout: no answer within "+strconv.Itoa(lookupTakes)+" ms (ETIMEDOUT)", detail)
}

func (b *logBook) call(c *llmCall) {
	title := c.node.description
	if _, node, ok := strings.Cut(title, "-"); ok {
		title = node
	}
	ended := c.at + int64(c.took)
	b.add(c.at, infoLine, title, "GenAI node processing has started", text(ob("node", title, "model", c.node.model, "prompt", c.node.prompt)))
	detail := text(ob("sessionId", b.st.s.id, "status", c.status, "timeTaken", c.took, "finishReason", c.finish))
	switch {
	case c.failure != "" || c.status >= 400:
		b.add(ended, errorLine, title, "model call failed with status "+strconv.Itoa(c.status), detail)
	case c.finish == "length":
		b.add(ended, warningLine, title, "model answer ended at max_tokens "+strconv.Itoa(c.node.limit(c.broken))+", it is no valid JSON", detail)
	default:
		b.add(ended, infoLine, title, "GenAI node processing is completed", detail)
	}
}

func (b *logBook) message(i int, task string, hasTools bool) {
	m := &b.st.messages[i]
	switch {
	case m.spoken == "MAX_NO_INPUT":
		b.add(m.at, warningLine, task, "executeNode has invoked due to MAX_NO_INPUT event", "")
		b.lines[len(b.lines)-1].noInput = 1
	case m.in:
		detail := ""
		switch {
		case i < 2:
			detail = b.st.dump(m)
		case i%3 == 0:
			detail = text("input of " + strconv.Itoa(len(m.spoken)) + " bytes")
		}
		b.add(m.at+2, infoLine, task, "intent node processing is completed", detail)
		last := &b.lines[len(b.lines)-1]
		last.noInput = 0
		if voice(b.st.s.channel) {
			last.spoken = m.spoken
		}
	case m.agent:
		b.add(m.at, infoLine, "Agent transfer", "message of an agent is passed on", "")
	default:
		if !hasTools && b.slowLookup(i) {
			b.timeout(b.st.messages[i-1].at+lookupTakes+120, "GetOrder", text(ob("error", "ETIMEDOUT", "service", "GetOrder", "elapsedMs", lookupTakes)))
		}
		b.add(m.at, infoLine, task, "", text("message node processing is completed"))
	}
}

// slowLookup: in a conversation without a model the wait for GetOrder shows in
// the time between two messages.
func (b *logBook) slowLookup(i int) bool {
	m := &b.st.messages[i]
	return i > 0 && b.st.s.broken && !m.late && taskIs(b.st.s, "Order status") &&
		b.st.messages[i-1].in && m.at-b.st.messages[i-1].at >= lookupTakes+300
}

func taskIs(s *session, name string) bool {
	task, _ := taskOf(s)
	return task == name
}

// pad fills the log with keep-alives until it has so many lines.
func (b *logBook) pad(n int) {
	missing := n - len(b.lines)
	for i := range missing {
		at := b.st.s.start + (b.st.closed-b.st.s.start)*int64(i+1)/int64(missing+1)
		b.add(at, infoLine, "Gateway", "keep-alive "+strconv.Itoa(i+1)+" of the audio stream", "")
	}
}

// dump is the context of a session as the engine writes it out: long, and full
// of things that nobody should see. All values are invented.
func (st *story) dump(m *message) string {
	s := st.s
	var past []any
	for i := range 24 {
		past = append(past, ob("no", i, "intent", "", "state", "resolved", "entities", obj{}, "note", "kept from an earlier conversation of the same user"))
	}
	return text(ob("title", " ", "body", "", "updatedContext", ob(
		"bot", s.bot.name, "sessionId", s.id, "currentTask", "null",
		"session", ob("UserContext", ob("_id", s.user.id, "name", s.user.name, "emailId", s.user.mail, "phoneNumber", s.user.phone),
			"BotUserSession", ob("lastMessage", ob("messagePayload", m.spoken, "channel", s.channel),
				"channels", []any{ob("type", s.channel, "handle", ob("userId", s.channelUID()))}),
			"EnterpriseContext", ob("AccountSid", "AC-EXAMPLE-NOT-A-REAL-ACCOUNT", "authToken", "EXAMPLE-NOT-A-REAL-TOKEN")),
		"history", past)))
}
