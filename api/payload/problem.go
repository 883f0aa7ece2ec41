package payload

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"korescope/api"
)

// outcome is how one answer ended.
func (c *choice) outcome(a *answer) outcome {
	means := max(meaning(c.ends), c.means)
	if c.ends == "" {
		means = max(meaning(a.ends), c.means)
	}
	if slices.ContainsFunc(c.parts, func(p part) bool { return p.kind == Refusal }) {
		means = max(means, refused)
	}
	if means < empty && a.known && !c.holds() {
		means = empty
	}
	return means
}

// holds reports anything of any kind in an answer.
func (c *choice) holds() bool {
	return slices.ContainsFunc(c.parts, func(p part) bool { return p.kind != Words || Visible(p.text) })
}

// worst is the answer that decides: the first of the worst end.
func (a *answer) worst() int {
	at, worst := 0, unsaid
	for i, c := range a.choices {
		if o := c.outcome(a); o > worst && (o > tools || worst == unsaid && i == 0) {
			at, worst = i, o
		}
	}
	return at
}

// judge says what is wrong with the call, the worst first.
func (r *Reading) judge(c api.LLMCall, q *request, a *answer) {
	var end outcome
	if len(a.choices) > 0 {
		end = a.choices[r.worst].outcome(a)
	} else {
		end = meaning(a.ends)
	}
	r.Problem = r.failure(c, a, end)
	if r.Problem != "" {
		return
	}
	switch {
	case a.blocked != "" || end == filtered:
		r.Problem = "refused by content filter"
	case end == refused:
		r.Problem = "refused by the model"
	case end == cut || end == cutWindow:
		r.Problem = r.cutAt(c, q, end)
	case a.scan != nil && a.scan.hit || end == scanned:
		r.Problem = joined(" ", "guardrail", "detected")
		if end == scanned || a.scan.what == "intervened" {
			r.Problem = "guardrail intervened"
		} else {
			r.Problem = joined(" ", "guardrail detected", a.scan.what, a.scan.risk)
		}
	default:
		r.Problem = r.lacking(c, a, end)
	}
}

// failure is what kept the provider from answering.
func (r *Reading) failure(c api.LLMCall, a *answer, end outcome) string {
	coded := c.StatusCode.Known && c.StatusCode.Value >= 400
	switch {
	case a.fault != nil && a.fault.filter:
		return "refused by content filter"
	case a.fault == nil && !a.known && (coded || c.Failed()) && names(string(c.Response)):
		return "refused by content filter"
	case coded:
		return joined(": ", fmt.Sprintf("provider error %d", c.StatusCode.Value), a.fault.why(c.StatusCode.Value))
	case a.fault != nil || c.Failed():
		return "provider error"
	case end == failed:
		return joined(" ", "provider error", r.Finish)
	}
	return ""
}

// why names what the request did wrong, where its status says that it did.
func (f *fault) why(status int) string {
	if f == nil || status != 400 && status != 404 && status != 422 {
		return ""
	}
	return joined(" ", f.code, f.param)
}

// lacking says what is wrong with an answer that came and ended well.
func (r *Reading) lacking(c api.LLMCall, a *answer, end outcome) string {
	if g, ok := c.Worst(); ok && g.Detected() {
		if g.Risk.Known {
			return "guardrail detected " + strconv.FormatFloat(g.Risk.Value, 'g', 3, 64)
		}
		return "guardrail detected"
	}
	switch {
	case c.GuardrailRow() && (a.nothing || end == empty): // it speaks by its outcome
	case a.nothing:
		return "no answer"
	case end == empty:
		return "empty answer"
	case a.known && r.Reasoned && r.said == "":
		return "no answer, only reasoning came"
	case r.WantsJSON && a.known && r.said != "" && r.spoke(a):
		return notJSON(r.said)
	}
	return ""
}

// spoke reports that the answer is words, not a call of a tool.
func (r *Reading) spoke(a *answer) bool {
	return len(a.choices) > r.worst && !slices.ContainsFunc(a.choices[r.worst].parts, func(p part) bool { return p.kind != Words && p.kind != Reasoning })
}

// notJSON says how a text fails to be the JSON that was asked for.
func notJSON(s string) string {
	t := strings.TrimSpace(s)
	switch pieces := Split(t); {
	case json.Valid([]byte(t)):
		return ""
	case slices.ContainsFunc(pieces, func(p Piece) bool { return p.JSON }) && strings.HasPrefix(t, "```"):
		return "not JSON: in a code fence"
	case slices.ContainsFunc(pieces, func(p Piece) bool { return p.JSON }):
		return "not JSON: words around it"
	case (t[0] == '{' || t[0] == '[') && cutJSON(t):
		return "not JSON: it breaks off"
	}
	return "not JSON"
}

// cutJSON reports a text that is JSON as far as it goes.
func cutJSON(s string) bool {
	dec := json.NewDecoder(strings.NewReader(s))
	for {
		if _, err := dec.Token(); err != nil {
			return strings.Contains(err.Error(), "EOF")
		}
	}
}

// cutAt names the limit that the request set, else what the answer used.
func (r *Reading) cutAt(c api.LLMCall, q *request, end outcome) string {
	used := c.ResponseTokens
	if !used.Known {
		used = r.Out
	}
	said := "cut at the token limit"
	switch {
	case end == cutWindow:
		said = "cut at the end of the model's window"
	case q.limit > 0:
		said = fmt.Sprintf("cut at %d tokens", q.limit)
	case used.Known && used.Value > 0:
		said = fmt.Sprintf("cut at %d tokens", used.Value)
	}
	if !Visible(r.said) {
		said += ", nothing visible came"
	}
	return said
}

// Apply writes what the payloads tell into a call: how it ended, what is wrong,
// and the provider's counts of tokens where the platform gave none.
func Apply(c api.LLMCall) api.LLMCall {
	r := Read(c)
	c.Finish, c.Problem = r.Finish, r.Problem
	from := c.TokensFrom
	if c.RequestTokens.Known || c.ResponseTokens.Known {
		if from == "" {
			from = api.TokensOfPlatform
		}
	}
	for _, t := range []struct{ have, provider *api.Maybe[int] }{{&c.RequestTokens, &r.In}, {&c.ResponseTokens, &r.Out}} {
		if !t.have.Known && t.provider.Known {
			*t.have, from = *t.provider, api.TokensOfProvider
		}
	}
	c.TokensFrom = from
	return c
}

// Hidden is the call with dots in its payloads in place of secrets. The raw row
// is left out.
func Hidden(c api.LLMCall) api.LLMCall {
	c.Request, c.Response, c.Raw = Hide(c.Request), Hide(c.Response), nil
	return c
}

// Show is Read with dots in place of secrets, also of those that came in the
// pieces of a stream: what is put before somebody's eyes.
func Show(c api.LLMCall) Reading {
	r := Read(Hidden(c))
	for _, list := range [][]Message{r.Asked, r.Answer} {
		for i := range list {
			list[i].Text = HideText(list[i].Text)
		}
	}
	r.said = HideText(r.said)
	return r
}
