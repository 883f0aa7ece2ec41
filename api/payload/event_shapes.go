package payload

// eventShape is one kind of event of a stream. What is no event known here is
// read as an answer, of which the pieces are joined.
type eventShape struct {
	kinds []string // of "type" or "event_type"
	key   string   // else a key that the event has
	part  string   // path of a piece of a message
	text  string   // path of words
	kind  Kind     // of the words at text
	turn  string   // path of a message of which this is a part
	whole string   // path of a whole answer that replaces what was gathered
	slot  []string // which block the piece belongs to
	ends  string   // path of the reason
	in    []string
	out   []string
}

// eventShapes is every event that is no answer by itself.
func eventShapes() []eventShape {
	block := []string{"index"}
	converse := []string{"contentBlockStart.contentBlockIndex", "contentBlockDelta.contentBlockIndex"}
	item := []string{"item.id", "item_id"}
	return []eventShape{
		// Anthropic
		{kinds: []string{"message_start"}, turn: "message", in: []string{"message.usage.input_tokens"}, out: []string{"message.usage.output_tokens"}},
		{kinds: []string{"content_block_start"}, part: "content_block", slot: block},
		{kinds: []string{"content_block_delta"}, part: "delta", slot: block},
		{kinds: []string{"message_delta"}, ends: "delta.stop_reason", in: []string{"usage.input_tokens"}, out: []string{"usage.output_tokens"}},
		{kinds: []string{"content_block_stop", "message_stop", "ping"}},
		// Bedrock Converse
		{key: "contentBlockStart", part: "contentBlockStart.start", slot: converse},
		{key: "contentBlockDelta", part: "contentBlockDelta.delta", slot: converse},
		{key: "messageStop", ends: "messageStop.stopReason"},
		{key: "messageStart"},
		{key: "contentBlockStop"},
		// Cohere
		{kinds: []string{"content-start", "content-delta", "tool-call-start", "tool-call-delta", "tool-plan-delta"}, turn: "delta.message", slot: block},
		{
			kinds: []string{"message-end"}, ends: "delta.finish_reason",
			in:  []string{"delta.usage.tokens.input_tokens", "delta.usage.billed_units.input_tokens"},
			out: []string{"delta.usage.tokens.output_tokens", "delta.usage.billed_units.output_tokens"},
		},
		{kinds: []string{"message-start", "content-end", "tool-call-end", "stream-start", "citation-start", "citation-end", "citation-generation", "search-queries-generation", "search-results"}},
		{kinds: []string{"text-generation"}, text: "text", kind: Words},
		{kinds: []string{"stream-end"}, whole: "response", ends: "finish_reason"},
		// OpenAI Responses
		{kinds: []string{"response.output_text.delta"}, text: "delta", kind: Words},
		{kinds: []string{"response.refusal.delta"}, text: "delta", kind: Refusal},
		{kinds: []string{"response.reasoning_summary_text.delta", "response.reasoning_text.delta"}, text: "delta", kind: Reasoning},
		{kinds: []string{"response.output_item.added"}, part: "item", slot: item},
		{kinds: []string{"response.function_call_arguments.delta"}, text: "delta", kind: ToolCall, slot: item},
		{kinds: []string{"response.completed", "response.incomplete", "response.failed"}, whole: "response", ends: "response.incomplete_details.reason"},
		{kinds: []string{
			"response.created", "response.in_progress", "response.queued", "response.output_item.done", "response.content_part.added",
			"response.content_part.done", "response.output_text.done", "response.refusal.done", "response.function_call_arguments.done",
			"response.reasoning_summary_part.added", "response.reasoning_summary_part.done", "response.reasoning_summary_text.done",
			"response.reasoning_text.done", "response.output_text.annotation.added",
		}},
		// counts that come by themselves
		{key: "metadata.usage", in: []string{"metadata.usage.inputTokens"}, out: []string{"metadata.usage.outputTokens"}},
		{
			key: "amazon-bedrock-invocationMetrics",
			in:  []string{"amazon-bedrock-invocationMetrics.inputTokenCount"}, out: []string{"amazon-bedrock-invocationMetrics.outputTokenCount"},
		},
	}
}
