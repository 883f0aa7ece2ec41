package views

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/text"
)

// OpenLine is the command line that opens a conversation for somebody else, at a
// moment unless at is zero; "" where the session is not known.
func OpenLine(id api.SessionID, at time.Time, env Env) string {
	if id == "" {
		return ""
	}
	words := []string{"open"}
	if !at.IsZero() {
		words = append(words, "--at", Stamp(at))
	}
	return CommandLine(words, env.MaskedID(string(id)))
}

// CallDocument is one model call with its payloads as JSON for people: the keys
// of the record `llm` that say which call it is, then what was sent and what came
// back, indented and otherwise as it was.
func CallDocument(c api.LLMCall, env Env) (string, error) {
	var whole, out bytes.Buffer
	enc := json.NewEncoder(&whole)
	enc.SetEscapeHTML(false)
	err := enc.Encode(struct {
		ID       api.CallID      `json:"callId"`
		Session  string          `json:"sessionId,omitempty"`
		Start    string          `json:"startTime"`
		Model    string          `json:"model"`
		Status   string          `json:"status"`
		Request  json.RawMessage `json:"request"`
		Response json.RawMessage `json:"response"`
	}{
		ID: c.ID, Session: env.MaskedID(string(c.Session)), Start: Stamp(c.Start), Model: c.Model, Status: c.Status,
		Request: env.Payload(c.Request), Response: env.Payload(c.Response),
	})
	if err != nil {
		return "", fmt.Errorf("write the call as JSON: %w", err)
	}
	if err := json.Indent(&out, bytes.TrimSpace(whole.Bytes()), "", "  "); err != nil {
		return "", fmt.Errorf("indent the call: %w", err)
	}
	return out.String() + "\n", nil
}

// Ticket is a transcript as Markdown, with everything the platform says about the
// session before it.
func Ticket(t Transcript, env Env) string {
	var b strings.Builder
	// A builder takes everything.
	_ = Script{Env: env, Markdown: true, Facts: true}.Write(&b, t)
	return b.String()
}

// CallTicket is a model call as Markdown: what is known about it, then the text
// given, which is quoted so that nothing in it is markup.
func CallTicket(c api.LLMCall, body string, env Env) string {
	var b strings.Builder
	title := text.Join(" ", text.Lit("LLM call"), env.Text(c.Prompt), env.Text(c.Model))
	fmt.Fprintf(&b, "## %s\n\n", Markdown(title))
	for _, f := range LLMFields() {
		switch f.Name {
		case "request", "response", "messages", "answer":
			continue
		}
		if f.Value(c) != nil {
			fmt.Fprintf(&b, "- %s: %s\n", f.Name, Markdown(f.Show(c, env).Text))
		}
	}
	fence := "```"
	for strings.Contains(body, fence) {
		fence += "`"
	}
	fmt.Fprintf(&b, "\n%s\n%s\n%s\n", fence, strings.TrimRight(body, "\n"), fence)
	return b.String()
}
