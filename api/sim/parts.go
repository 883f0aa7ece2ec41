package sim

// The kinds of message that are more than a line of text (reference 8.6).

// buttons is a card whose choices are links or words.
func (p *script) buttons(said string, titles ...string) {
	said = p.fill(said)
	var choices []any
	for _, t := range titles {
		choices = append(choices, ob("type", "postback", "title", t, "payload", t))
	}
	p.template(said, ob("template_type", "button", "text", said, "buttons", choices))
}

// link is a card with one link.
func (p *script) link(said, title, url string) {
	said = p.fill(said)
	p.template(said, ob("template_type", "button", "text", said,
		"buttons", []any{ob("type", "url", "title", title, "url", p.fill(url))}))
}

// quick offers quick replies.
func (p *script) quick(said string, titles ...string) {
	said = p.fill(said)
	var choices []any
	for _, t := range titles {
		choices = append(choices, ob("content_type", "text", "title", t, "payload", t))
	}
	p.template(said, ob("template_type", "quick_replies", "text", said, "quick_replies", choices))
}

func (p *script) template(said string, payload obj) {
	p.wait(500, 1700)
	p.history = append(p.history, turn{role: "assistant", content: said})
	p.add(message{components: textParts(text(ob("type", "template", "payload", payload))), spoken: said, status: "pending", source: 1})
}

// desk is a person at the agent desk speaking.
func (p *script) desk(phrases ...string) {
	said := p.fill(p.pick(phrases))
	p.wait(9000, 38000)
	card := ob("type", "template", "payload", ob("template_type", "live_agent", "text", said))
	p.add(message{components: textParts(text(card)), spoken: said, status: "sent to cs", source: 3, agent: true})
}

// toDesk hands the conversation to a person.
func (p *script) toDesk() {
	p.st.handed = true
	p.st.tasks++
	p.bot("Connecting you to a colleague. This usually takes about a minute.",
		"I am passing you on to a person who can help. Please stay in this chat.",
		"One moment, a colleague from customer care will take over.")
	p.tag("transferQueue", p.pick([]string{"care-orders", "care-returns", "care-general"}))
	p.wait(18000, 70000)
	p.desk("Hello, this is customer care. I am reading what you wrote so far.",
		"Hi, thanks for waiting. I can see the conversation, one second please.",
		"Good day, you are talking to customer care now. Let me open your order.")
}

// form asks for data in a secure form; its links hold a token.
func (p *script) form(said string) {
	said = p.fill(said)
	link := "https://shop.example.test/forms/token?hash=" + uuid("", p.next())[:23] + "-not-a-real-token"
	card := ob("type", "template",
		"payload", ob("template_type", "button", "text", said,
			"buttons", []any{ob("type", "url", "title", "Open the form", "url", link)}),
		"formData", ob("formLink", link, "renderType", "pop-up", "formLinkExpiry", 300, "submitExpiry", 600,
			"formId", uuid("frm-", p.next()), "name", "verifyCard", "displayName", "Verify your card"))
	p.wait(600, 1700)
	p.add(message{components: textParts(text(card)), spoken: said, status: "opened", source: 3,
		author: ob("type", "FORM", "id", uuid("form-", p.next()), "formId", uuid("frm-", p.next()),
			"formName", "verifyCard", "isSecuredForm", true)})
}

// command tells the voice gateway what to do; the spoken words are inside.
func (p *script) command(said string, then ...string) {
	said = p.fill(said)
	verbs := []any{ob("verb", "gather", "say", ob("text", []any{said})), ob("verb", "pause")}
	for _, verb := range then {
		verbs = append(verbs, ob("verb", verb))
	}
	p.wait(400, 1200)
	p.history = append(p.history, turn{role: "assistant", content: said})
	p.add(message{spoken: said, status: "pending", source: 1,
		components: textParts(text(ob("type", "command", "command", "redirect", "queueCommand", true, "data", verbs)))})
}

// event is a message that nobody typed.
func (p *script) event(name string) {
	p.wait(80, 900)
	p.add(message{in: true, components: textParts(name), spoken: name, status: "received", source: 3})
}

// other is a message made of components that are not text.
func (p *script) other(in bool, parts ...obj) {
	p.wait(3000, 9000)
	status := "pending"
	if in {
		status = "received"
	}
	p.add(message{in: in, components: parts, status: status, source: 1})
}

func media(kind, name string) obj {
	return ob("cT", kind, "data", ob("fileId", "66e0430300000000000000aa", "fileName", name,
		"url", "https://files.example.test/api/getMediaStream/"+name+"?n=1000000001&s=ZXhhbXBsZQ$$"),
		"thumbnails", []any{ob("_id", "th-01", "width", 320, "height", 240, "size", "18244", "url", "https://files.example.test/thumb/"+name)})
}
