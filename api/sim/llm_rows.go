package sim

// row writes a model call with the platform's keys, blanks and letter cases
// exactly as they are on the wire.
func (a asked) row() obj {
	if a.side != theCall {
		return a.guardRow()
	}
	c, n := a.c, a.c.node
	status := "Success"
	if c.status >= 400 {
		status = "Failure"
	}
	feature, model := "Feature Name ", "Model Name"
	if a.st.odd.looseKeys { // variants that clients have met
		feature, model = "Feature", "Model"
	}
	row := ob("Prompt Name", n.prompt, "Integration", n.integration,
		"start Date", stamp(c.at), "End Date", stamp(c.at+int64(c.took)), "Time Taken", c.took, "statusCode", c.status,
		"Bot ID", string(a.s.bot.id), "User ID", a.s.user.id, feature, n.feature, model, n.display,
		"Channel Name", a.s.channel, "Description", n.description, "task Id", n.task, "Status", status)
	if !c.noSession && !a.st.odd.noSessionID {
		row = row.with("Session ID", a.s.id)
	}
	if c.guard != 0 {
		row = row.with(c.outcome(c.guard == 2)...)
	}
	if c.silent {
		return row
	}
	request, response, in, out := a.payloads()
	details := ob("Prompt Name", n.prompt, "Request Payload", request)
	if c.failure != "" || c.null || c.status < 400 {
		details = details.with("Response Payload", response)
	}
	if n.provider != hosted && c.status < 400 { // that integration counts no tokens
		details = details.with("Request Tokens", in, "Response Tokens", out)
	}
	if a.st.odd.looseKeys {
		return append(row, details[1:]...)
	}
	return row.with("Payload Details", details)
}

// outcome is what guardrails say of a call.
func (c *llmCall) outcome(detected bool) []any {
	of := []any{"Configured Guardrails", []any{"Restrict Toxicity", "Detect Prompt Injections"}}
	if detected {
		return append(of, "Outcome", "Detected", "Risk Score", 0.92)
	}
	return append(of, "Outcome", "Not Detected", "Risk Score", 0.03)
}

// guardTook is how long a guardrail looks at a text.
const guardTook = 40

// guardRow is the row that a guardrail writes beside the call that it guards:
// its instant, user, task and node [SIM: which name the feature has].
func (a asked) guardRow() obj {
	c, n := a.c, a.c.node
	feature := "Guardrails - Input"
	if a.side == outputGuard {
		feature = "Guardrails - Output"
	}
	row := ob("Prompt Name", n.prompt, "Integration", n.integration,
		"start Date", stamp(c.at), "End Date", stamp(c.at+guardTook), "Time Taken", guardTook, "statusCode", 200,
		"Bot ID", string(a.s.bot.id), "User ID", a.s.user.id, "Feature Name ", feature, "Model Name", n.display,
		"Channel Name", a.s.channel, "Description", n.description, "task Id", n.task, "Status", "Success")
	if !c.noSession && !a.st.odd.noSessionID {
		row = row.with("Session ID", a.s.id)
	}
	return row.with(c.outcome(c.guard == 2 && a.side == inputGuard)...)
}

// tokens is the usual rule of thumb, four bytes a token.
func tokensIn(s string) int { return (len(s) + 3) / 4 }
