package viewtest

import (
	"encoding/json"

	"korescope/api"
)

// Payload is a kind of request and response.
type Payload string

// The kinds of payload.
const (
	OpenAI    Payload = "openai"
	Anthropic Payload = "anthropic"
	BareText  Payload = "string"
	CutJSON   Payload = "cut"
	NoAnswer  Payload = "null"
	OddShape  Payload = "odd"
	Nothing   Payload = "none"
)

const chatRequest = `{
  "model": "gpt-4o",
  "temperature": 0.2,
  "max_tokens": 512,
  "messages": [
    {"role": "system", "content": "You help customers of a shop.\nNever promise a date.\nAnswer as JSON with the keys bot, collected and end."},
    {"role": "user", "content": "my parcel never came, I want my money back"},
    {"role": "assistant", "content": "{\"bot\":\"Which order is it?\",\"collected\":[],\"end\":false}"},
    {"role": "user", "content": "40718 👍 ครับ"}
  ],
  "tools": [{"type": "function", "function": {"name": "find_order", "parameters": {"type": "object"}}}]
}`

const earlierRequest = `{
  "model": "gpt-4o",
  "temperature": 0.7,
  "max_tokens": 512,
  "messages": [
    {"role": "system", "content": "You help customers of a shop.\nAlways be brief.\nAnswer as JSON with the keys bot, collected and end."},
    {"role": "user", "content": "my parcel never came, I want my money back"}
  ],
  "tools": [{"type": "function", "function": {"name": "find_order", "parameters": {"type": "object"}}}]
}`

const chatAnswer = `{"id":"cmpl-77","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant",` +
	`"content":"{\"bot\":\"Order 40718 left on Monday and is lost. Shall I send the money back?\",\"collected\":[\"order\"],\"end\":false}"}}],` +
	`"usage":{"prompt_tokens":1204,"completion_tokens":88}}`

const earlierAnswer = `{"id":"cmpl-76","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant",` +
	`"content":"{\"bot\":\"Which order is it?\",\"collected\":[],\"end\":false}"}}]}`

const cutAnswer = `{"id":"cmpl-78","choices":[{"index":0,"finish_reason":"length","message":{"role":"assistant",` +
	`"content":"{\"bot\":\"Order 40718 left the wareh`

const messagesRequest = `{"model":"claude-sonnet","max_tokens":4096,"system":"You help customers of a shop.",` +
	`"messages":[{"role":"user","content":[{"type":"text","text":"my parcel never came"},{"type":"image","source":{"media_type":"image/png"}}]}]}`

const messagesAnswer = `{"id":"msg_77","role":"assistant","stop_reason":"end_turn","content":[{"type":"text","text":"Which order is it?"}]}`

const oddRequest = `{"rows":[["order","40718"],["colour","blue"]],"mode":"rank"}`

// WithPayload gives the call a request and a response of that kind.
func WithPayload(c api.LLMCall, p Payload) api.LLMCall {
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	switch p {
	case OpenAI:
		c.Request, c.Response = raw(chatRequest), raw(chatAnswer)
		c.Guardrails = []api.Guardrail{
			{Name: "toxicity", Outcome: "Not Detected", Risk: api.Known(0.02)}, {Name: "prompt injection", Outcome: "Detected", Risk: api.Known(0.91)},
			{Name: "topics", Outcome: "Not Applicable"},
		}
	case Anthropic:
		c.Request, c.Response = raw(messagesRequest), raw(messagesAnswer)
		c.Model, c.Finish = "claude-sonnet", "end_turn"
	case BareText:
		c.Request, c.Response = raw(`"Say hello in Thai."`), raw(`"สวัสดีครับ"`)
	case CutJSON:
		c.Request, c.Response = raw(chatRequest), raw(cutAnswer)
		c.Finish, c.Problem = "length", "cut at 4096 tokens"
	case NoAnswer:
		c.Request, c.Response = raw(chatRequest), raw(`null`)
		c.Finish, c.Problem = "", "empty answer"
	case OddShape:
		c.Request, c.Response = raw(oddRequest), raw(`[0.7,0.3]`)
	case Nothing:
		c.Request, c.Response = nil, nil
	}
	return c
}

// Earlier is the call before Call(s, n) of the same conversation.
func Earlier(s api.Session, n int) api.LLMCall {
	c := Call(s, n)
	c.Request, c.Response = json.RawMessage(earlierRequest), json.RawMessage(earlierAnswer)
	return c
}
