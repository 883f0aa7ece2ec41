package views

import (
	"cmp"
	"encoding/json"

	"korescope/api"
	"korescope/ui/text"
	"korescope/ui/theme"
)

// LLMFields is the record of `llm`: keys, order and columns.
func LLMFields() []Field[api.LLMCall] {
	return append(append(callIdentity(), callMaking()...), callContent()...)
}

func callIdentity() []Field[api.LLMCall] {
	return []Field[api.LLMCall]{
		{
			Name: "callId", Title: text.Lit("CALL"), Min: 8, Ideal: 16,
			Show:    func(c api.LLMCall, e Env) Cell { return showID(c.ID, e) },
			Value:   func(c api.LLMCall) any { return word(c.ID) },
			Compare: func(a, b api.LLMCall) int { return cmp.Compare(a.ID, b.ID) },
		},
		{
			Name: "sessionId", Title: text.Lit("SESSION"), Min: 10, Ideal: 24, At140: 10,
			Show:    func(c api.LLMCall, e Env) Cell { return showID(c.Session, e) },
			Value:   func(c api.LLMCall) any { return word(c.Session) },
			Compare: func(a, b api.LLMCall) int { return cmp.Compare(a.Session, b.Session) },
		},
		{
			Name: "joinedBy", Title: text.Lit("JOINED"), Min: 5, Ideal: 12, At140: 11,
			Show:    showJoined,
			Value:   func(c api.LLMCall) any { return word(c.Joined) },
			Compare: func(a, b api.LLMCall) int { return cmp.Compare(a.Joined, b.Joined) },
		},
		{
			Name: "startTime", Title: text.Lit("START"), Min: 8, Ideal: 12, At80: 1, At140: 1,
			Show:    func(c api.LLMCall, e Env) Cell { return plain(Moment(c.Start, e)) },
			Value:   func(c api.LLMCall) any { return moment(c.Start) },
			Compare: CallOrder,
		},
		{
			Name: "endTime", Title: text.Lit("END"), Min: 8, Ideal: 12,
			Show:    func(c api.LLMCall, e Env) Cell { return plain(Moment(c.End, e)) },
			Value:   func(c api.LLMCall) any { return moment(c.End) },
			Compare: func(a, b api.LLMCall) int { return a.End.Compare(b.End) },
		},
		{
			Name: "timeTakenMs", Title: text.Lit("TOOK"), Min: 4, Ideal: 6, Right: true, At80: 4, At140: 5,
			Show:    showTook,
			Value:   func(c api.LLMCall) any { return number(c.TimeTaken) },
			Compare: func(a, b api.LLMCall) int { return compareMaybe(a.TimeTaken, b.TimeTaken) },
		},
		{
			Name: "status", Title: text.Lit("STATUS"), Min: 7, Ideal: 8,
			Show:    showCallStatus,
			Value:   func(c api.LLMCall) any { return word(c.Status) },
			Compare: func(a, b api.LLMCall) int { return cmp.Compare(a.Status, b.Status) },
		},
		{
			Name: "statusCode", Title: text.Lit("CODE"), Min: 4, Ideal: 4, Right: true, At140: 8,
			Show:    showCode,
			Value:   func(c api.LLMCall) any { return number(c.StatusCode) },
			Compare: func(a, b api.LLMCall) int { return compareMaybe(a.StatusCode, b.StatusCode) },
		},
	}
}

func callMaking() []Field[api.LLMCall] {
	return []Field[api.LLMCall]{
		{
			Name: "userId", Title: text.Lit("USER"), Min: 10, Ideal: 20,
			Show:    func(c api.LLMCall, e Env) Cell { return showUser(c.User, e) },
			Value:   func(c api.LLMCall) any { return word(c.User) },
			Compare: func(a, b api.LLMCall) int { return cmp.Compare(a.User, b.User) },
		},
		callWord("feature", text.Lit("FEATURE"), 14, 0, 4, func(c api.LLMCall) string { return c.Feature }),
		callWord("promptName", text.Lit("PROMPT"), 16, 2, 2, func(c api.LLMCall) string { return c.Prompt }),
		callWord("integration", text.Lit("PROVIDER"), 12, 0, 0, func(c api.LLMCall) string { return c.Integration }),
		callWord("model", text.Lit("MODEL"), 14, 3, 3, func(c api.LLMCall) string { return c.Model }),
		callWord("channel", text.Lit("CH"), 8, 0, 0, func(c api.LLMCall) string { return c.Channel }),
		{
			Name: "taskId", Title: text.Lit("TASK"), Min: 8, Ideal: 39,
			Show:    func(c api.LLMCall, e Env) Cell { return showID(c.Task, e) },
			Value:   func(c api.LLMCall) any { return word(c.Task) },
			Compare: func(a, b api.LLMCall) int { return cmp.Compare(a.Task, b.Task) },
		},
		callWord("description", text.Lit("NODE"), 24, 8, 12, func(c api.LLMCall) string { return c.Description }),
	}
}

func callContent() []Field[api.LLMCall] {
	return []Field[api.LLMCall]{
		{
			Name: "requestTokens", Title: text.Lit("IN"), Min: 3, Ideal: 7, Right: true, At80: 5, At140: 6,
			Show:    func(c api.LLMCall, e Env) Cell { return showInt(c.RequestTokens, e) },
			Value:   func(c api.LLMCall) any { return number(c.RequestTokens) },
			Compare: func(a, b api.LLMCall) int { return compareMaybe(a.RequestTokens, b.RequestTokens) },
		},
		{
			Name: "responseTokens", Title: text.Lit("OUT"), Min: 3, Ideal: 7, Right: true, At80: 6, At140: 7,
			Show:    func(c api.LLMCall, e Env) Cell { return showInt(c.ResponseTokens, e) },
			Value:   func(c api.LLMCall) any { return number(c.ResponseTokens) },
			Compare: func(a, b api.LLMCall) int { return compareMaybe(a.ResponseTokens, b.ResponseTokens) },
		},
		{
			Name: "finishReason", Title: text.Lit("FINISH"), Min: 6, Ideal: 8, At80: 7, At140: 9,
			Show:    showFinish,
			Value:   func(c api.LLMCall) any { return word(c.Finish) },
			Compare: func(a, b api.LLMCall) int { return cmp.Compare(a.Finish, b.Finish) },
		},
		{
			Name: "request", Title: text.Lit("REQUEST"), Min: 7, Ideal: 30,
			Show:  func(c api.LLMCall, e Env) Cell { return showPayload(c.Request, e) },
			Value: func(c api.LLMCall) any { return payload(c.Request) },
		},
		{
			Name: "response", Title: text.Lit("RESPONSE"), Min: 8, Ideal: 30,
			Show:  func(c api.LLMCall, e Env) Cell { return showPayload(c.Response, e) },
			Value: func(c api.LLMCall) any { return payload(c.Response) },
		},
	}
}

// CallOrder sorts oldest first; calls of the same moment by id.
func CallOrder(a, b api.LLMCall) int {
	return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
}

func callWord(name string, title text.Safe, ideal, at80, at140 int, of func(api.LLMCall) string) Field[api.LLMCall] {
	return Field[api.LLMCall]{
		Name: name, Title: title, Min: min(ideal, 8), Ideal: ideal, Grow: 1, At80: at80, At140: at140,
		Show:    func(c api.LLMCall, _ Env) Cell { return showWord(of(c)) },
		Value:   func(c api.LLMCall) any { return word(of(c)) },
		Compare: func(a, b api.LLMCall) int { return cmp.Compare(of(a), of(b)) },
	}
}

func showJoined(c api.LLMCall, e Env) Cell {
	if e.Plain {
		return showWord(c.Joined)
	}
	return JoinBadge(c.Joined)
}

func showTook(c api.LLMCall, e Env) Cell {
	switch {
	case !c.TimeTaken.Known:
		return unknown()
	case e.Plain:
		return plain(text.Int(c.TimeTaken.Value))
	}
	return plain(Millis(c.TimeTaken.Value))
}

func showCallStatus(c api.LLMCall, _ Env) Cell {
	cell := showWord(c.Status)
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
		return showWord(c.Finish)
	}
	return FinishBadge(c)
}

// showPayload says how large a payload is; only a plain table has the whole.
func showPayload(raw json.RawMessage, e Env) Cell {
	switch {
	case len(raw) == 0:
		return absent()
	case e.Plain:
		return plain(text.Clean(string(raw)))
	}
	return dim(Bytes(int64(len(raw))))
}
