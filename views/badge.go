package views

import (
	"html"
	"strings"

	"korescope/api"
	"korescope/api/payload"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// ContainmentBadge is how a session ended, in at most five cells where the word
// is known: DROP, SELF, AGENT, open~. The mark ~ says that it may still change:
// the platform counts an open session as self service.
func ContainmentBadge(s api.Session, e Env) Cell {
	if s.Open() {
		return Cell{Text: text.Lit("open~"), Token: theme.Info}
	}
	var c Cell
	switch s.Containment {
	case api.DropOff:
		c = Cell{Text: text.Lit("DROP"), Token: theme.Bad}
	case api.SelfService:
		c = Cell{Text: text.Lit("SELF"), Token: theme.Good}
	case api.Agent:
		c = Cell{Text: text.Lit("AGENT"), Token: theme.Warn}
	case api.Undetermined:
		return unknown()
	default:
		c = plain(e.Text(string(s.Containment)))
	}
	if !s.Final() {
		c.Text = text.Join("", c.Text, text.Lit("~"))
	}
	return c
}

// FinishBadge is how a model call ended: stop, tools, CUT, BLOCK, or ERR with
// the status of the model's provider. Words not known here are shown as sent.
func FinishBadge(c api.LLMCall, e Env) Cell {
	if c.Failed() {
		if c.StatusCode.Known && c.StatusCode.Value >= 400 {
			return Cell{Text: text.Format("ERR %d", c.StatusCode.Value), Token: theme.Bad}
		}
		return Cell{Text: text.Lit("ERR"), Token: theme.Bad}
	}
	end := payload.EndingOf(c.Finish)
	switch end {
	case payload.EndCut:
		return Cell{Text: text.Lit("CUT"), Token: theme.Bad}
	case payload.EndBlocked:
		return Cell{Text: text.Lit("BLOCK"), Token: theme.Bad}
	}
	if strings.HasPrefix(c.Problem, "refused") {
		return Cell{Text: text.Lit("BLOCK"), Token: theme.Bad}
	}
	if c.Problem != "" {
		return Cell{Text: text.Lit("LOOK"), Token: theme.Warn}
	}
	switch {
	case c.Finish == "":
		return unknown()
	case end == payload.EndDone:
		return dim(text.Lit("stop"))
	case end == payload.EndTools:
		return dim(text.Lit("tools"))
	}
	return Cell{Text: e.Text(c.Finish), Token: theme.Warn}
}

// SpeakerBadge says who wrote a message, in five cells: user, bot, agent, or
// event for what nobody typed.
func SpeakerBadge(m api.Message) Cell {
	if m.Kind == api.KindEvent {
		return Cell{Text: text.Lit("event"), Token: theme.Dim}
	}
	switch m.Direction {
	case api.FromUser:
		return Cell{Text: text.Lit("user"), Token: theme.User}
	case api.FromBot:
		return Cell{Text: text.Lit("bot"), Token: theme.Bot}
	case api.FromAgent:
		return Cell{Text: text.Lit("agent"), Token: theme.Human}
	}
	return Cell{Text: text.Lit("-"), Token: theme.Dim}
}

// JoinBadge says how a call was linked to its session. A link by user and time
// is probable, not certain.
func JoinBadge(j api.JoinedBy) Cell {
	switch j {
	case api.ByID:
		return dim(text.Lit("by id"))
	case api.ByUserTime:
		return Cell{Text: text.Lit("by user+time"), Token: theme.Info}
	}
	return absent()
}

// Outline is what a template offers, in one line: [ Try again ] [ Talk to a
// person ]. Empty when it offers nothing.
func Outline(options []api.Option, e Env) text.Safe {
	parts := make([]text.Safe, 0, len(options))
	for _, o := range options {
		title := o.Title
		if title == "" {
			title = o.Value
		}
		parts = append(parts, text.Format("[ %s ]", e.Text(title)))
	}
	return text.Join(" ", parts...)
}

// MessageLine is a message as one line: its text, or what stands for it when
// there is none. A field of it that could not be read is told behind the words.
func MessageLine(m api.Message, e Env) Cell {
	c := wordsOf(m, e)
	if m.Fault != "" {
		c.Text = text.Join(" ", c.Text, FaultBadge(m, e).Text)
	}
	return c
}

// FaultBadge says which field of a message could not be read; empty when all
// could.
func FaultBadge(m api.Message, e Env) Cell {
	if m.Fault == "" {
		return Cell{}
	}
	return Cell{Text: text.Format("[! %s]", e.Text(m.Fault)), Token: theme.Bad}
}

// MessageWords are the words of a message as they are read: what a bot sends may
// be written for HTML, and the platform removes what is transient. Records, files
// and pipes, where Env.Plain is set, keep it as it was sent.
func MessageWords(m api.Message, e Env) string {
	if e.Plain {
		return m.Text
	}
	said := m.Text
	if m.Direction != api.FromUser && strings.Contains(said, "&") {
		said = html.UnescapeString(said)
	}
	return strings.ReplaceAll(said, purged, "[data_purged: removed by the platform]")
}

// purged stands where the platform removed a transient value.
const purged = "[data_purged]"

func wordsOf(m api.Message, e Env) Cell {
	said := MessageWords(m, e)
	switch {
	case m.Unreadable != "":
		return Cell{Text: text.Format("[unreadable: %s]", e.Text(m.Unreadable)), Token: theme.Bad}
	case said != "" && m.Kind == api.KindEvent:
		return dim(e.Text(said))
	case said != "":
		return plain(e.Text(said))
	case m.Template != "":
		return dim(text.Format("[%s]", e.Text(m.Template)))
	case m.Kind != "":
		return dim(text.Format("[%s]", e.Text(string(m.Kind))))
	}
	return dim(text.Lit("[empty]"))
}

// NeedsLook reports a call that failed, was cut or blocked, or carries another
// problem.
func NeedsLook(c api.LLMCall) bool {
	return c.Failed() || c.Problem != "" || c.Unreadable != "" || FinishBadge(c, Env{}).Token == theme.Bad
}
