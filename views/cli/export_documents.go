package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"korescope/api"
	"korescope/api/payload"
	"korescope/api/verdict"
	"korescope/ui/text"
	"korescope/views"
)

// The formats of an export. A case is several files in a folder; each of the
// others is one document, on stdout unless --to names a folder for it.
const (
	formatCase = "case"
	formatMD   = "md"
	formatJSON = "json"
	formatOTLP = "otlp"
)

func exportFormats() []string { return []string{formatCase, formatMD, formatJSON, formatOTLP} }

// document is one format that is one file.
type document struct {
	name, what string
	write      func(context.Context, io.Writer) error
}

// document is nil for a case.
func (c *caseFile) document(format string) *document {
	switch format {
	case formatMD:
		return &document{"case.md", "facts, time line and failing calls, for a ticket", c.writeMarkdown}
	case formatJSON:
		return &document{"case.json", "everything in one document", c.writeDocument}
	case formatOTLP:
		return &document{"traces.otlp.json", "traces for OpenTelemetry", c.writeOTLP}
	}
	return nil
}

func (c *caseFile) env() views.Env {
	return views.Env{Plain: true, Now: c.p.clock(), Mask: c.mask}
}

// why is what the parts that were read say about how a session went.
func (c *caseFile) verdict(s api.Session) string {
	e := verdict.Evidence{
		Session: s, Messages: c.messages[s.ID], Calls: c.callsOf(s.ID), Lines: c.linesOf(s.ID),
		Read: verdict.Messages | verdict.Calls,
	}
	if len(e.Lines) > 0 {
		e.Read |= verdict.Lines
	}
	return verdict.Of(e).Text()
}

// writeMarkdown is the time line of a case, and the failing calls in full below.
func (c *caseFile) writeMarkdown(ctx context.Context, w io.Writer) error {
	if err := c.timeline(w); err != nil {
		return err
	}
	for _, s := range c.sessions {
		for _, call := range c.callsOf(s.ID) {
			if call.Problem == "" && !call.Failed() {
				continue
			}
			whole, err := c.whole(ctx, call)
			if err != nil {
				return err
			}
			if err := c.writeCall(w, whole); err != nil {
				return err
			}
		}
	}
	return nil
}

func paragraph(w io.Writer, format string, parts ...text.Safe) error {
	words := make([]any, len(parts))
	for i, p := range parts {
		words[i] = views.Markdown(p)
	}
	_, err := fmt.Fprintf(w, format+"\n\n", words...)
	return err
}

// writeCall is a call that went wrong: facts, the last thing it was asked, and
// what came of it.
func (c *caseFile) writeCall(w io.Writer, call api.LLMCall) error {
	env := c.env()
	problem := call.Problem
	if problem == "" {
		problem = strings.TrimSpace("failed " + call.Status)
	}
	if err := paragraph(w, "### Failing call: %s", text.Clean(env.Masked(problem))); err != nil {
		return err
	}
	for _, f := range views.LLMFields() {
		switch f.Name {
		case "startTime", "timeTakenMs", "status", "statusCode", "feature", "promptName", "integration", "model",
			"description", "requestTokens", "responseTokens", "finishReason", "joinedBy":
			if f.Value(call) == nil {
				continue
			}
			if _, err := fmt.Fprintf(w, "- %s: %s\n", f.Name, views.Markdown(f.Show(call, env).Text)); err != nil {
				return err
			}
		}
	}
	read := payload.Show(call)
	if n := len(read.Asked); n > 0 {
		if err := fenced(w, "Asked last ("+read.Asked[n-1].Role+")", env.PayloadText(read.Asked[n-1].Text)); err != nil {
			return err
		}
	}
	said := read.Said()
	if said == "" && len(call.Response) > 0 {
		said = string(payload.Hide(call.Response))
	}
	return fenced(w, "Answer", env.PayloadText(said))
}

// fenced writes text as it is: the fence is longer than any in it.
func fenced(w io.Writer, title, said string) error {
	fence := "```"
	for strings.Contains(said, fence) {
		fence += "`"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s:\n\n%s\n", views.Markdown(text.Clean(title)), fence)
	for _, line := range text.CleanLines(said, 0) {
		b.WriteString(line.Spelt())
		b.WriteByte('\n')
	}
	b.WriteString(fence + "\n\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// wholeDocument is the json format: the records of the commands under one roof.
type wholeDocument struct {
	Tool     string            `json:"tool"`
	Version  string            `json:"version"`
	Written  string            `json:"written"`
	Host     string            `json:"host"`
	Bot      string            `json:"bot"`
	Masked   bool              `json:"masked"`
	Complete bool              `json:"complete"`
	Unknown  []api.SessionID   `json:"unknownSessionIds"`
	Missing  []absent          `json:"missing"`
	Notes    []string          `json:"notes"`
	Sessions json.RawMessage   `json:"sessions"`
	Why      map[string]string `json:"why"` // by session id
	Messages json.RawMessage   `json:"messages"`
	Calls    json.RawMessage   `json:"llmCalls"`
}

func (c *caseFile) writeDocument(ctx context.Context, w io.Writer) error {
	d := wholeDocument{
		Tool: "korescope", Version: version(), Written: views.Stamp(c.p.clock()), Host: c.d.profile.Host, Bot: string(c.bot()),
		Masked: c.mask != nil, Unknown: append([]api.SessionID{}, c.e.unknown...), Why: map[string]string{},
	}
	for _, s := range c.sessions {
		d.Why[c.env().MaskedID(string(s.ID))] = c.env().Masked(c.verdict(s))
	}
	for _, part := range []struct {
		to    *json.RawMessage
		write func(io.Writer) error
	}{
		{&d.Sessions, func(w io.Writer) error {
			return recordsTo(ctx, w, views.SessionFields(), c.mask, newestFirst(c.sessions), same)
		}},
		{&d.Messages, func(w io.Writer) error {
			return recordsTo(ctx, w, views.MessageFields(), c.mask, c.allMessages(), same)
		}},
		{&d.Calls, func(w io.Writer) error { return recordsTo(ctx, w, views.LLMFields(), c.mask, c.calls, c.whole) }},
	} {
		var b bytes.Buffer
		if err := part.write(&b); err != nil {
			return err
		}
		*part.to = b.Bytes()
	}
	// Counted last: a payload that is gone shows while its call is written.
	c.countGone()
	d.Missing, d.Notes = c.absent(), c.masked(c.e.notes)
	d.Complete = c.e.err == nil && !c.e.partial && len(c.e.unknown) == 0
	return object(w, d)
}
