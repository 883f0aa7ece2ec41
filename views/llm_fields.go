package views

import (
	"encoding/json"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// LLMFields is the record of `llm`: keys, order and columns.
func LLMFields() []Field[api.LLMCall] {
	return append(append(callIdentity(), callMaking()...), callContent()...)
}

func callIdentity() []Field[api.LLMCall] {
	type call = api.LLMCall
	return []Field[call]{
		OwnField("callId", Layout{Title: text.Lit("CALL"), Min: 8, Ideal: 16}, func(c call) api.CallID { return c.ID }).
			As(func(c call, e Env) Cell { return showID(c.ID, e.Unmasked()) }),
		IDField("sessionId", Layout{Title: text.Lit("SESSION"), Min: 10, Ideal: 24, At140: 10},
			func(c call) api.SessionID { return c.Session }),
		OwnField("joinedBy", Layout{Title: text.Lit("JOINED"), Min: 5, Ideal: 12, At140: 11},
			func(c call) api.JoinedBy { return c.Joined }).As(showJoined),
		TimeField("startTime", Layout{Title: text.Lit("START"), Min: 8, Ideal: 12, At80: 1, At140: 1},
			func(c call) time.Time { return c.Start }).By(api.OlderCall),
		TimeField("endTime", Layout{Title: text.Lit("END"), Min: 8, Ideal: 12}, func(c call) time.Time { return c.End }),
		MillisField("timeTakenMs", Layout{Title: text.Lit("TOOK"), Min: 4, Ideal: 6, At80: 4, At140: 5},
			func(c call) api.Maybe[int64] { return c.TimeTaken }),
		WordField("status", Layout{Title: text.Lit("STATUS"), Min: 7, Ideal: 8}, func(c call) string { return c.Status }).As(showCallStatus),
		CountField("statusCode", Layout{Title: text.Lit("CODE"), Min: 4, Ideal: 4, At140: 8},
			func(c call) api.Maybe[int] { return c.StatusCode }).As(showCode),
	}
}

func callMaking() []Field[api.LLMCall] {
	type call = api.LLMCall
	return []Field[call]{
		UserField("userId", Layout{Title: text.Lit("USER"), Min: 10, Ideal: 20}, func(c call) api.UserID { return c.User }),
		WordField("feature", Layout{Title: text.Lit("FEATURE"), Min: 8, Ideal: 14, Grow: 1, At140: 4},
			func(c call) string { return c.Feature }),
		WordField("promptName", Layout{Title: text.Lit("PROMPT"), Min: 8, Ideal: 16, Grow: 1, At80: 2, At140: 2},
			func(c call) string { return c.Prompt }),
		WordField("integration", Layout{Title: text.Lit("PROVIDER"), Min: 8, Ideal: 12, Grow: 1},
			func(c call) string { return c.Integration }),
		WordField("model", Layout{Title: text.Lit("MODEL"), Min: 8, Ideal: 14, Grow: 1, At80: 3, At140: 3},
			func(c call) string { return c.Model }),
		WordField("channel", Layout{Title: text.Lit("CH"), Min: 8, Ideal: 8, Grow: 1}, func(c call) string { return c.Channel }),
		IDField("taskId", Layout{Title: text.Lit("TASK"), Min: 8, Ideal: 39}, func(c call) string { return c.Task }),
		WordField("description", Layout{Title: text.Lit("NODE"), Min: 8, Ideal: 24, Grow: 1, At80: 8, At140: 12},
			func(c call) string { return c.Description }),
	}
}

func callContent() []Field[api.LLMCall] {
	type call = api.LLMCall
	return []Field[call]{
		CountField("requestTokens", Layout{Title: text.Lit("IN"), Min: 3, Ideal: 7, At80: 5, At140: 6},
			func(c call) api.Maybe[int] { return c.RequestTokens }),
		CountField("responseTokens", Layout{Title: text.Lit("OUT"), Min: 3, Ideal: 7, At80: 6, At140: 7},
			func(c call) api.Maybe[int] { return c.ResponseTokens }),
		WordField("finishReason", Layout{Title: text.Lit("FINISH"), Min: 6, Ideal: 8, At80: 7, At140: 9},
			func(c call) string { return c.Finish }).As(showFinish),
		PayloadField("request", Layout{Title: text.Lit("REQUEST"), Min: 7, Ideal: 30}, func(c call) json.RawMessage { return c.Request }),
		PayloadField("response", Layout{Title: text.Lit("RESPONSE"), Min: 8, Ideal: 30}, func(c call) json.RawMessage { return c.Response }),
		WordField("problem", Layout{Title: text.Lit("PROBLEM"), Min: 8, Ideal: 24, Grow: 1}, func(c call) string { return c.Problem }).As(showProblem),
		OwnField("tokensFrom", Layout{Title: text.Lit("COUNTED BY"), Min: 8, Ideal: 10}, func(c call) api.TokensFrom { return c.TokensFrom }),
		JSONField("guardrail", Layout{Title: text.Lit("GUARDRAIL"), Min: 8, Ideal: 16}, guardrailRecord, showGuardrail),
		JSONField("messages", Layout{Title: text.Lit("MESSAGES"), Min: 8, Ideal: 30}, messageRecords, showMessages),
		answerField(),
	}
}

func showJoined(c api.LLMCall, e Env) Cell {
	if e.Plain {
		return showWord(c.Joined, e.Unmasked())
	}
	return JoinBadge(c.Joined)
}

func showCallStatus(c api.LLMCall, e Env) Cell {
	cell := showWord(c.Status, e)
	if c.Failed() {
		cell.Token = theme.Bad
	}
	return cell
}

func showCode(c api.LLMCall, e Env) Cell {
	cell := showInt(c.StatusCode, Env{Plain: true, Now: e.Now})
	if c.StatusCode.Known && c.StatusCode.Value >= 400 {
		cell.Token = theme.Bad
	}
	return cell
}

func showFinish(c api.LLMCall, e Env) Cell {
	if e.Plain {
		return showWord(c.Finish, e)
	}
	return FinishBadge(c, e)
}
