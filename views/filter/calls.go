package filter

import (
	"errors"
	"slices"
	"time"

	"korescope/api"
	"korescope/views"
)

// Calls is the schema of model calls. err is true for calls that failed, were
// cut, blocked, or carry another problem; its other values are parts of the
// problem.
func Calls(zone *time.Location) Schema[api.LLMCall] {
	type row = api.LLMCall
	one := func(of func(row) string) func(row) []string {
		return func(c row) []string { return []string{of(c)} }
	}
	return Schema[row]{
		What: "model calls",
		Fields: []Field[row]{
			{Name: "model", Help: "model, any part", Words: one(func(c row) string { return c.Model })},
			{Name: "feature", Help: "feature, any part", Words: one(func(c row) string { return c.Feature })},
			{
				Name: "status", Help: "success or failure", Kind: Start, Values: []string{"success", "failure"},
				Words: one(func(c row) string { return c.Status }),
			},
			{Name: "code", Help: "HTTP status of the provider, >399", Kind: Number, Amount: func(c row) (int64, bool) { return int64(c.StatusCode.Value), c.StatusCode.Known }},
			{
				Name: "finish", Help: "finish reason", Kind: Start, Values: []string{"stop", "length", "content_filter", "tool_calls"},
				Words: one(func(c row) string { return c.Finish }),
			},
			{Name: "user", Help: "user id, any part", Words: one(func(c row) string { return string(c.User) })},
			{Name: "channel", Help: "channel", Kind: Start, Words: one(func(c row) string { return c.Channel })},
			{Name: "prompt", Help: "prompt, any part", Words: one(func(c row) string { return c.Prompt })},
			{Name: "tokens", Help: "both ways, >4000", Kind: Number, Amount: tokens},
			{Name: "ms", Help: "time taken, >2s or >2000ms", Kind: Length, Bare: 1, Amount: func(c row) (int64, bool) { return c.TimeTaken.Value, c.TimeTaken.Known }},
			{Name: "err", Help: "needs a look", Kind: Special, Values: []string{"true", "false"}, Compile: failed},
			{Name: "task", Help: "task id or node, any part", Words: func(c row) []string { return []string{c.Task, c.Description} }},
			{Name: "session", Help: "session id, any part", Words: one(func(c row) string { return string(c.Session) })},
			{
				Name: "guardrail", Help: "what a guardrail said", Kind: Start,
				Values: []string{"detected", "not detected", "not applicable"}, Words: outcomes,
			},
			{Name: "id", Help: "call id, any part", Words: one(func(c row) string { return string(c.ID) })},
			{Name: "dev", Help: "true asks for developers' calls too", Kind: Special, Values: []string{"true"}, Compile: developers},
		},
		Anywhere: func(c row, see func(string) bool) bool {
			for _, word := range []string{
				string(c.Session), string(c.User), c.Status, c.Feature, c.Prompt, c.Integration, c.Model,
				c.Channel, c.Task, c.Description, c.Finish, c.Problem, c.Unreadable, string(c.ID),
			} {
				if word != "" && see(word) {
					return true
				}
			}
			return slices.ContainsFunc(outcomes(c), see)
		},
		Times: func(c row, see func(string) bool) bool { return moments(c.Start, zone, see) },
	}
}

// tokens is the sum of both ways; a sum with an unknown part is unknown.
func tokens(c api.LLMCall) (int64, bool) {
	return int64(c.RequestTokens.Value) + int64(c.ResponseTokens.Value), c.RequestTokens.Known && c.ResponseTokens.Known
}

// outcomes are those of the guardrails of a call.
func outcomes(c api.LLMCall) []string {
	out := make([]string, 0, len(c.Guardrails))
	for _, g := range c.Guardrails {
		if g.Outcome != "" {
			out = append(out, g.Outcome)
		}
	}
	return out
}

// developers is a filter that only the platform applies: rows do not say who
// made them, so all that came are kept.
func developers(_ Op, value string) (func(api.LLMCall) bool, error) {
	if value != "true" {
		return nil, errors.New("dev takes true; without it the platform leaves developers' calls out")
	}
	return func(api.LLMCall) bool { return true }, nil
}

// AsksForDevelopers reports a filter of calls with dev:true.
func AsksForDevelopers(q Query) bool {
	return slices.ContainsFunc(q.Terms, func(t Term) bool { return t.Field == "dev" && !t.Not })
}

func failed(op Op, value string) (func(api.LLMCall) bool, error) {
	if test, err := truth("err", op, value, func(c api.LLMCall) api.Maybe[bool] { return api.Known(views.NeedsLook(c)) }); err == nil {
		return test, nil
	}
	part := newNeedle(value)
	return func(c api.LLMCall) bool { return part.in(c.Problem) }, nil
}

// Messages is the schema of messages.
func Messages(zone *time.Location) Schema[api.Message] {
	type row = api.Message
	one := func(of func(row) string) func(row) []string {
		return func(m row) []string { return []string{of(m)} }
	}
	return Schema[row]{
		What: "messages",
		Fields: []Field[row]{
			{
				Name: "who", Help: "user, bot or agent", Kind: Start,
				Values: []string{string(api.FromUser), string(api.FromBot), string(api.FromAgent)},
				Words:  one(func(m row) string { return string(m.Direction) }),
			},
			{
				Name: "kind", Help: "what it is made of", Kind: Start,
				Values: []string{"text", "template", "form", "voice", "media", "event", "empty"},
				Words:  one(func(m row) string { return string(m.Kind) }),
			},
			{Name: "text", Help: "what was said, any part", Words: one(func(m row) string { return m.Text })},
			{Name: "option", Help: "a choice offered, any part", Words: titles},
			{Name: "user", Help: "user id, any part", Words: one(func(m row) string { return string(m.User) })},
			{Name: "channel", Help: "channel", Kind: Start, Words: one(func(m row) string { return m.Channel })},
			{Name: "lang", Help: "language", Kind: Start, Words: one(func(m row) string { return m.Language })},
			{Name: "session", Help: "session id, any part", Words: one(func(m row) string { return string(m.Session) })},
			{Name: "id", Help: "message id, any part", Words: one(func(m row) string { return string(m.ID) })},
		},
		Anywhere: func(m row, see func(string) bool) bool {
			if see(m.Text) || see(string(m.ID)) || see(string(m.Kind)) || see(m.Template) || see(m.Unreadable) {
				return true
			}
			for _, t := range titles(m) {
				if see(t) {
					return true
				}
			}
			return see(views.SpeakerBadge(m).Text.String())
		},
		Times: func(m row, see func(string) bool) bool { return see(views.Clock(m.Time, zone).String()) },
	}
}

func titles(m api.Message) []string {
	out := make([]string, len(m.Options))
	for i, o := range m.Options {
		out[i] = o.Title
	}
	return out
}
