package payload_test

import (
	"encoding/json"
	"testing"

	"korescope/api"
	"korescope/api/payload"
)

// answered is one documented answer of a provider and what it means.
type answered struct {
	name     string
	response string
	request  string // "" for a plain chat request
	finish   string
	problem  string
	said     string
	in, out  int // 0 for none
}

const plainRequest = `{"messages":[{"role":"user","content":"q"}]}`

func openAI() []answered {
	return []answered{
		{name: "chat", response: `{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}`, finish: "stop", said: "Hi", in: 9, out: 2},
		{name: "chat, parts", response: `{"choices":[{"message":{"content":[{"type":"text","text":"Hi "},{"type":"text","text":"there"}]},"finish_reason":"stop"}]}`, finish: "stop", said: "Hi there"},
		{name: "chat, cut", response: `{"choices":[{"message":{"content":"Hi"},"finish_reason":"length"}]}`, request: `{"messages":[],"max_tokens":512}`, finish: "length", problem: "cut at 512 tokens", said: "Hi"},
		{name: "chat, cut, newer limit", response: `{"choices":[{"message":{"content":"Hi"},"finish_reason":"length"}]}`, request: `{"max_completion_tokens":99}`, finish: "length", problem: "cut at 99 tokens", said: "Hi"},
		{name: "chat, cut, limit not told", response: `{"choices":[{"message":{"content":"Hi"},"finish_reason":"length"}],"usage":{"completion_tokens":40}}`, finish: "length", problem: "cut at 40 tokens", said: "Hi", out: 40},
		{name: "chat, cut, nothing told", response: `{"choices":[{"message":{"content":"Hi"},"finish_reason":"length"}]}`, finish: "length", problem: "cut at the token limit", said: "Hi"},
		{name: "reasoning model cut before it spoke", response: `{"choices":[{"message":{"role":"assistant","content":""},"finish_reason":"length"}]}`, request: `{"max_completion_tokens":100}`, finish: "length", problem: "cut at 100 tokens, nothing visible came"},
		{name: "chat, empty", response: `{"choices":[{"message":{"role":"assistant","content":""},"finish_reason":"stop"}]}`, finish: "stop", problem: "empty answer"},
		{name: "chat, null", response: `{"choices":[{"message":{"role":"assistant","content":null},"finish_reason":"stop"}]}`, finish: "stop", problem: "empty answer"},
		{name: "chat, blanks and unseen characters", response: `{"choices":[{"message":{"role":"assistant","content":"\u200b \n\u2060\ufeff\u3164"},"finish_reason":"stop"}]}`, finish: "stop", problem: "empty answer", said: "\u200b \n\u2060\ufeff\u3164"},
		{name: "chat, no choices", response: `{"choices":[]}`, problem: "empty answer"},
		{name: "chat, tool call", response: `{"choices":[{"message":{"content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"find_order","arguments":"{\"id\":\"40\"}"}}]},"finish_reason":"tool_calls"}]}`, finish: "tool_calls", said: `function find_order({"id":"40"})`},
		{name: "chat, old function call", response: `{"choices":[{"message":{"content":null,"function_call":{"name":"f","arguments":"{}"}},"finish_reason":"function_call"}]}`, finish: "function_call", said: "function_call f({})"},
		{name: "chat, refusal", response: `{"choices":[{"message":{"content":null,"refusal":"I cannot"},"finish_reason":"stop"}]}`, finish: "stop", problem: "refused by the model", said: "I cannot"},
		{name: "chat, filter", response: `{"choices":[{"message":{"content":"x"},"finish_reason":"content_filter"}]}`, finish: "content_filter", problem: "refused by content filter", said: "x"},
		{name: "chat, the worst of three decides", response: `{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"},{"index":1,"message":{"content":"b"},"finish_reason":"length"},{"index":2,"message":{"content":"c"},"finish_reason":"content_filter"}]}`, finish: "content_filter", problem: "refused by content filter", said: "c"},
		{name: "chat, one of two empty", response: `{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"},{"index":1,"message":{"content":""},"finish_reason":"stop"}]}`, finish: "stop", problem: "empty answer"},
		{name: "chat, object content", response: `{"choices":[{"message":{"content":{"bot":"Berth 9", "n":[1, 2]}},"finish_reason":"stop"}]}`, finish: "stop", said: `{"bot":"Berth 9","n":[1,2]}`},
		{name: "chat, sound", response: `{"choices":[{"message":{"content":null,"audio":{"id":"a","data":"AAAA","transcript":"hi"}},"finish_reason":"stop"}]}`, finish: "stop", said: "audio hi"},
		{name: "chat, pictures", response: `{"choices":[{"message":{"content":"","images":[{"image_url":{"url":"data:x"}}]},"finish_reason":"stop"}]}`, finish: "stop", said: `images [{"image_url":{"url":"data:x"}}]`},
		{name: "completion", response: `{"object":"text_completion","choices":[{"text":"Hi","index":0,"logprobs":null,"finish_reason":"stop"}]}`, finish: "stop", said: "Hi"},
		{name: "completion, empty", response: `{"choices":[{"text":"","index":0,"finish_reason":"stop"}]}`, finish: "stop", problem: "empty answer"},
		{name: "gpt-5 refuses max_tokens", response: `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}`, problem: "provider error"},
		{name: "error object", response: `{"error":{"message":"Rate limit","code":"rate_limit_exceeded"}}`, problem: "provider error"},
		{name: "error as a text", response: `{"error":"boom"}`, problem: "provider error"},
		{name: "no error", response: `{"error":null,"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}`, finish: "stop", said: "Hi"},
		{name: "content policy", response: `{"error":{"code":"content_policy_violation","message":"Your request was rejected"}}`, problem: "refused by content filter"},
		{name: "chunks", response: `[{"choices":[{"delta":{"role":"assistant","content":"Good"}}]},{"choices":[{"delta":{"content":" morning"}}]},{"choices":[{"delta":{},"finish_reason":"stop"}]},{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}]`, finish: "stop", said: "Good morning", in: 3, out: 2},
		{name: "chunks, empty", response: `[{"choices":[{"delta":{"role":"assistant","content":""}}]},{"choices":[{"delta":{},"finish_reason":"stop"}]}]`, finish: "stop", problem: "empty answer"},
		{name: "chunks, tool call in pieces", response: `[{"choices":[{"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"1","type":"function","function":{"name":"sum","arguments":""}}]}}]},{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]}}]},{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}},{"index":1,"type":"function","function":{"name":"mul","arguments":"{}"}}]}}]},{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}]`, finish: "tool_calls", said: "function sum({\"a\":1})\nfunction mul({})"},
		{name: "chunks, refusal", response: `[{"choices":[{"delta":{"refusal":"I can"}}]},{"choices":[{"delta":{"refusal":"not"}}]},{"choices":[{"delta":{},"finish_reason":"stop"}]}]`, finish: "stop", problem: "refused by the model", said: "I cannot"},
		{name: "chunks of two choices", response: `[{"choices":[{"index":0,"delta":{"content":"a"}}]},{"choices":[{"index":1,"delta":{"content":"b"}}]},{"choices":[{"index":1,"delta":{},"finish_reason":"length"}]},{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}]`, finish: "length", problem: "cut at the token limit", said: "b"},
		{name: "event stream", response: `"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\" you\"},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n"`, finish: "length", problem: "cut at the token limit", said: "Hi you"},
		{name: "event stream that breaks off", response: `"data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: {\"choi"`, said: "Hi"},
		{name: "JSON in a text", response: `"{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}"`, finish: "stop", said: "Hi"},
		{name: "embeddings", response: `{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,0.2,0.3]}],"usage":{"prompt_tokens":5,"total_tokens":5}}`, said: `[{"object":"embedding","index":0,"embedding":[0.1,0.2,0.3]}]`, in: 5},
		{name: "moderation, clean", response: `{"id":"m","model":"omni","results":[{"flagged":false,"categories":{"hate":false},"category_scores":{"hate":0.01}}]}`, said: "*"},
		{name: "moderation, flagged", response: `{"id":"m","results":[{"flagged":true,"categories":{"violence":true},"category_scores":{"hate":0.01,"violence":0.97}}]}`, problem: "guardrail detected violence 0.97", said: "*"},
		{name: "DeepSeek, reasoning", response: `{"choices":[{"message":{"role":"assistant","content":"4","reasoning_content":"Two and two."},"finish_reason":"stop"}]}`, finish: "stop", said: "4"},
		{name: "reasoning and nothing else", response: `{"choices":[{"message":{"role":"assistant","content":"","reasoning_content":"Two."},"finish_reason":"stop"}]}`, finish: "stop", problem: "no answer, only reasoning came"},
		{name: "DeepSeek, overloaded", response: `{"choices":[{"message":{"role":"assistant","content":"4"},"finish_reason":"insufficient_system_resource"}]}`, finish: "insufficient_system_resource", problem: "provider error insufficient_system_resource", said: "4"},
		{name: "Azure, success with filter results", response: `{"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}],"choices":[{"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}},"finish_reason":"stop","message":{"content":"Hi"}}]}`, finish: "stop", said: "Hi"},
		{name: "Azure, filtered choice without content", response: `{"choices":[{"content_filter_results":{"violence":{"filtered":true,"severity":"high"}},"finish_reason":"content_filter","index":0,"message":{"role":"assistant"}}]}`, finish: "content_filter", problem: "refused by content filter"},
		{name: "Azure, prompt refused", response: `{"error":{"message":"The response was filtered due to the prompt triggering the policy.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}`, problem: "refused by content filter"},
		{name: "Azure, prompt refused, as a text", response: `"{\"error\":{\"message\":\"The response was filtered\",\"code\":\"content_filter\"}}"`, problem: "refused by content filter"},
		{name: "Azure, gateway", response: `{"statusCode":429,"message":"Rate limit is exceeded. Try again in 6 seconds."}`, problem: "provider error"},
		{name: "Responses", response: `{"object":"response","status":"completed","output":[{"type":"reasoning","summary":[]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}],"usage":{"input_tokens":7,"output_tokens":3}}`, finish: "completed", said: "Hi", in: 7, out: 3},
		{name: "Responses, cut", response: `{"object":"response","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}]}`, request: `{"input":"q","max_output_tokens":16}`, finish: "max_output_tokens", problem: "cut at 16 tokens", said: "Hi"},
		{name: "Responses, cut while thinking", response: `{"object":"response","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"reasoning","summary":[]}]}`, request: `{"input":"q","max_output_tokens":16}`, finish: "max_output_tokens", problem: "cut at 16 tokens, nothing visible came"},
		{name: "Responses, filter", response: `{"object":"response","status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}`, finish: "content_filter", problem: "refused by content filter"},
		{name: "Responses, filter, nothing else told", response: `{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}`, finish: "content_filter", problem: "refused by content filter"},
		{name: "Responses, streamed and cut", response: `"data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hel\"}\n\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"lo\"}\n\ndata: {\"type\":\"response.incomplete\",\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}}}\n\n"`, finish: "max_output_tokens", problem: "cut at the token limit", said: "Hello"},
		{name: "Responses, whole, no detail", response: `{"object":"response","status":"completed","incomplete_details":null,"output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}]}`, finish: "completed", said: "Hi"},
		{name: "Responses, refusal", response: `{"object":"response","status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"No."}]}]}`, finish: "completed", problem: "refused by the model", said: "No."},
		{name: "Responses, function call", response: `{"object":"response","status":"completed","output":[{"type":"function_call","name":"f","arguments":"{\"a\":1}","call_id":"c"}]}`, finish: "completed", said: `function_call f({"a":1})`},
		{name: "Responses, empty", response: `{"object":"response","status":"completed","output":[]}`, finish: "completed", problem: "empty answer"},
		{name: "Responses, failed", response: `{"object":"response","status":"failed","error":{"code":"server_error","message":"The model failed"},"output":[]}`, finish: "failed", problem: "provider error"},
		{name: "Responses, streamed", response: `"event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\",\"output\":[]}}\n\nevent: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Good\"}\n\nevent: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\" day\"}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Good day\"}]}],\"usage\":{\"input_tokens\":4,\"output_tokens\":2}}}\n"`, finish: "completed", said: "Good day", in: 4, out: 2},
	}
}

func anthropic() []answered {
	return []answered{
		{name: "messages", response: `{"type":"message","role":"assistant","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":5}}`, finish: "end_turn", said: "Hi", in: 10, out: 5},
		{name: "cut", response: `{"content":[{"type":"text","text":"Hi"}],"stop_reason":"max_tokens"}`, request: `{"max_tokens":64}`, finish: "max_tokens", problem: "cut at 64 tokens", said: "Hi"},
		{name: "window", response: `{"content":[{"type":"text","text":"Hi"}],"stop_reason":"model_context_window_exceeded"}`, request: `{"max_tokens":64000}`, finish: "model_context_window_exceeded", problem: "cut at the end of the model's window", said: "Hi"},
		{name: "empty", response: `{"content":[],"stop_reason":"end_turn"}`, finish: "end_turn", problem: "empty answer"},
		{name: "tool", response: `{"content":[{"type":"text","text":"Let me see."},{"type":"tool_use","id":"t","name":"stock","input":{"z":1,"a":"c<3 & d>4"}}],"stop_reason":"tool_use"}`, finish: "tool_use", said: "Let me see.\ntool_use stock({\"z\":1,\"a\":\"c<3 & d>4\"})"},
		{name: "refusal", response: `{"content":[],"stop_reason":"refusal"}`, finish: "refusal", problem: "refused by the model"},
		{name: "thinking", response: `{"content":[{"type":"thinking","thinking":"They want beans.","signature":"abc"},{"type":"text","text":"Yes."}],"stop_reason":"end_turn"}`, finish: "end_turn", said: "Yes."},
		{name: "pause", response: `{"content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"x"}}],"stop_reason":"pause_turn"}`, finish: "pause_turn", said: `server_tool_use web_search({"query":"x"})`},
		{name: "overloaded", response: `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`, problem: "provider error"},
		{name: "filter", response: `{"type":"error","error":{"type":"invalid_request_error","message":"Output blocked by content filtering policy"}}`, problem: "refused by content filter"},
		{name: "text completion", response: `{"completion":" Hi","stop_reason":"stop_sequence"}`, finish: "stop_sequence", said: " Hi"},
		{name: "text completion, cut", response: `{"completion":" Hi","stop_reason":"max_tokens"}`, request: `{"prompt":"q","max_tokens_to_sample":8}`, finish: "max_tokens", problem: "cut at 8 tokens", said: " Hi"},
		{name: "streamed", response: `[{"type":"message_start","message":{"role":"assistant","content":[],"usage":{"input_tokens":8,"output_tokens":1}}},{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}},{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Good"}},{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" day"}},{"type":"content_block_stop","index":0},{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}},{"type":"message_stop"}]`, finish: "end_turn", said: "Good day", in: 8, out: 4},
		{name: "streamed, tool", response: `"event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"stock\",\"input\":{}}}\n\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":\"}}\n\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"1}\"}}\n\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}\n"`, finish: "tool_use", said: `tool_use stock({"a":1})`},
		{name: "streamed, empty", response: `[{"type":"message_start","message":{"role":"assistant","content":[]}},{"type":"message_delta","delta":{"stop_reason":"end_turn"}},{"type":"message_stop"}]`, finish: "end_turn", problem: "empty answer"},
		{name: "streamed, overloaded", response: `[{"type":"message_start","message":{"role":"assistant","content":[]}},{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}]`, problem: "provider error"},
		{name: "Claude on Bedrock, guardrail", response: `{"type":"message","content":[{"type":"text","text":"Sorry, I cannot help."}],"stop_reason":"end_turn","amazon-bedrock-guardrailAction":"INTERVENED"}`, finish: "end_turn", problem: "guardrail intervened", said: "Sorry, I cannot help."},
	}
}

func google() []answered {
	return []answered{
		{name: "Vertex, predictions of a chat", response: `{"predictions":[{"candidates":[{"author":"1","content":"Hi there"}],"safetyAttributes":[{"blocked":false}]}]}`, said: "Hi there"},
		{name: "gemini", response: `{"candidates":[{"content":{"role":"model","parts":[{"text":"Yes, "},{"text":"it is."}]},"finishReason":"STOP","index":0,"safetyRatings":[{"category":"X","probability":"NEGLIGIBLE"}]}],"usageMetadata":{"promptTokenCount":77,"candidatesTokenCount":12,"totalTokenCount":89},"modelVersion":"g"}`, finish: "STOP", said: "Yes, it is.", in: 77, out: 12},
		{name: "cut", response: `{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"MAX_TOKENS"}]}`, request: `{"contents":[],"generationConfig":{"maxOutputTokens":7}}`, finish: "MAX_TOKENS", problem: "cut at 7 tokens", said: "Hi"},
		{name: "cut while thinking", response: `{"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS","index":0}]}`, request: `{"generationConfig":{"maxOutputTokens":7}}`, finish: "MAX_TOKENS", problem: "cut at 7 tokens, nothing visible came"},
		{name: "prompt blocked", response: `{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9}}`, finish: "PROHIBITED_CONTENT", problem: "refused by content filter", in: 9},
		{name: "prompt blocked, other", response: `{"promptFeedback":{"blockReason":"OTHER"}}`, finish: "OTHER", problem: "refused by content filter"},
		{name: "safety", response: `{"candidates":[{"finishReason":"SAFETY","index":0,"safetyRatings":[{"category":"H","probability":"HIGH","blocked":true}]}]}`, finish: "SAFETY", problem: "refused by content filter"},
		{name: "recitation", response: `{"candidates":[{"finishReason":"RECITATION"}]}`, finish: "RECITATION", problem: "refused by content filter"},
		{name: "spii", response: `{"candidates":[{"content":{"parts":[{"text":"Your number is"}]},"finishReason":"SPII"}]}`, finish: "SPII", problem: "refused by content filter", said: "Your number is"},
		{name: "malformed call", response: `{"candidates":[{"content":{},"finishReason":"MALFORMED_FUNCTION_CALL"}]}`, finish: "MALFORMED_FUNCTION_CALL", problem: "provider error MALFORMED_FUNCTION_CALL"},
		{name: "function call", response: `{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"book","args":{"boat":"Tern"}}}]},"finishReason":"STOP"}]}`, finish: "STOP", said: `functionCall book({"boat":"Tern"})`},
		{name: "inline data", response: `{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},"finishReason":"STOP"}]}`, finish: "STOP", said: `inlineData {"mimeType":"image/png","data":"AAAA"}`},
		{name: "thought apart", response: `{"candidates":[{"content":{"parts":[{"text":"Hm.","thought":true},{"text":"Four."}]},"finishReason":"STOP"}]}`, finish: "STOP", said: "Four."},
		{name: "empty", response: `{"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP"}]}`, finish: "STOP", problem: "empty answer"},
		{name: "no content", response: `{"candidates":[{"finishReason":"STOP","index":0}]}`, finish: "STOP", problem: "empty answer"},
		{name: "error", response: `{"error":{"code":429,"message":"Resource has been exhausted","status":"RESOURCE_EXHAUSTED"}}`, problem: "provider error"},
		{name: "error of a stream", response: `[{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}]`, problem: "provider error"},
		{name: "streamed", response: `[{"candidates":[{"content":{"role":"model","parts":[{"text":"Good"}]},"index":0}]},{"candidates":[{"content":{"role":"model","parts":[{"text":" day"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2}}]`, finish: "STOP", said: "Good day", in: 3, out: 2},
		{name: "streamed events", response: `"data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Good\"}]}}]}\r\n\r\ndata: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\" day\"}]},\"finishReason\":\"STOP\"}]}\r\n\r\n"`, finish: "STOP", said: "Good day"},
		{name: "underlined names", response: `{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finish_reason":"STOP"}],"usage_metadata":{"prompt_token_count":4,"candidates_token_count":1}}`, finish: "STOP", said: "Hi", in: 4, out: 1},
		{name: "Vertex PaLM text", response: `{"predictions":[{"content":"Hi","safetyAttributes":{"blocked":false,"scores":[]},"citationMetadata":{"citations":[]}}],"metadata":{"tokenMetadata":{"inputTokenCount":{"totalTokens":4},"outputTokenCount":{"totalTokens":1}}}}`, said: "Hi", in: 4, out: 1},
		{name: "Vertex PaLM text, blocked", response: `{"predictions":[{"content":"","safetyAttributes":{"blocked":true,"errors":[250]}}]}`, problem: "refused by content filter"},
		{name: "Vertex PaLM chat", response: `{"predictions":[{"candidates":[{"author":"1","content":"Hi"}],"safetyAttributes":[{"blocked":false}]}]}`, said: "*"},
		{name: "Vertex, texts", response: `{"predictions":["Hi"]}`, said: "Hi"},
		{name: "Vertex embedding", response: `{"predictions":[{"embeddings":{"values":[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9],"statistics":{"token_count":4}}}]}`, said: "embedding of 9 numbers"},
		{name: "Gemini embedding", response: `{"embedding":{"values":[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9]}}`, said: "embedding of 9 numbers"},
	}
}

func bedrock() []answered {
	return []answered{
		{name: "Converse", response: `{"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"end_turn","usage":{"inputTokens":5,"outputTokens":1,"totalTokens":6},"metrics":{"latencyMs":300}}`, finish: "end_turn", said: "Hi", in: 5, out: 1},
		{name: "Converse, cut", response: `{"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"max_tokens"}`, request: `{"messages":[],"inferenceConfig":{"maxTokens":20}}`, finish: "max_tokens", problem: "cut at 20 tokens", said: "Hi"},
		{name: "Converse, guardrail", response: `{"output":{"message":{"role":"assistant","content":[{"text":"Blocked by policy."}]}},"stopReason":"guardrail_intervened"}`, finish: "guardrail_intervened", problem: "guardrail intervened", said: "Blocked by policy."},
		{name: "Converse, filter", response: `{"output":{"message":{"role":"assistant","content":[]}},"stopReason":"content_filtered"}`, finish: "content_filtered", problem: "refused by content filter"},
		{name: "Converse, tool", response: `{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"stock","input":{"item":"beans"}}}]}},"stopReason":"tool_use"}`, finish: "tool_use", said: `toolUse stock({"item":"beans"})`},
		{name: "Converse, reasoning", response: `{"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"s"}}},{"text":"Four."}]}},"stopReason":"end_turn"}`, finish: "end_turn", said: "Four."},
		{name: "Converse, empty", response: `{"output":{"message":{"role":"assistant","content":[]}},"stopReason":"end_turn"}`, finish: "end_turn", problem: "empty answer"},
		{name: "Converse, malformed", response: `{"output":{"message":{"role":"assistant","content":[]}},"stopReason":"malformed_tool_use"}`, finish: "malformed_tool_use", problem: "provider error malformed_tool_use"},
		{name: "Converse, streamed", response: `[{"messageStart":{"role":"assistant"}},{"contentBlockDelta":{"delta":{"text":"Good"},"contentBlockIndex":0}},{"contentBlockDelta":{"delta":{"text":" day"},"contentBlockIndex":0}},{"contentBlockStop":{"contentBlockIndex":0}},{"messageStop":{"stopReason":"end_turn"}},{"metadata":{"usage":{"inputTokens":5,"outputTokens":2},"metrics":{"latencyMs":1}}}]`, finish: "end_turn", said: "Good day", in: 5, out: 2},
		{name: "Converse, tool streamed", response: `[{"contentBlockStart":{"start":{"toolUse":{"toolUseId":"t","name":"stock"}},"contentBlockIndex":1}},{"contentBlockDelta":{"delta":{"toolUse":{"input":"{\"a\""}},"contentBlockIndex":1}},{"contentBlockDelta":{"delta":{"toolUse":{"input":":1}"}},"contentBlockIndex":1}},{"messageStop":{"stopReason":"tool_use"}}]`, finish: "tool_use", said: `toolUse stock({"a":1})`},
		{name: "Converse, throttled", response: `[{"throttlingException":{"message":"Too many requests"}}]`, problem: "provider error"},
		{name: "error", response: `{"__type":"com.amazon.coral.service#ThrottlingException","message":"Too many tokens"}`, problem: "provider error"},
		{name: "Titan", response: `{"inputTextTokenCount":4,"results":[{"tokenCount":6,"outputText":"Herons are tall.","completionReason":"FINISH"}]}`, finish: "FINISH", said: "Herons are tall.", in: 4, out: 6},
		{name: "Titan, cut", response: `{"inputTextTokenCount":4,"results":[{"tokenCount":12,"outputText":"Herons are","completionReason":"LENGTH"}]}`, request: `{"inputText":"q","textGenerationConfig":{"maxTokenCount":12}}`, finish: "LENGTH", problem: "cut at 12 tokens", said: "Herons are", in: 4, out: 12},
		{name: "Titan, filter", response: `{"inputTextTokenCount":4,"results":[{"tokenCount":0,"outputText":"","completionReason":"CONTENT_FILTERED"}]}`, finish: "CONTENT_FILTERED", problem: "refused by content filter", in: 4},
		{name: "Titan, empty", response: `{"inputTextTokenCount":4,"results":[{"tokenCount":3,"outputText":"\n","completionReason":"FINISH"}]}`, finish: "FINISH", problem: "empty answer", said: "\n", in: 4, out: 3},
		{name: "Titan, streamed", response: `[{"outputText":"Good","index":0,"totalOutputTextTokenCount":null,"completionReason":null,"inputTextTokenCount":4},{"outputText":" day","index":0,"totalOutputTextTokenCount":2,"completionReason":"FINISH","inputTextTokenCount":null}]`, finish: "FINISH", said: "Good day", in: 4, out: 2},
		{name: "Titan embedding", response: `{"embedding":[0.1,0.2],"inputTextTokenCount":4}`, said: "[0.1,0.2]", in: 4},
		{name: "Mistral", response: `{"outputs":[{"text":"A wren is small.","stop_reason":"stop"}]}`, finish: "stop", said: "A wren is small."},
		{name: "Mistral, cut", response: `{"outputs":[{"text":"A wren","stop_reason":"length"}]}`, request: `{"prompt":"q","max_tokens":9}`, finish: "length", problem: "cut at 9 tokens", said: "A wren"},
		{name: "Mistral chat on Bedrock", response: `{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi","prefix":false},"stop_reason":"stop"}]}`, finish: "stop", said: "Hi"},
		{name: "Llama", response: `{"generation":"Hi","prompt_token_count":5,"generation_token_count":1,"stop_reason":"stop"}`, finish: "stop", said: "Hi", in: 5, out: 1},
		{name: "Llama, cut", response: `{"generation":"Hi","stop_reason":"length"}`, request: `{"prompt":"q","max_gen_len":3}`, finish: "length", problem: "cut at 3 tokens", said: "Hi"},
		{name: "Llama, empty", response: `{"generation":"","prompt_token_count":5,"generation_token_count":1,"stop_reason":"stop"}`, finish: "stop", problem: "empty answer", in: 5, out: 1},
		{name: "Llama, streamed", response: `[{"generation":"Good","prompt_token_count":5,"stop_reason":null},{"generation":" day","prompt_token_count":null,"stop_reason":"stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":5,"outputTokenCount":2}}]`, finish: "stop", said: "Good day", in: 5, out: 2},
		{name: "ApplyGuardrail, stepped in", response: `{"action":"GUARDRAIL_INTERVENED","outputs":[{"text":"No."}],"assessments":[{"topicPolicy":{}}]}`, problem: "guardrail detected", said: "*"},
		{name: "ApplyGuardrail, clean", response: `{"action":"NONE","outputs":[],"assessments":[]}`, said: "*"},
	}
}

func others() []answered {
	return []answered{
		{name: "Cohere v1", response: `{"text":"A wren is small.","generation_id":"g","finish_reason":"COMPLETE","meta":{"tokens":{"input_tokens":6,"output_tokens":9}}}`, finish: "COMPLETE", said: "A wren is small.", in: 6, out: 9},
		{name: "Cohere v1, cut", response: `{"text":"A wren","finish_reason":"MAX_TOKENS","meta":{"billed_units":{"input_tokens":6,"output_tokens":9}}}`, request: `{"message":"q","max_tokens":9}`, finish: "MAX_TOKENS", problem: "cut at 9 tokens", said: "A wren", in: 6, out: 9},
		{name: "Cohere v1, toxic", response: `{"text":"","finish_reason":"ERROR_TOXIC"}`, finish: "ERROR_TOXIC", problem: "refused by content filter"},
		{name: "Cohere v1, tool", response: `{"text":"","tool_calls":[{"name":"stock","parameters":{"item":"beans"}}],"finish_reason":"COMPLETE"}`, finish: "COMPLETE", said: `stock({"item":"beans"})`},
		{name: "Cohere v1, streamed", response: `"{\"is_finished\":false,\"event_type\":\"stream-start\",\"generation_id\":\"g\"}\n{\"is_finished\":false,\"event_type\":\"text-generation\",\"text\":\"Good\"}\n{\"is_finished\":false,\"event_type\":\"text-generation\",\"text\":\" day\"}\n{\"is_finished\":true,\"event_type\":\"stream-end\",\"finish_reason\":\"COMPLETE\",\"response\":{\"text\":\"Good day\",\"finish_reason\":\"COMPLETE\",\"meta\":{\"tokens\":{\"input_tokens\":3,\"output_tokens\":2}}}}"`, finish: "COMPLETE", said: "Good day", in: 3, out: 2},
		{name: "Cohere generate", response: `{"generations":[{"id":"g","text":"Hi","finish_reason":"COMPLETE"}],"prompt":"q"}`, finish: "COMPLETE", said: "Hi"},
		{name: "Cohere v2", response: `{"id":"c2","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"text","text":"A wren is small."}]},"usage":{"billed_units":{"input_tokens":1,"output_tokens":2},"tokens":{"input_tokens":5,"output_tokens":6}}}`, finish: "COMPLETE", said: "A wren is small.", in: 5, out: 6},
		{name: "Cohere v2, empty", response: `{"id":"c2","finish_reason":"COMPLETE","message":{"role":"assistant","content":[]}}`, finish: "COMPLETE", problem: "empty answer"},
		{name: "Cohere v2, tool", response: `{"finish_reason":"TOOL_CALL","message":{"role":"assistant","tool_plan":"I will look.","tool_calls":[{"id":"t","type":"function","function":{"name":"stock","arguments":"{\"item\":\"beans\"}"}}]}}`, finish: "TOOL_CALL", said: `function stock({"item":"beans"})`},
		{name: "Cohere v2, streamed", response: `[{"type":"message-start","delta":{"message":{"role":"assistant"}}},{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}},{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Good"}}}},{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":" day"}}}},{"type":"content-end","index":0},{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"tokens":{"input_tokens":3,"output_tokens":2}}}}]`, finish: "COMPLETE", said: "Good day", in: 3, out: 2},
		{name: "Cohere classify", response: `{"classifications":[{"input":"x","prediction":"spam","confidence":0.9,"labels":{"spam":{"confidence":0.9}}}]}`, said: "spam 0.9"},
		{name: "Cohere embed", response: `{"id":"e","texts":["a"],"embeddings":[[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9]],"meta":{"billed_units":{"input_tokens":2}}}`, said: "embedding of 9 numbers", in: 2},
		{name: "Cohere rerank", response: `{"results":[{"index":1,"relevance_score":0.98},{"index":0,"relevance_score":0.11}]}`, said: `[{"index":1,"relevance_score":0.98},{"index":0,"relevance_score":0.11}]`},
		{name: "Cohere error", response: `{"message":"invalid request: message must be at least 1 token long","status":400}`, problem: "provider error"},
		{name: "Ollama chat", response: `{"model":"llama3","created_at":"t","message":{"role":"assistant","content":"Hi"},"done":true,"done_reason":"stop","prompt_eval_count":11,"eval_count":3}`, finish: "stop", said: "Hi", in: 11, out: 3},
		{name: "Ollama chat, cut", response: `{"message":{"role":"assistant","content":"Hi"},"done":true,"done_reason":"length"}`, request: `{"messages":[],"options":{"num_predict":4}}`, finish: "length", problem: "cut at 4 tokens", said: "Hi"},
		{name: "Ollama chat, tool", response: `{"message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"stock","arguments":{"item":"beans"}}}]},"done":true,"done_reason":"stop"}`, finish: "stop", said: `stock({"item":"beans"})`},
		{name: "Ollama generate", response: `{"response":"Hi","done":true,"done_reason":"stop","context":[1,2],"prompt_eval_count":4,"eval_count":2}`, finish: "stop", said: "Hi", in: 4, out: 2},
		{name: "Ollama generate, empty", response: `{"response":"","done":true,"done_reason":"load"}`, finish: "load", problem: "empty answer"},
		{name: "Ollama, streamed", response: `"{\"message\":{\"role\":\"assistant\",\"content\":\"Good\"},\"done\":false}\n{\"message\":{\"role\":\"assistant\",\"content\":\" day\"},\"done\":false}\n{\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"eval_count\":2}"`, finish: "stop", said: "Good day", out: 2},
		{name: "Ollama error", response: `{"error":"model \"x\" not found, try pulling it first"}`, problem: "provider error"},
		{name: "AI21 Jurassic", response: `{"id":1,"prompt":{"text":"q","tokens":[]},"completions":[{"data":{"text":"Hi","tokens":[]},"finishReason":{"reason":"endoftext"}}]}`, finish: "endoftext", said: "Hi"},
		{name: "AI21 Jurassic, cut", response: `{"completions":[{"data":{"text":"Hi"},"finishReason":{"reason":"length","length":6}}]}`, request: `{"prompt":"q","maxTokens":6}`, finish: "length", problem: "cut at 6 tokens", said: "Hi"},
		{name: "AI21 Jamba", response: `{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi","tool_calls":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`, finish: "stop", said: "Hi", in: 3, out: 1},
		{name: "watsonx", response: `{"model_id":"m","results":[{"generated_text":"Hi","generated_token_count":2,"input_token_count":5,"stop_reason":"max_tokens"}]}`, request: `{"input":"q","parameters":{"max_new_tokens":2}}`, finish: "max_tokens", problem: "cut at 2 tokens", said: "Hi", in: 5, out: 2},
		{name: "Hugging Face", response: `[{"generated_text":"Hi"}]`, said: "Hi"},
		{name: "Hugging Face, details", response: `{"generated_text":"Hi","details":{"finish_reason":"length","generated_tokens":20}}`, request: `{"inputs":"q","parameters":{"max_new_tokens":20}}`, finish: "length", problem: "cut at 20 tokens", said: "Hi", out: 20},
		{name: "Hugging Face, streamed", response: `"data:{\"index\":1,\"token\":{\"id\":1,\"text\":\"Good\",\"special\":false},\"generated_text\":null}\n\ndata:{\"index\":2,\"token\":{\"id\":2,\"text\":\" day\",\"special\":false},\"generated_text\":\"Good day\",\"details\":{\"finish_reason\":\"eos_token\",\"generated_tokens\":2}}\n\n"`, finish: "eos_token", said: "Good day", out: 2},
		{name: "Replicate", response: `{"id":"p","status":"succeeded","output":["Good"," day"]}`, finish: "succeeded", said: "Good day"},
		{name: "Cloudflare", response: `{"result":{"response":"Hi"},"success":true,"errors":[],"messages":[]}`, said: "Hi"},
		{name: "hosted by the platform", response: `{"result":{"output":"Our shops are open.","answerable":true,"confidence":0.93},"engine":"XO-GPT"}`, said: "Our shops are open."},
		{name: "classifier", response: `[{"label":"greeting","score":0.93},{"label":"bye","score":0.07}]`, said: "greeting 0.93\nbye 0.07"},
		{name: "classifier, one list for each text", response: `[[{"label":"injection","score":0.93}]]`, said: "injection 0.93"},
		{name: "zero-shot classifier", response: `{"sequence":"x","labels":["a","b"],"scores":[0.7,0.3]}`, said: "a 0.7\nb 0.3"},
		{name: "vector", response: `[[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9],[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9]]`, said: "2 embeddings of 9 numbers"},
		{name: "scanner, clean", response: `{"is_valid":true,"scanners":{"Toxicity":0.0},"sanitized_prompt":"q"}`, said: "*"},
		{name: "scanner, hit", response: `{"is_valid":false,"scanners":{"Toxicity":0.97,"Secrets":0.1}}`, problem: "guardrail detected Toxicity 0.97", said: "*"},
		{name: "scanner, risk", response: `{"is_valid":false,"risk_score":0.8}`, problem: "guardrail detected 0.8", said: "*"},
		{name: "violation", response: `{"violation":false}`, said: "violation false"},
		{name: "prompt shield", response: `{"userPromptAnalysis":{"attackDetected":true},"documentsAnalysis":[]}`, problem: "guardrail detected", said: "*"},
		{name: "text", response: `"Hi"`, said: "Hi"},
		{name: "text that is blank", response: `" \u200b"`, problem: "empty answer", said: " \u200b"},
		{name: "empty text", response: `""`, problem: "empty answer"},
		{name: "JSON as a text", response: `"{\"bot\":\"Which order?\"}"`, said: `{"bot":"Which order?"}`},
		{name: "false", response: `false`, said: "false"},
		{name: "number", response: `7`, said: "7"},
		{name: "null", response: `null`, problem: "no answer"},
		{name: "nothing", response: ``, problem: "no answer"},
		{name: "no shape at all", response: `{"answer_of_ours":{"x":1}}`},
		{name: "a shape that holds nothing", response: `{"answer_of_ours":{"x":null},"y":[]}`},
	}
}

func TestAnswersOfEveryProvider(t *testing.T) {
	rows := 0
	for provider, all := range map[string][]answered{"OpenAI": openAI(), "Anthropic": anthropic(), "Google": google(), "Bedrock": bedrock(), "others": others()} {
		for _, tt := range all {
			rows++
			request := tt.request
			if request == "" {
				request = plainRequest
			}
			if tt.response != "" && !json.Valid([]byte(tt.response)) {
				t.Fatalf("%s, %s: the response of the table is no JSON", provider, tt.name)
			}
			r := payload.Read(api.LLMCall{Request: []byte(request), Response: []byte(tt.response)})
			said := r.Said()
			if tt.said == "*" && said != "" {
				said = "*"
			}
			if r.Finish != tt.finish || r.Problem != tt.problem || said != tt.said || r.In.Value != tt.in || r.Out.Value != tt.out {
				t.Errorf("%s, %s:\n got %q, %q, %q, %d>%d\nwant %q, %q, %q, %d>%d", provider, tt.name,
					r.Finish, r.Problem, said, r.In.Value, r.Out.Value, tt.finish, tt.problem, tt.said, tt.in, tt.out)
			}
		}
	}
	if rows < 150 {
		t.Errorf("only %d rows", rows)
	}
}
