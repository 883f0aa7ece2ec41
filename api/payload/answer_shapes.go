package payload

// shape is how one provider answers.
type shape struct {
	name string
	// when lists paths; the shape is recognised when every one of them is there.
	// A path may end in what must stand there: :{ :[ :" or :t for true or false.
	when []string
	// alternatives is the list of answers beside each other; the members of each
	// are read as a message. Without it the answer stands at places in the object
	// itself.
	alternatives string
	places       []string
	ends         []string // where the reason stands, in an alternative, else in the object
	in, out      []string // the provider's own token counts
	read         special  // for what is no message
}

// special is an answer that is no message.
type special uint8

const (
	asMessage special = iota
	asLabels          // a classifier: labels with scores
	asVectors         // embeddings: counted, not shown
	asScan            // a guardrail's verdict
)

// answerShapes is every provider's answer, the more particular shape first.
func answerShapes() []shape {
	in := []string{"usage.input_tokens", "usage.prompt_tokens", "usage.prompt_token_count"}
	out := []string{"usage.output_tokens", "usage.completion_tokens", "usage.completion_token_count"}
	return append([]shape{
		{
			name: "OpenAI Responses", when: []string{"output:[", "object:\"", "status:\""},
			places: []string{"output"}, ends: []string{"incomplete_details.reason", "status"}, in: in, out: out,
		},
		{
			name: "OpenAI Responses", when: []string{"output.0.type:\""},
			places: []string{"output"}, ends: []string{"incomplete_details.reason", "status"}, in: in, out: out,
		},
		{
			name: "Bedrock Converse, Nova", when: []string{"output.message:{"},
			places: []string{"output.message"}, ends: []string{"stopReason"}, in: in, out: out,
		},
		{
			name: "OpenAI chat and completion, Azure, Mistral, DeepSeek, Llama, AI21 Jamba", when: []string{"choices:["},
			alternatives: "choices", ends: []string{"finish_reason", "stop_reason", "finish_details.type", "delta.finish_reason", "message.finish_reason"},
			in: append([]string{"x_groq.usage.prompt_tokens"}, in...), out: append([]string{"x_groq.usage.completion_tokens"}, out...),
		},
		{
			name: "Gemini, Vertex", when: []string{"candidates:["},
			alternatives: "candidates", ends: []string{"finishReason"},
			in: []string{"usageMetadata.promptTokenCount"}, out: []string{"usageMetadata.candidatesTokenCount"},
		},
		{
			name: "Gemini, nothing but counts", when: []string{"usageMetadata:{"},
			in: []string{"usageMetadata.promptTokenCount"}, out: []string{"usageMetadata.candidatesTokenCount"},
		},
		{
			name: "Cohere embed", when: []string{"embeddings"}, places: []string{"embeddings"}, read: asVectors,
			in: []string{"meta.billed_units.input_tokens", "prompt_eval_count"},
		},
		{
			name: "Cohere generate", when: []string{"generations:["},
			alternatives: "generations", ends: []string{"finish_reason"},
			in: []string{"meta.tokens.input_tokens", "meta.billed_units.input_tokens"}, out: []string{"meta.tokens.output_tokens", "meta.billed_units.output_tokens"},
		},
		{
			name: "AI21 Jurassic", when: []string{"completions:["},
			alternatives: "completions", ends: []string{"finishReason.reason", "finishReason"},
		},
		{
			name: "Titan", when: []string{"results.0.outputText"},
			alternatives: "results", ends: []string{"completionReason"}, in: []string{"inputTextTokenCount"}, out: []string{"results.0.tokenCount"},
		},
		{
			name: "Titan, streamed", when: []string{"outputText"},
			places: []string{"outputText"}, ends: []string{"completionReason"},
			in:  []string{"inputTextTokenCount", "amazon-bedrock-invocationMetrics.inputTokenCount"},
			out: []string{"totalOutputTextTokenCount", "amazon-bedrock-invocationMetrics.outputTokenCount"},
		},
		{
			name: "watsonx", when: []string{"results.0.generated_text"},
			alternatives: "results", ends: []string{"stop_reason"}, in: []string{"results.0.input_token_count"}, out: []string{"results.0.generated_token_count"},
		},
		{
			name: "Llama on Bedrock", when: []string{"generation:\""},
			places: []string{"generation"}, ends: []string{"stop_reason"},
			in:  []string{"prompt_token_count", "amazon-bedrock-invocationMetrics.inputTokenCount"},
			out: []string{"generation_token_count", "amazon-bedrock-invocationMetrics.outputTokenCount"},
		},
		{
			name: "Ollama generate", when: []string{"response", "done:t"},
			places: []string{"response", "thinking"}, ends: []string{"done_reason"}, in: []string{"prompt_eval_count"}, out: []string{"eval_count"},
		},
		{
			name: "Cohere v2, Ollama chat", when: []string{"message:{"},
			places: []string{"message"}, ends: []string{"finish_reason", "done_reason", "stop_reason"},
			in:  append([]string{"usage.tokens.input_tokens", "usage.billed_units.input_tokens", "prompt_eval_count"}, in...),
			out: append([]string{"usage.tokens.output_tokens", "usage.billed_units.output_tokens", "eval_count"}, out...),
		},
		{
			name: "Anthropic text completion", when: []string{"completion:\""},
			places: []string{"completion"}, ends: []string{"stop_reason"}, in: in, out: out,
		},
	}, moreShapes(in, out)...)
}

func moreShapes(in, out []string) []shape {
	return append(scanShapes(), []shape{
		{
			name: "OpenAI Responses, cut short", when: []string{"incomplete_details:{"},
			places: []string{"output"}, ends: []string{"incomplete_details.reason", "status"}, in: in, out: out,
		},
		{
			name: "Anthropic messages", when: []string{"content:["},
			places: []string{"content"}, ends: []string{"stop_reason", "finish_reason"}, in: in, out: out,
		},
		{
			name: "a message alone", when: []string{"content", "role:\""},
			places: []string{"content", "tool_calls", "function_call", "refusal", "reasoning_content"}, ends: []string{"stop_reason", "finish_reason"}, in: in, out: out,
		},
		{
			name: "Gemini, a content alone", when: []string{"parts:["},
			places: []string{"parts"}, ends: []string{"finishReason"},
		},
		{
			name: "Hugging Face, streamed", when: []string{"token.text"},
			places: []string{"token.text"}, ends: []string{"details.finish_reason"}, out: []string{"details.generated_tokens"},
		},
		{
			name: "Hugging Face", when: []string{"generated_text"},
			places: []string{"generated_text"}, ends: []string{"details.finish_reason"}, out: []string{"details.generated_tokens"},
		},
		{
			name: "Vertex embedding", when: []string{"predictions.0.embeddings"}, places: []string{"predictions"}, read: asVectors,
		},
		{
			name: "Vertex predictions of a chat", when: []string{"predictions.0.candidates:["},
			alternatives: "predictions.0.candidates", ends: []string{"finishReason"},
			in:  []string{"metadata.tokenMetadata.inputTokenCount.totalTokens"},
			out: []string{"metadata.tokenMetadata.outputTokenCount.totalTokens"},
		},
		{
			name: "Vertex predictions", when: []string{"predictions:["},
			alternatives: "predictions", ends: []string{"finishReason"},
			in:  []string{"metadata.tokenMetadata.inputTokenCount.totalTokens"},
			out: []string{"metadata.tokenMetadata.outputTokenCount.totalTokens"},
		},
		{
			name: "Cohere chat v1", when: []string{"text:\""},
			places: []string{"text", "tool_calls"}, ends: []string{"finish_reason", "stop_reason"},
			in:  append([]string{"meta.tokens.input_tokens", "meta.billed_units.input_tokens"}, in...),
			out: append([]string{"meta.tokens.output_tokens", "meta.billed_units.output_tokens"}, out...),
		},
		{name: "Cohere classify", when: []string{"classifications:["}, places: []string{"classifications"}, read: asLabels},
		{name: "zero-shot classifier", when: []string{"labels:[", "scores:["}, places: []string{"labels", "scores"}, read: asLabels},
		{name: "classifier", when: []string{"label", "score"}, places: []string{"label", "score"}, read: asLabels},
		{name: "reranker", when: []string{"results.0.relevance_score"}, places: []string{"results"}, read: asLabels},
		{
			name: "OpenAI embeddings", when: []string{"data.0.embedding"}, places: []string{"data"}, read: asVectors, in: in,
		},
		{
			name: "Titan, Gemini, Ollama embedding", when: []string{"embedding"}, places: []string{"embedding"}, read: asVectors,
			in: []string{"inputTextTokenCount"},
		},
		{
			name: "Mistral on Bedrock", when: []string{"outputs:["},
			alternatives: "outputs", ends: []string{"stop_reason", "finish_reason"},
			in:  append([]string{"amazon-bedrock-invocationMetrics.inputTokenCount"}, in...),
			out: append([]string{"amazon-bedrock-invocationMetrics.outputTokenCount"}, out...),
		},
		{name: "Replicate", when: []string{"output.0:\"", "status:\""}, places: []string{"output"}, ends: []string{"status"}},
		{name: "a text alone", when: []string{"output_text:\""}, places: []string{"output_text"}, ends: []string{"status"}, in: in, out: out},
		{name: "a text alone", when: []string{"output:\""}, places: []string{"output"}, ends: []string{"finish_reason", "stop_reason"}, in: in, out: out},
		{name: "a text alone", when: []string{"response:\""}, places: []string{"response"}, ends: []string{"finish_reason"}, in: in, out: out},
		{name: "a text alone", when: []string{"answer:\""}, places: []string{"answer"}, ends: []string{"finish_reason"}, in: in, out: out},
		{name: "a text alone", when: []string{"content:\""}, places: []string{"content"}, ends: []string{"finish_reason", "stop_reason"}, in: in, out: out},
	}...)
}

// scanShapes is what guardrails and moderation answer. found says where a hit
// stands.
func scanShapes() []shape {
	return []shape{
		{name: "LLM Guard", when: []string{"is_valid:t"}, places: []string{"is_valid:f"}, read: asScan},
		{name: "moderation", when: []string{"results.0.flagged:t"}, places: []string{"results.0.flagged"}, read: asScan},
		{name: "Lakera", when: []string{"flagged:t"}, places: []string{"flagged"}, read: asScan},
		{name: "violation", when: []string{"violation:t"}, places: []string{"violation"}, read: asScan},
		{name: "Bedrock ApplyGuardrail", when: []string{"assessments", "action:\""}, places: []string{"action=GUARDRAIL_INTERVENED"}, read: asScan},
		{name: "Azure Prompt Shields", when: []string{"userPromptAnalysis.attackDetected"}, places: []string{"userPromptAnalysis.attackDetected"}, read: asScan},
		{name: "Azure Content Safety", when: []string{"categoriesAnalysis:["}, read: asScan},
	}
}
