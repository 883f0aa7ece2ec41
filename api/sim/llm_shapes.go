package sim

import "strings"

// payloads writes request and response in the provider's own shape and counts
// their tokens.
func (a asked) payloads() (request, response any, in, out int) {
	c, n := a.c, a.c.node
	system := n.system(c.broken)
	in = tokensIn(system)
	for _, t := range c.history {
		in += tokensIn(t.content) + 4
	}
	out = tokensIn(c.content)
	if c.finish == "length" {
		out = n.limit(c.broken)
	}
	request = a.request(system)
	switch {
	case c.null:
		return request, nil, in, 0
	case c.failure != "":
		return request, a.refusal(), in, 0
	}
	return request, a.response(in, out), in, out
}

func (a asked) request(system string) any {
	c, n := a.c, a.c.node
	switch n.provider {
	case anthropic:
		return ob("model", n.model, "max_tokens", n.limit(c.broken), "temperature", n.temperature, "system", system, "messages", a.turns("", false))
	case gemini:
		return ob("systemInstruction", ob("parts", []any{ob("text", system)}), "contents", a.contents(),
			"generationConfig", ob("temperature", n.temperature, "maxOutputTokens", n.limit(c.broken)))
	case converse:
		return ob("modelId", n.model, "system", []any{ob("text", system)}, "messages", a.blocks(),
			"inferenceConfig", ob("temperature", n.temperature, "maxTokens", n.limit(c.broken)))
	case hosted:
		return ob("query", lastSaid(c.history), "instructions", system, "passages", []any{
			ob("id", "faq-118", "score", 0.91, "text", "Our shops are open Monday to Saturday. Details are on the page of each shop."),
			ob("id", "faq-042", "score", 0.55, "text", "Returns are possible at the service desk of every shop."),
		}, "params", ob("max_new_tokens", n.maxTokens, "beam", 4))
	case custom:
		return ob("prompt", system+"\n\nCustomer: "+lastSaid(c.history)+"\nAnswer:", "apiKey", "EXAMPLE-NOT-A-REAL-KEY", "max_tokens", n.maxTokens)
	}
	req := ob("model", n.model, "temperature", n.temperature, "max_tokens", n.limit(c.broken), "top_p", 1,
		"frequency_penalty", 0, "presence_penalty", 0, "messages", a.turns(system, n.provider == openAI && n.json))
	if n.tools {
		req = req.with("tools", []any{toolSpec("GetOrder", "order_id"), toolSpec("StartRefund", "order_id", "item", "way")})
	}
	if n.provider == streaming {
		req = req.with("stream", true)
	}
	return req
}

// turns is the message list: it grows with every call of the conversation. The
// default prompt appends a lone brace to the last user message.
func (a asked) turns(system string, fragment bool) []any {
	var out []any
	if system != "" {
		out = append(out, ob("role", "system", "content", system))
	}
	last := -1
	for i, t := range a.c.history {
		if t.role == "user" {
			last = i
		}
	}
	for i, t := range a.c.history {
		content := t.content
		if fragment && i == last {
			content += "\n\n{"
		}
		switch {
		case a.c.node.provider == anthropic && t.tool != "":
			continue
		case t.role == "tool":
			out = append(out, ob("role", "tool", "tool_call_id", t.callID, "name", t.tool, "content", content))
		case t.tool != "":
			out = append(out, ob("role", "assistant", "content", nil, "tool_calls", []any{
				ob("id", t.callID, "type", "function", "function", ob("name", t.tool, "arguments", content)),
			}))
		default:
			out = append(out, ob("role", t.role, "content", content))
		}
	}
	return out
}

func toolSpec(name string, params ...string) obj {
	properties := obj{}
	for _, p := range params {
		properties = properties.with(p, ob("type", "string"))
	}
	return ob("type", "function", "function", ob("name", name, "parameters", ob("type", "object", "properties", properties, "required", list(params[:1]))))
}

func (a asked) response(in, out int) any {
	c, n := a.c, a.c.node
	id := uuid("", blend(c.sessionKey, 0x11, uint64(c.no)))
	switch n.provider {
	case anthropic:
		return ob("id", "msg_"+id[:13], "type", "message", "role", "assistant", "model", n.model,
			"content", []any{ob("type", "text", "text", c.content)}, "stop_reason", stopReason(c.finish), "stop_sequence", nil,
			"usage", ob("input_tokens", in, "output_tokens", out))
	case gemini:
		return ob("candidates", []any{ob("content", ob("role", "model", "parts", []any{ob("text", c.content)}), "finishReason", geminiReason(c.finish), "index", 0)},
			"usageMetadata", ob("promptTokenCount", in, "candidatesTokenCount", out, "totalTokenCount", in+out), "modelVersion", n.model)
	case converse:
		return ob("output", ob("message", ob("role", "assistant", "content", []any{ob("text", c.content)})), "stopReason", stopReason(c.finish),
			"usage", ob("inputTokens", in, "outputTokens", out, "totalTokens", in+out), "metrics", ob("latencyMs", c.took-20))
	case hosted:
		return ob("result", ob("output", c.content, "answerable", true, "confidence", 0.93), "engine", "XO-GPT", "latency_ms", c.took-20)
	case custom:
		return c.content
	case streaming:
		return chunks(id, n.model, c.content)
	}
	choice := ob("index", 0, "message", ob("role", "assistant", "content", c.content), "logprobs", nil, "finish_reason", c.finish)
	whole := ob("id", "chatcmpl-"+id[:13], "object", "chat.completion", "created", c.at/1000, "model", n.model+"-2024-08-06")
	if n.provider == azure {
		clean := filtered()
		choice = choice.with("content_filter_results", clean)
		whole = whole.with("prompt_filter_results", []any{ob("prompt_index", 0, "content_filter_results", clean)})
	}
	return whole.with("choices", []any{choice},
		"usage", ob("prompt_tokens", in, "completion_tokens", out, "total_tokens", in+out), "system_fingerprint", nil)
}

func stopReason(finish string) string {
	if finish == "length" {
		return "max_tokens"
	}
	return "end_turn"
}

func geminiReason(finish string) string {
	if finish == "length" {
		return "MAX_TOKENS"
	}
	return "STOP"
}

// contents is the message list in Gemini's words.
func (a asked) contents() []any {
	var out []any
	for _, t := range a.c.history {
		role := "user"
		if t.role == "assistant" {
			role = "model"
		}
		if t.tool == "" {
			out = append(out, ob("role", role, "parts", []any{ob("text", t.content)}))
		}
	}
	return out
}

// blocks is the message list in the words of Converse.
func (a asked) blocks() []any {
	var out []any
	for _, t := range a.c.history {
		if t.tool == "" {
			out = append(out, ob("role", t.role, "content", []any{ob("text", t.content)}))
		}
	}
	return out
}

func filtered() obj {
	safe := ob("filtered", false, "severity", "safe")
	return ob("hate", safe, "self_harm", safe, "sexual", safe, "violence", safe)
}

// chunks is a streamed answer as an array of deltas.
func chunks(id, model, content string) []any {
	var out []any
	for i, word := range strings.SplitAfter(content, " ") {
		delta := ob("content", word)
		if i == 0 {
			delta = ob("role", "assistant", "content", word)
		}
		out = append(out, ob("id", "chatcmpl-"+id[:13], "object", "chat.completion.chunk", "model", model,
			"choices", []any{ob("index", 0, "delta", delta, "finish_reason", nil)}))
	}
	return append(out, ob("id", "chatcmpl-"+id[:13], "object", "chat.completion.chunk", "model", model,
		"choices", []any{ob("index", 0, "delta", obj{}, "finish_reason", "stop")}))
}

// refusal is the error object of the provider.
func (a asked) refusal() any {
	switch {
	case a.c.status == 504:
		return a.c.failure // a gateway's words, not JSON
	case a.c.node.provider == gemini:
		return ob("error", ob("code", a.c.status, "message", a.c.failure, "status", "RESOURCE_EXHAUSTED"))
	case a.c.node.provider == converse:
		return ob("__type", "ThrottlingException", "message", a.c.failure)
	case a.c.node.provider == anthropic:
		return ob("type", "error", "error", ob("type", "rate_limit_error", "message", a.c.failure))
	}
	return ob("error", ob("message", a.c.failure, "type", "tokens", "param", nil, "code", "rate_limit_exceeded"))
}

func lastSaid(history []turn) string {
	for i := len(history) - 1; i >= 0; i-- {
		if history[i].role == "user" {
			return history[i].content
		}
	}
	return ""
}
