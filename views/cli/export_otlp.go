package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"korescope/api"
	"korescope/api/payload"
	"korescope/views"
)

// OpenTelemetry: one ExportTraceServiceRequest as OTLP JSON. A session is a
// trace; under its root every message and every model call of the time line is a
// span, in the same order. Names are those of the semantic conventions for
// generative AI (gen_ai.*); what they have no name for begins with korescope.
//
// In OTLP JSON ids are hex, 64-bit numbers are strings, and enums are numbers.

const (
	kindInternal = 1
	kindServer   = 2
	kindClient   = 3
	codeError    = 2
)

type otlpRequest struct {
	ResourceSpans []otlpResource `json:"resourceSpans"`
}

type otlpResource struct {
	Resource   otlpAttributes `json:"resource"`
	ScopeSpans []otlpScope    `json:"scopeSpans"`
}

type otlpAttributes struct {
	Attributes []otlpAttribute `json:"attributes"`
}

type otlpScope struct {
	Scope otlpName   `json:"scope"`
	Spans []otlpSpan `json:"spans"`
}

type otlpName struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type otlpSpan struct {
	TraceID    string          `json:"traceId"`
	SpanID     string          `json:"spanId"`
	ParentID   string          `json:"parentSpanId,omitempty"`
	Name       string          `json:"name"`
	Kind       int             `json:"kind"`
	Start      string          `json:"startTimeUnixNano"`
	End        string          `json:"endTimeUnixNano"`
	Attributes []otlpAttribute `json:"attributes"`
	Status     *otlpStatus     `json:"status,omitempty"`
}

type otlpStatus struct {
	Message string `json:"message,omitempty"`
	Code    int    `json:"code"`
}

type otlpAttribute struct {
	Key   string    `json:"key"`
	Value otlpValue `json:"value"`
}

// otlpValue is one of the kinds of value.
type otlpValue struct {
	String *string    `json:"stringValue,omitempty"`
	Int    *string    `json:"intValue,omitempty"`
	Bool   *bool      `json:"boolValue,omitempty"`
	Array  *otlpArray `json:"arrayValue,omitempty"`
}

type otlpArray struct {
	Values []otlpValue `json:"values"`
}

// otlpList collects attributes; what is absent is left out.
type otlpList []otlpAttribute

func (l *otlpList) word(key, v string) {
	if v != "" {
		*l = append(*l, otlpAttribute{key, otlpValue{String: &v}})
	}
}

func (l *otlpList) number(key string, n api.Maybe[int]) {
	if n.Known {
		s := strconv.Itoa(n.Value)
		*l = append(*l, otlpAttribute{key, otlpValue{Int: &s}})
	}
}

func (l *otlpList) words(key string, all ...string) {
	array := &otlpArray{}
	for _, v := range all {
		if v != "" {
			array.Values = append(array.Values, otlpValue{String: &v})
		}
	}
	if len(array.Values) > 0 {
		*l = append(*l, otlpAttribute{key, otlpValue{Array: array}})
	}
}

// said is a list of messages as the conventions want it: JSON in a string.
func (l *otlpList) said(key string, all []otlpMessage) {
	if len(all) == 0 {
		return
	}
	if b, err := json.Marshal(all); err == nil { // strings alone always encode
		l.word(key, string(b))
	}
}

type otlpMessage struct {
	Role   string     `json:"role"`
	Parts  []otlpPart `json:"parts"`
	Finish string     `json:"finish_reason,omitempty"`
}

type otlpPart struct {
	Type    string `json:"type"`
	Content string `json:"content"`
}

func otlpText(role, said string) otlpMessage {
	return otlpMessage{Role: role, Parts: []otlpPart{{"text", said}}}
}

// otlpID is an id of so many bytes made of words, the same in every export.
func otlpID(bytes int, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:bytes])
}

func nano(t time.Time) string {
	if t.IsZero() {
		return "0"
	}
	return strconv.FormatInt(t.UnixNano(), 10)
}

// writeOTLP writes the sessions as traces.
func (c *caseFile) writeOTLP(ctx context.Context, w io.Writer) error {
	var scope otlpScope
	scope.Scope = otlpName{"korescope", version()}
	for _, s := range c.sessions {
		spans, err := c.spansOf(ctx, s)
		if err != nil {
			return err
		}
		scope.Spans = append(scope.Spans, spans...)
	}
	var about otlpList
	about.word("service.name", "korescope")
	about.word("server.address", c.d.profile.Host)
	about.word("gen_ai.agent.id", string(c.bot()))
	return object(w, otlpRequest{[]otlpResource{{otlpAttributes{about}, []otlpScope{scope}}}})
}

// spansOf are the root of a session and a span for each row of its time line.
func (c *caseFile) spansOf(ctx context.Context, s api.Session) ([]otlpSpan, error) {
	env := c.env()
	trace := otlpID(16, c.d.profile.Host, string(s.ID))
	root := otlpSpan{
		TraceID: trace, SpanID: otlpID(8, "session", string(s.ID)), Name: "invoke_agent", Kind: kindServer,
		Start: nano(s.Start), End: nano(s.End),
	}
	var about otlpList
	about.word("gen_ai.operation.name", "invoke_agent")
	about.word("gen_ai.agent.id", string(s.Bot))
	about.word("gen_ai.conversation.id", env.MaskedID(string(s.ID)))
	about.word("enduser.id", env.MaskedUser(s.User))
	about.word("korescope.channel", s.Channel)
	about.word("korescope.containment_type", string(s.Containment))
	about.word("korescope.session_status", s.Status)
	root.Attributes = about
	spans := []otlpSpan{root}
	first, last := s.Start, s.End
	for _, r := range views.Weave(s, c.messages[s.ID], c.callsOf(s.ID), views.AllLayers).Rows {
		var span otlpSpan
		switch {
		case r.Message != nil:
			span = messageSpan(*r.Message, env)
		case r.Call != nil:
			whole, err := c.whole(ctx, *r.Call)
			if err != nil {
				return nil, err
			}
			span = callSpan(whole, env)
		default:
			continue
		}
		if first.IsZero() || !r.At.IsZero() && r.At.Before(first) {
			first = r.At
		}
		if r.At.After(last) {
			last = r.At
		}
		span.TraceID, span.ParentID = trace, root.SpanID
		span.SpanID = otlpID(8, string(s.ID), strconv.Itoa(len(spans)))
		spans = append(spans, span)
	}
	// Rows may lie outside their session's own times; a parent holds its children.
	spans[0].Start, spans[0].End = nano(first), nano(last)
	return spans, nil
}

// messageSpan is something that was said: it takes no time.
func messageSpan(m api.Message, env views.Env) otlpSpan {
	var l otlpList
	l.word("gen_ai.conversation.id", env.MaskedID(string(m.Session)))
	l.word("korescope.message.id", env.MaskedID(string(m.ID)))
	l.word("korescope.message.kind", string(m.Kind))
	l.word("korescope.task", m.Task)
	l.number("korescope.latency_ms", m.Latency.Total)
	said := env.Masked(m.Text)
	if m.Direction == api.FromUser {
		l.said("gen_ai.input.messages", []otlpMessage{otlpText("user", said)})
	} else {
		l.said("gen_ai.output.messages", []otlpMessage{otlpText("assistant", said)})
	}
	return otlpSpan{Name: "message " + string(m.Direction), Kind: kindInternal, Start: nano(m.Time), End: nano(m.Time), Attributes: l}
}

// callSpan is one call of a model.
func callSpan(c api.LLMCall, env views.Env) otlpSpan {
	read := payload.Show(c)
	var l otlpList
	l.word("gen_ai.operation.name", "chat")
	l.word("gen_ai.provider.name", provider(c.Integration))
	l.word("gen_ai.request.model", c.Model)
	l.word("gen_ai.conversation.id", env.MaskedID(string(c.Session)))
	l.number("gen_ai.usage.input_tokens", c.RequestTokens)
	l.number("gen_ai.usage.output_tokens", c.ResponseTokens)
	l.words("gen_ai.response.finish_reasons", c.Finish)
	l.number("http.response.status_code", c.StatusCode)
	l.word("korescope.prompt", c.Prompt)
	l.word("korescope.feature", c.Feature)
	l.word("korescope.node", env.Masked(c.Description))
	l.word("korescope.joined_by", string(c.Joined))
	l.said("gen_ai.input.messages", spoken(read.Asked, "", env))
	l.said("gen_ai.output.messages", spoken(read.Answer, c.Finish, env))
	name := "chat"
	if c.Model != "" {
		name += " " + c.Model
	}
	end := c.End
	if end.IsZero() && c.TimeTaken.Known {
		end = c.Start.Add(time.Duration(c.TimeTaken.Value) * time.Millisecond)
	}
	if end.Before(c.Start) {
		end = c.Start
	}
	s := otlpSpan{Name: name, Kind: kindClient, Start: nano(c.Start), End: nano(end)}
	if c.Problem != "" || c.Failed() {
		s.Status = &otlpStatus{Message: env.Masked(c.Problem), Code: codeError}
		l.word("error.type", errorType(c))
	}
	s.Attributes = l
	return s
}

func errorType(c api.LLMCall) string {
	if c.StatusCode.Known && c.StatusCode.Value >= 400 {
		return strconv.Itoa(c.StatusCode.Value)
	}
	return "_OTHER"
}

func spoken(all []payload.Message, finish string, env views.Env) []otlpMessage {
	out := make([]otlpMessage, 0, len(all))
	for _, m := range all {
		one := otlpText(m.Role, env.PayloadText(m.Text))
		one.Finish = finish
		out = append(out, one)
	}
	return out
}

// provider is the platform's name of an integration in the words of the
// conventions, where they have one.
func provider(integration string) string {
	name := strings.ToLower(integration)
	for _, known := range [][2]string{ // the first that fits: Azure's name holds OpenAI's
		{"azure", "azure.ai.openai"}, {"openai", "openai"}, {"anthropic", "anthropic"}, {"bedrock", "aws.bedrock"},
		{"gemini", "gcp.gemini"}, {"vertex", "gcp.vertex_ai"}, {"cohere", "cohere"},
	} {
		if strings.Contains(name, known[0]) {
			return known[1]
		}
	}
	return name
}
