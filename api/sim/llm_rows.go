package sim

// row writes a model call with the platform's keys, blanks and letter cases
// exactly as they are on the wire.
func (a asked) row() obj {
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
	switch c.guard {
	case 1:
		row = row.with("Configured Guardrails", []any{"Restrict Toxicity", "Detect Prompt Injections"}, "Outcome", "Not Detected", "Risk Score", 0.03)
	case 2:
		row = row.with("Configured Guardrails", []any{"Restrict Toxicity", "Detect Prompt Injections"}, "Outcome", "Detected", "Risk Score", 0.92)
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

// tokens is the usual rule of thumb, four bytes a token.
func tokensIn(s string) int { return (len(s) + 3) / 4 }
