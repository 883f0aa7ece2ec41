package views

import (
	"strings"

	"korescope/api"
	"korescope/api/payload"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// guardrailRecord is the outcome that decides, with its risk from 0 to 1; nil
// when the row tells of none.
func guardrailRecord(c api.LLMCall) any {
	g, ok := c.Worst()
	if !ok || g.Outcome == "" && !g.Risk.Known {
		return nil
	}
	var risk *float64
	if g.Risk.Known {
		risk = &g.Risk.Value
	}
	var outcome *string
	if g.Outcome != "" {
		outcome = &g.Outcome
	}
	return struct {
		Outcome *string  `json:"outcome"`
		Risk    *float64 `json:"risk"`
	}{outcome, risk}
}

func showGuardrail(c api.LLMCall, e Env) Cell {
	g, ok := c.Worst()
	if !ok {
		return absent()
	}
	cell := plain(e.Text(g.Outcome))
	if g.Risk.Known {
		cell.Text = text.Format("%s %.2f", cell.Text, g.Risk.Value)
	}
	if g.Detected() {
		cell.Token = theme.Bad
	}
	return cell
}

// messageRecord is one message of the request.
type messageRecord struct {
	Role string `json:"role"`
	Text string `json:"text"`
}

// messageRecords are the messages of the request as they were sent; nil when the
// request is not here or was not understood.
func messageRecords(c api.LLMCall) any {
	r := payload.Read(c)
	if !r.AskedKnown {
		return nil
	}
	out := make([]messageRecord, 0, len(r.Asked))
	for _, m := range r.Asked {
		out = append(out, messageRecord{m.Role, m.Text})
	}
	return out
}

func showMessages(c api.LLMCall, e Env) Cell {
	r := payload.Show(c)
	switch {
	case !r.AskedKnown:
		return absent()
	case !e.Plain:
		return dim(text.Count(len(r.Asked)))
	}
	var out []string
	for _, m := range r.Asked {
		out = append(out, m.Role+": "+m.Text)
	}
	return plain(text.Clean(e.PayloadText(strings.Join(out, "\n"))))
}

// answerField is the answer as text: what was said, which tools were called. A
// text that is JSON is masked as JSON.
func answerField() Field[api.LLMCall] {
	f := WordField("answer", Layout{Title: text.Lit("ANSWER"), Min: 8, Ideal: 30, Grow: 1},
		func(c api.LLMCall) string { return payload.Read(c).Said() }).As(showAnswer)
	f.masked = func(c api.LLMCall, e Env) any { return word(e.PayloadText(payload.Read(c).Said())) }
	return f
}

func showAnswer(c api.LLMCall, e Env) Cell {
	said := payload.Show(c).Said()
	if said == "" {
		return absent()
	}
	return plain(text.Clean(e.PayloadText(said)))
}

func showProblem(c api.LLMCall, e Env) Cell {
	cell := showWord(c.Problem, e)
	if c.Problem != "" {
		cell.Token = theme.Bad
	}
	return cell
}
