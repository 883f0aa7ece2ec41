package payload

// requestShape is a member of a request that holds what was said to the model.
type requestShape struct {
	path string
	as   requestPart
	role string // of what has none of its own; the member's name when empty
}

// requestPart is how such a member is read.
type requestPart uint8

const (
	turnsPart  requestPart = iota // a list of messages, or one, or a text
	wordsPart                     // a text, or pieces of one message
	nestedPart                    // a request inside: read again
)

// requestShapes is every place where providers put what is said to the model, in
// reading order: instructions, what was said before, the newest.
func requestShapes() []requestShape {
	return []requestShape{
		{path: "system", as: wordsPart, role: "system"}, // Anthropic, Converse, Ollama generate
		{path: "systemInstruction", as: wordsPart, role: "system"},
		{path: "instructions", as: wordsPart, role: "system"}, // OpenAI Responses
		{path: "preamble", as: wordsPart, role: "system"},     // Cohere v1
		{path: "system_prompt", as: wordsPart, role: "system"},
		{path: "context", as: wordsPart, role: "context"}, // PaLM
		{path: "examples", as: wordsPart},
		{path: "chat_history", as: turnsPart, role: "user"},
		{path: "messages", as: turnsPart, role: "user"},
		{path: "contents", as: turnsPart, role: "user"}, // Gemini
		{path: "content", as: wordsPart, role: "user"},
		{path: "instances", as: nestedPart}, // Vertex
		{path: "passages", as: wordsPart},
		{path: "message", as: wordsPart, role: "user"}, // Cohere v1
		{path: "tool_results", as: wordsPart, role: "tool"},
		{path: "prompt", as: turnsPart, role: "prompt"},
		{path: "inputText", as: turnsPart, role: "prompt"}, // Titan
		{path: "inputs", as: turnsPart, role: "prompt"},    // Hugging Face, Cohere classify
		{path: "input", as: turnsPart, role: "input"},      // OpenAI Responses, embeddings, moderation
		{path: "texts", as: turnsPart, role: "input"},
		{path: "text", as: turnsPart, role: "input"},
		{path: "query", as: turnsPart, role: "query"},
		{path: "question", as: turnsPart, role: "question"},
		{path: "suffix", as: wordsPart},
	}
}

// wrappers hold a whole request under a name of their own.
func wrappers() []string { return []string{"body", "payload", "request", "data"} }

// settingGroups are objects whose members are settings like those beside them.
func settingGroups() []string {
	return []string{"generationConfig", "inferenceConfig", "textGenerationConfig", "parameters", "options"}
}

// limits are the names of the most tokens that an answer may have.
func limits() []string {
	return []string{
		"max_tokens", "max_completion_tokens", "max_output_tokens", "max_tokens_to_sample", "maxTokenCount", "max_gen_len", "max_new_tokens",
		"num_predict", "max_length",
	}
}

// jsonAsked are the settings that ask for JSON, with what they say then; one
// without words asks by being there.
func jsonAsked() []struct{ path, prefix string } {
	return []struct{ path, prefix string }{
		{"response_format.type", "json"},
		{"response_format", "json"},
		{"text.format.type", "json"},
		{"format", "json"},
		{"format.type", ""},
		{"output_format.type", "json"},
		{"output_config.format.type", "json"},
		{"generationConfig.responseMimeType", "application/json"},
		{"generationConfig.responseSchema", ""},
		{"generationConfig.responseJsonSchema", ""},
		{"guided_json", ""},
	}
}
