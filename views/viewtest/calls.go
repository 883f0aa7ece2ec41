package viewtest

import (
	"encoding/json"
	"fmt"
	"time"

	"korescope/api"
)

// CallRoom is the id space of the invented model calls.
func CallRoom(n int) api.CallID { return api.CallID(fmt.Sprintf("c4a11%011x", n)) }

// Call is an ordinary model call of the session, n seconds after its start.
func Call(s api.Session, n int) api.LLMCall {
	at := s.Start.Add(time.Duration(n) * time.Second)
	return api.LLMCall{
		ID: CallRoom(n), Session: s.ID, Bot: s.Bot, User: s.User, Start: at, End: at.Add(1800 * time.Millisecond),
		TimeTaken: api.Known(int64(1800)), Status: "Success", StatusCode: api.Known(200),
		Feature: "GenAI Node", Prompt: "refund_dialog", Integration: "Azure OpenAI", Model: "gpt-4o",
		Channel: s.Channel, Task: "dg-0071", Description: "Refund - Ask for the order",
		RequestTokens: api.Known(1204), ResponseTokens: api.Known(88), Finish: "stop",
	}
}

// Calls are the model calls around Messages, newest first: joined by id and by
// user and time, failed, cut, without tokens, unreadable, and two of others.
func Calls() []api.LLMCall {
	s := Told()
	plain := Call(s, 23)
	slow := Call(s, 59)
	slow.TimeTaken, slow.End = api.Known(int64(14_900)), slow.Start.Add(14_900*time.Millisecond)
	byUser := Call(s, 91)
	byUser.Session, byUser.Prompt, byUser.Description = "", "Default", "Refund - Detect language"
	byUser.RequestTokens, byUser.ResponseTokens = api.Maybe[int]{}, api.Maybe[int]{}
	failed := Call(s, 111)
	failed.Status, failed.StatusCode, failed.Finish = "Failure", api.Known(429), ""
	failed.Problem, failed.ResponseTokens = "provider error 429", api.Maybe[int]{}
	cut := Call(s, 121)
	cut.Finish, cut.Problem = "length", "cut at 4096 tokens"
	cut.Model, cut.ResponseTokens = "claude-sonnet", api.Known(4096)
	unreadable := api.LLMCall{
		ID: CallRoom(130), Session: s.ID, Start: s.Start.Add(130 * time.Second), Unreadable: "Payload Details is a list",
	}
	other := Call(s, 60)
	other.ID, other.Session, other.User = CallRoom(900), SessionRoom(8), UserRoom(8)
	stranger := Call(s, 92)
	stranger.ID, stranger.Session, stranger.User = CallRoom(901), "", UserRoom(9)
	return []api.LLMCall{unreadable, cut, failed, stranger, byUser, other, slow, plain}
}

// WindowCalls are forty calls of a day, newest first, every seventh with a
// problem, and one of each odd kind.
func WindowCalls() []api.LLMCall {
	var out []api.LLMCall
	for i := range 40 {
		s := ordinary(i%9, Noon().Add(-time.Duration(i*11)*time.Minute))
		c := Call(s, 3)
		c.ID = CallRoom(2000 + i)
		c.TimeTaken = api.Known(int64(300 + i*i*37%21_000))
		c.Model = []string{"gpt-4o", "gpt-4o-mini", "claude-sonnet"}[i%3]
		c.RequestTokens, c.ResponseTokens = api.Known(400+i*91%5000), api.Known(12+i*13%700)
		switch {
		case i%7 == 2:
			c.Status, c.StatusCode, c.Finish, c.Problem = "Failure", api.Known(500), "", "provider error 500"
		case i%11 == 5:
			c.Finish, c.Problem = "length", "cut at 512 tokens"
		case i == 8:
			c.Finish, c.Problem = "content_filter", "refused by content filter"
		case i == 12:
			c = api.LLMCall{ID: c.ID, Start: c.Start, Unreadable: "Start Date is no time"}
		case i == 13:
			c.Session, c.User, c.Finish, c.TimeTaken = "", "", "", api.Maybe[int64]{}
			c.RequestTokens, c.ResponseTokens = api.Maybe[int]{}, api.Maybe[int]{}
		}
		out = append(out, c)
	}
	return out
}

// HostileCalls are calls whose every text tries something.
func HostileCalls() []api.LLMCall {
	s := Told()
	var out []api.LLMCall
	for i, word := range Hostile() {
		c := Call(s, 200-i)
		c.Prompt, c.Model, c.Feature, c.Description, c.Integration = word, word, word, word, word
		c.User, c.Task = api.UserID(word), word
		if i%2 == 0 {
			c.Problem = word
		}
		if i%3 == 0 {
			c.Finish = word
		}
		c.Request, c.Response = HostilePayload(word), HostilePayload(word)
		out = append(out, c)
	}
	return out
}

// HostilePayload is JSON that holds the text in every place, and the bare text
// when it cannot be JSON.
func HostilePayload(word string) json.RawMessage {
	raw, err := json.Marshal(map[string]any{
		word: word, "model": word, "messages": []any{map[string]any{"role": word, "content": word}},
	})
	if err != nil {
		return json.RawMessage(word)
	}
	return raw
}
