package views

import (
	"encoding/json"
	"slices"
	"sort"
	"strings"

	"korescope/api"
)

// ChatMessage is one message of a model call in reading order.
type ChatMessage struct {
	Role string // system, user, assistant, tool, or the provider's own word
	Name string // of the tool, when there is one
	Text string // as sent; parts joined, tool calls as JSON
}

// Chat is a model call as a conversation: what was sent and what came back.
type Chat struct {
	Asked    []ChatMessage
	Answer   []ChatMessage
	Settings map[string]string // everything in the request that is no message
	// Shape is false when the payload is of no shape known here: then only the
	// raw view tells the truth.
	Shape bool
}

// ReadChat extracts the messages of the usual request and answer shapes: chat
// and completion (OpenAI, Azure), messages (Anthropic), a bare prompt, a bare
// string. It never fails: what it does not understand it leaves to the raw view.
func ReadChat(c api.LLMCall) Chat {
	chat := Chat{Settings: map[string]string{}}
	var request map[string]json.RawMessage
	if json.Unmarshal(c.Request, &request) == nil {
		chat.readRequest(request)
	} else if s, ok := asString(c.Request); ok {
		chat.Asked = []ChatMessage{{Role: "prompt", Text: s}}
	}
	chat.readAnswer(c.Response)
	chat.Shape = len(chat.Asked) > 0 || len(chat.Answer) > 0
	return chat
}

func (c *Chat) readRequest(request map[string]json.RawMessage) {
	for _, key := range []string{"system", "prompt", "input"} {
		if raw, ok := request[key]; ok {
			if s := contentText(raw); s != "" {
				c.Asked = append(c.Asked, ChatMessage{Role: key, Text: s})
				delete(request, key)
			}
		}
	}
	if raw, ok := request["messages"]; ok {
		var list []map[string]json.RawMessage
		if json.Unmarshal(raw, &list) == nil {
			for _, m := range list {
				c.Asked = append(c.Asked, chatMessage(m))
			}
			delete(request, "messages")
		}
	}
	for key, raw := range request {
		c.Settings[key] = compact(raw)
		if secretField(key) {
			c.Settings[key] = dots // as in the tree, whatever the profile says
		}
	}
}

func chatMessage(m map[string]json.RawMessage) ChatMessage {
	role, _ := asString(m["role"])
	name, _ := asString(m["name"])
	out := ChatMessage{Role: role, Name: name, Text: contentText(m["content"])}
	if calls, ok := m["tool_calls"]; ok {
		out.Text = strings.TrimSpace(out.Text + "\n" + compact(calls))
	}
	return out
}

// readAnswer takes the answer's text from wherever the provider puts it.
func (c *Chat) readAnswer(raw json.RawMessage) {
	if s, ok := asString(raw); ok {
		if s != "" {
			c.Answer = append(c.Answer, ChatMessage{Role: "assistant", Text: s})
		}
		return
	}
	var answer map[string]json.RawMessage
	if json.Unmarshal(raw, &answer) != nil {
		return
	}
	var choices []map[string]json.RawMessage
	if json.Unmarshal(answer["choices"], &choices) == nil {
		for _, choice := range choices {
			var m map[string]json.RawMessage
			if json.Unmarshal(choice["message"], &m) == nil && m != nil {
				c.Answer = append(c.Answer, chatMessage(m))
			} else if s, ok := asString(choice["text"]); ok {
				c.Answer = append(c.Answer, ChatMessage{Role: "assistant", Text: s})
			}
		}
		return
	}
	if s := contentText(answer["content"]); s != "" {
		c.Answer = append(c.Answer, ChatMessage{Role: "assistant", Text: s})
	}
	if e, ok := answer["error"]; ok {
		c.Answer = append(c.Answer, ChatMessage{Role: "error", Text: compact(e)})
	}
}

// contentText is the text of a content field: a string, or a list of parts of
// which the texts are joined and the rest kept as JSON.
func contentText(raw json.RawMessage) string {
	if s, ok := asString(raw); ok {
		return s
	}
	var parts []map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		return ""
	}
	var out []string
	for _, p := range parts {
		if s, ok := asString(p["text"]); ok {
			out = append(out, s)
			continue
		}
		b, err := json.Marshal(p)
		if err == nil {
			out = append(out, string(b))
		}
	}
	return strings.Join(out, "\n")
}

func asString(raw json.RawMessage) (string, bool) {
	var s string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	return s, true
}

func compact(raw json.RawMessage) string {
	s := strings.TrimSpace(string(raw))
	if unquoted, ok := asString(json.RawMessage(s)); ok {
		return unquoted
	}
	return s
}

// SettingNames lists the settings in order, the ones people look for first.
func (c Chat) SettingNames() []string {
	first := []string{"model", "temperature", "max_tokens", "max_completion_tokens", "top_p"}
	var rest []string
	for name := range c.Settings {
		if !slices.Contains(first, name) {
			rest = append(rest, name)
		}
	}
	sort.Strings(rest)
	var out []string
	for _, name := range first {
		if _, ok := c.Settings[name]; ok {
			out = append(out, name)
		}
	}
	return append(out, rest...)
}
