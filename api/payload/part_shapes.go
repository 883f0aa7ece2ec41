package payload

// Kind says what a piece of a message is.
type Kind uint8

// The kinds of piece.
const (
	Words      Kind = iota + 1
	ToolCall        // the model asks for a tool: name(arguments)
	ToolResult      // what the tool said
	Reasoning       // what the model thought before it answered
	Refusal         // the model's own words of refusal
	Other           // a picture, a file, or of no known kind: as JSON

	silent // nothing to read
	nested // a message
)

// partShape is a kind of piece in a message's content. A piece is recognised by
// its type, else by a key that it has.
type partShape struct {
	types []string // folded values of "type"
	key   string   // the key that holds the piece; the piece itself holds it when empty
	word  string   // the provider's own word, shown before calls, results and what is odd
	kind  Kind
	name  []string // paths of a tool's name
	text  []string // paths of what it says; the whole piece when empty
}

// partShapes is every piece of a message that providers document.
func partShapes() []partShape {
	call := []string{"input", "arguments", "args", "parameters", "function.arguments"}
	name := []string{"name", "tool_name", "function.name"}
	result := []string{"content", "output", "response", "result", "outputs"}
	return []partShape{
		{types: []string{"text", "outputtext", "inputtext", "textdelta", "summarytext"}, kind: Words, text: []string{"text"}},
		{types: []string{"refusal"}, kind: Refusal, text: []string{"refusal"}},
		{types: []string{"thinking", "thinkingdelta"}, kind: Reasoning, text: []string{"thinking"}},
		{types: []string{"redactedthinking"}, kind: Reasoning, text: []string{"data"}},
		{types: []string{"signaturedelta"}, kind: silent},
		{types: []string{"reasoning", "reasoningtext"}, kind: Reasoning, text: []string{"summary", "content", "text"}},
		{types: []string{"tooluse", "servertooluse", "mcptooluse", "functioncall", "customtoolcall", "toolcall", "mcpcall"}, word: "type", kind: ToolCall, name: name, text: call},
		{types: []string{"function"}, word: "function", kind: ToolCall, name: name, text: call},
		{types: []string{"inputjsondelta"}, kind: ToolCall, text: []string{"partial_json"}},
		{types: []string{
			"toolresult", "functioncalloutput", "customtoolcalloutput", "websearchtoolresult", "mcptoolresult",
			"codeexecutiontoolresult", "webfetchtoolresult",
		}, word: "type", kind: ToolResult, name: name, text: result},
		{types: []string{"message"}, kind: nested},
		{types: []string{
			"imageurl", "inputimage", "image", "inputaudio", "audio", "document", "file", "inputfile", "video", "videourl", "outputaudio",
			"documenturl", "searchresult", "containerupload",
		}, word: "type", kind: Other},

		{key: "functionCall", word: "functionCall", kind: ToolCall, name: name, text: call},
		{key: "toolUse", word: "toolUse", kind: ToolCall, name: name, text: call},
		{key: "functionResponse", word: "functionResponse", kind: ToolResult, name: name, text: result},
		{key: "toolResult", word: "toolResult", kind: ToolResult, name: name, text: result},
		{key: "reasoningContent", kind: Reasoning, text: []string{"reasoningText.text", "text", "redactedContent"}},
		{key: "guardContent", kind: Words, text: []string{"text.text"}},
		{key: "json", kind: Words},
		{key: "executableCode", word: "executableCode", kind: ToolCall, name: []string{"language"}, text: []string{"code"}},
		{key: "codeExecutionResult", word: "codeExecutionResult", kind: ToolResult, name: []string{"outcome"}, text: []string{"output"}},
		{key: "inlineData", word: "inlineData", kind: Other},
		{key: "fileData", word: "fileData", kind: Other},
		{key: "cachePoint", kind: silent},
		{key: "function", word: "function", kind: ToolCall, name: []string{"name"}, text: []string{"arguments", "parameters"}},
	}
}

// memberRole says what a member of a message is.
type memberRole uint8

const (
	unknownMember memberRole = iota
	contentMember            // text, or pieces
	messageMember            // a message inside
	reasoningMember
	refusalMember
	callsMember // a call, or a list of them
	soundMember // what was said aloud
	besideMember
)

// memberOf knows the members of a message and of an alternative of an answer, by
// folded name. What is no member known here counts as content that is not
// understood, unless it stands beside the message.
func memberOf(name string) memberRole {
	switch name {
	case "content", "parts", "text", "outputtext", "generatedtext", "generation", "completion", "response", "output":
		return contentMember
	case "message", "delta", "data":
		return messageMember
	case "reasoningcontent", "reasoning", "thinking", "thoughts", "toolplan":
		return reasoningMember
	case "refusal":
		return refusalMember
	case "toolcalls", "functioncall", "toolcall":
		return callsMember
	case "audio":
		return soundMember
	}
	if beside(name) {
		return besideMember
	}
	return unknownMember
}

// beside knows what stands beside a message without being part of what it says.
func beside(name string) bool {
	switch name {
	case "role", "author", "name", "id", "index", "type", "status", "object", "created", "model", "phase", "prefix",
		"finishreason", "finishmessage", "stopreason", "stopdetails", "stopsequence", "stop", "donereason", "done", "completionreason", "finishdetails", "matchedstop",
		"logprobs", "logprobsresult", "avglogprobs", "tokenlogprobs", "seed", "tokencount", "tokenids", "promptlogprobs",
		"contentfilterresults", "contentfilterresult", "contentfilteroffsets", "safetyratings", "safetyattributes", "citationmetadata", "groundingmetadata",
		"groundingattributions", "urlcontextmetadata", "annotations", "citations", "cachecontrol", "toolcallid", "tooluseid", "callid",
		"reasoningdetails", "reasoningsignature", "providerspecificfields", "generatedtokencount", "inputtokencount", "timestamp", "createdat", "nativefinishreason",
		"thought", "thoughtsignature", "usage", "weight", "iserror", "contenttype", "encryptedcontent", "isfinished":
		return true
	}
	return false
}
