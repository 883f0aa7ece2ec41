package kore

import (
	"encoding/json"
	"fmt"
	"strings"

	"korescope/api"
)

// extraction is what an answer of a language model tells, whatever provider it
// came from (reference 9.3). Nothing here fails: an unknown shape tells nothing.
type extraction struct {
	known   bool // one of the shapes below
	finish  string
	words   bool // any text, tool call or part
	refused bool
	failed  bool
	filter  bool // the provider's content filter, told in an error
}

func extract(raw json.RawMessage) extraction {
	var e extraction
	e.any(raw, 2)
	return e
}

func (e *extraction) any(raw json.RawMessage, levels int) {
	if len(raw) == 0 || levels < 0 {
		return
	}
	switch raw[0] {
	case '"':
		e.known = true
		e.string(textOf(raw), levels-1)
	case '[':
		e.known = true
		var chunks []json.RawMessage
		_ = json.Unmarshal(raw, &chunks) // part of a document that was valid
		for _, c := range chunks {
			e.any(c, levels-1)
		}
	case '{':
		r, _ := readRow(raw)
		e.object(r)
	}
}

// string is plain text, JSON once more, or an event stream kept as it came.
func (e *extraction) string(s string, levels int) {
	s = strings.TrimSpace(s)
	streamed := false
	for line := range strings.Lines(s) {
		data, ok := strings.CutPrefix(strings.TrimSpace(line), "data:")
		if data = strings.TrimSpace(data); ok && strings.HasPrefix(data, "{") && json.Valid([]byte(data)) {
			streamed = true
			e.any(json.RawMessage(data), levels)
		}
	}
	switch {
	case streamed:
	case len(s) <= maxInner && looksJSON([]byte(s)) && json.Valid([]byte(s)):
		e.words = e.words || s[0] == '['
		e.any(json.RawMessage(s), levels)
		e.words = e.words || !e.failed && e.finish == ""
	case s != "":
		e.words = true
	}
}

func (e *extraction) object(r row) {
	if raw, ok := r["error"]; ok && !hollow(raw) {
		e.error(raw)
	} else if r.text("type") == "error" {
		e.failed, e.known = true, true
	}
	for _, raw := range r.list("choices") {
		c, _ := readRow(raw)
		e.stop(c.text("finish_reason"))
		e.part(c)
		e.part(c.sub("message"))
		e.part(c.sub("delta"))
	}
	for _, raw := range r.list("candidates") {
		c, _ := readRow(raw)
		e.stop(c.text("finishReason", "finish_reason"))
		e.part(c.sub("content"))
	}
	for _, key := range []string{"choices", "candidates", "content", "delta", "message", "completion", "output_text", "generated_text"} {
		if _, ok := r[key]; ok {
			e.known = true
		}
	}
	e.stop(r.text("stop_reason"))
	e.stop(r.sub("delta").text("stop_reason"))
	e.part(r)
	e.part(r.sub("delta"))
	e.part(r.sub("content_block"))
	e.part(r.sub("message"))
}

// part looks for words, tool calls or a refusal in one message-like object.
func (e *extraction) part(r row) {
	if r == nil {
		return
	}
	for _, key := range []string{"content", "text", "completion", "output_text", "generated_text"} {
		if strings.TrimSpace(textOf(r[key])) != "" {
			e.words = true
		}
	}
	for _, key := range []string{"content", "parts"} {
		for _, raw := range r.list(key) {
			p, _ := readRow(raw)
			kind := p.text("type")
			if strings.TrimSpace(p.text("text")) != "" || kind != "" && kind != "text" || textOf(raw) != "" {
				e.words = true
			}
		}
	}
	for _, key := range []string{"tool_calls", "function_call", "functionCall"} {
		if v, ok := r[key]; ok && !hollow(v) {
			e.words = true
		}
	}
	if strings.TrimSpace(textOf(r["refusal"])) != "" {
		e.refused, e.words = true, true
	}
}

func (e *extraction) stop(reason string) {
	if reason != "" {
		e.finish, e.known = reason, true
	}
}

func (e *extraction) error(raw json.RawMessage) {
	e.failed, e.known = true, true
	text := strings.ToLower(string(raw))
	e.filter = e.filter || strings.Contains(text, "content_filter") || strings.Contains(text, "content management policy")
}

// problem says in a few words why the call needs a look, "" when it went well.
func (e *extraction) problem(c api.LLMCall) string {
	switch {
	case e.filter:
		return "refused by content filter"
	case c.StatusCode.Known && c.StatusCode.Value >= 400:
		return fmt.Sprintf("provider error %d", c.StatusCode.Value)
	case e.failed || c.Failed():
		return "provider error"
	case c.Response == nil:
		return "no response"
	}
	switch strings.ToLower(e.finish) {
	case "length", "max_tokens", "model_length", "model_context_window_exceeded":
		return cutAt(c)
	case "content_filter", "safety", "recitation", "blocklist", "prohibited_content":
		return "refused by content filter"
	case "refusal":
		return "refused by the model"
	}
	switch {
	case e.refused:
		return "refused by the model"
	case e.known && !e.words:
		return "empty answer"
	}
	return ""
}

// cutAt names the limit that the request set, else what the answer used.
func cutAt(c api.LLMCall) string {
	if r, ok := readRow(c.Request); ok {
		limits := []string{"max_tokens", "max_completion_tokens", "max_output_tokens", "max_tokens_to_sample"}
		for _, in := range []row{r, r.sub("generationConfig")} {
			if n := in.number(append(limits, "maxOutputTokens")...); n.Known && n.Value > 0 {
				return fmt.Sprintf("cut at %d tokens", n.Value)
			}
		}
	}
	if c.ResponseTokens.Known && c.ResponseTokens.Value > 0 {
		return fmt.Sprintf("cut at %d tokens", c.ResponseTokens.Value)
	}
	return "cut at the token limit"
}
