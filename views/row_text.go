package views

import (
	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// Lines a text may have in a transcript before the rest is counted.
const mostLines = 400

// Body is what the row says, in one line. It is made when asked for, so that a
// long conversation costs only what is on screen.
func (r Row) Body(e Env) Cell {
	switch r.Kind {
	case MessageRow:
		return MessageLine(*r.Message, e)
	case CallRow:
		if r.Early {
			return plain(text.Join("  ", CallLine(*r.Call, e), ClockBadge().Text))
		}
		return plain(CallLine(*r.Call, e))
	case DebugRow:
		return Cell{Text: LineText(r, e), Token: theme.Dim}
	case NodeRow:
		return Cell{Text: NodeLine(*r.Node, e), Token: theme.Dim}
	case ChangeRow:
		return Cell{Text: ChangeLine(*r.Change, e), Token: theme.Warn}
	case GapRow:
		return Cell{Text: GapLine(r), Token: theme.Faint}
	case EndRow:
		return dim(EndLine(r.Outcome, e))
	}
	return Cell{}
}

// Lines is the row's text with its own line breaks, for wrapping. At least one.
func (r Row) Lines(e Env) []text.Safe {
	if r.Kind != MessageRow || r.Message.Unreadable != "" || r.Message.Text == "" {
		return []text.Safe{r.Body(e).Text}
	}
	lines := e.Lines(MessageWords(*r.Message, e), mostLines)
	if badge := FaultBadge(*r.Message, e); !badge.Text.Empty() {
		lines = append(lines, badge.Text)
	}
	return lines
}

// Offers is the extra line under a template: its choices, and how many parts of
// it are not shown. Empty for other rows.
func (r Row) Offers(e Env) text.Safe {
	if r.Message == nil {
		return text.Safe{}
	}
	offers, more := Outline(r.Message.Options, e), MoreParts(*r.Message)
	switch {
	case more.Empty():
		return offers
	case offers.Empty():
		return more
	}
	return text.Join("  ", offers, more)
}

// MoreParts counts what a template holds beside what is shown: +3 parts, P. Empty
// when all of it is.
func MoreParts(m api.Message) text.Safe {
	switch m.More {
	case 0:
		return text.Safe{}
	case 1:
		return text.Lit("+1 part, P")
	}
	return text.Format("+%s parts, P", text.Count(m.More))
}

// CallParts is a model call in the pieces of its line, in order: prompt, model,
// time, tokens, what is wrong with it or how it ended, how it was joined. What
// matters comes before what a narrow screen cuts; that a join is not certain is
// said in the row's label as well.
func CallParts(c api.LLMCall, e Env) []Cell {
	name := c.Prompt
	if name == "" || name == "Default" {
		name = c.Description
	}
	if name == "" {
		name = c.Feature
	}
	took := unknown()
	if c.TimeTaken.Known {
		took = plain(Millis(c.TimeTaken.Value))
	}
	parts := []Cell{
		showWord(name, e), showWord(c.Model, e), took,
		dim(text.Format("%s>%s", Tokens(c.RequestTokens), Tokens(c.ResponseTokens))),
	}
	if c.Problem != "" {
		parts = append(parts, Cell{Text: text.Join("", text.Lit("! "), e.Text(c.Problem)), Token: theme.Bad})
	} else {
		parts = append(parts, FinishBadge(c, e))
	}
	if c.Joined != api.NotJoined {
		parts = append(parts, JoinBadge(c.Joined))
	}
	return parts
}

// CallLine is CallParts in one line.
func CallLine(c api.LLMCall, e Env) text.Safe {
	if c.Unreadable != "" {
		return text.Format("[unreadable: %s]", e.Text(c.Unreadable))
	}
	parts := CallParts(c, e)
	words := make([]text.Safe, len(parts))
	for i, p := range parts {
		words[i] = p.Text
	}
	return text.Join("  ", words...)
}

// NodeLine is a run of a node, or a task that failed, in one line: what ran, of
// which task, how it ended and how long it took, of that in the called service.
func NodeLine(m api.Metric, e Env) text.Safe {
	if m.Unreadable != "" {
		return text.Format("[unreadable: %s]", e.Text(m.Unreadable))
	}
	if m.Kind != api.NodeRuns {
		return text.Join("  ", text.Lit("task failed"), e.Text(m.Task), e.Text(m.Reason), e.Text(m.Point))
	}
	took := text.Safe{}
	if m.Took.Known {
		took = Millis(m.Took.Value.Milliseconds())
	}
	if m.APITook.Known {
		took = text.Format("%s (service %s)", took, Millis(m.APITook.Value.Milliseconds()))
	}
	return text.Join("  ", text.Join(" ", e.Text(m.NodeType), e.Text(m.Node)), e.Text(m.Task),
		text.Join(" ", e.Text(m.Status), e.Text(m.Code)), took)
}

// ChangeLine is what was changed, in one line, without who did it.
func ChangeLine(c api.ChangeEntry, e Env) text.Safe {
	return text.Join("  ", e.Text(c.ResourceType), e.Text(c.Message))
}

// GapLine says how long nothing happened and who was waited for.
func GapLine(r Row) text.Safe {
	length := text.Format("%.1f s", r.Silent.Seconds())
	if r.Silent.Seconds() >= 100 {
		length = Elapsed(r.Silent)
	}
	switch r.Waiting {
	case api.FromUser:
		return text.Format("-- %s until the user --", length)
	case api.FromBot:
		return text.Format("-- %s until the bot --", length)
	case api.FromAgent:
		return text.Format("-- %s until the agent --", length)
	}
	return text.Format("-- %s nothing --", length)
}

// EndLine says how a session ended, and whether that is sure.
func EndLine(s api.Session, e Env) text.Safe {
	switch {
	case s.Open():
		return text.Lit("still open ~ the platform counts it as self service until it closes it")
	case s.Containment == api.Undetermined:
		return text.Lit("last event; no containment type")
	case s.Final():
		return text.Format("last event; closed as %s", e.Text(string(s.Containment)))
	}
	return text.Format("last event; %s so far ~", e.Text(string(s.Containment)))
}
