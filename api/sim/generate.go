package sim

import "strings"

// answer is what a model says at a node, and how the bot carries on.
type answer struct {
	bot      string // what the user reads
	analysis string
	entities []any
	ended    bool
}

// ask makes a model answer and lets the bot say it.
func (p *script) ask(n *node, a answer) {
	a.bot = p.fill(a.bot)
	content := a.bot
	if n.json {
		status := "ongoing"
		if a.ended {
			status = "ended"
		}
		content = text(ob("bot", a.bot, "analysis", p.fill(a.analysis), "entities", orEmpty(a.entities), "conv_status", status))
	}
	c := p.called(n, p.between(n.speed[0], n.speed[1]))
	c.content, c.finish, c.status = content, "stop", 200
	p.history = append(p.history, turn{role: "assistant", content: content})
	p.at += int64(p.between(30, 160))
	p.add(message{components: textParts(a.bot), spoken: a.bot, status: "pending", source: 1})
}

// extract asks a model for entities only; the bot says nothing. The next call
// often starts within the same second.
func (p *script) extract(n *node, a answer) {
	c := p.called(n, p.between(180, 420))
	c.content = text(ob("bot", a.bot, "analysis", a.analysis, "entities", orEmpty(a.entities), "conv_status", "ended"))
	c.finish, c.status = "stop", 200
}

// cut is an answer that max_tokens ends in the middle: it is no JSON any more,
// so the bot falls back to its standard phrase.
func (p *script) cut(n *node, a answer) {
	a.bot = p.fill(a.bot)
	whole := text(ob("bot", a.bot, "analysis", p.fill(a.analysis)+" "+p.reasoning(), "entities", orEmpty(a.entities), "conv_status", "ongoing"))
	at := min(len(whole)-60, n.limit(true)*4-p.between(0, 90))
	for at > 0 && whole[at]&0xC0 == 0x80 {
		at--
	}
	c := p.called(n, p.between(7400, 11800))
	c.content, c.finish, c.status = whole[:at], "length", 200
	p.sorry()
}

// fails is a call that the provider answered with an error, or not at all.
func (p *script) fails(n *node, status int, said string, null bool) {
	took := p.between(900, 2600)
	if status == 504 {
		took = p.between(30000, 30400)
	}
	c := p.called(n, took)
	c.status, c.failure, c.null = status, said, null
	p.sorry()
}

func (p *script) sorry() {
	said := p.pick([]string{"Could you say that again?", "Could you say that again?", "Sorry, I did not get that. Could you say that again?"})
	p.at += int64(p.between(40, 200))
	p.history = append(p.history, turn{role: "assistant", content: said})
	p.add(message{components: textParts(said), spoken: said, status: "pending", source: 1})
}

// tool adds a tool call and its result to what the model sees next.
func (p *script) tool(name, arguments, result string) {
	id := "call_" + uuid("", p.next())[:8]
	p.history = append(p.history,
		turn{role: "assistant", tool: name, callID: id, content: p.fill(arguments)},
		turn{role: "tool", tool: name, callID: id, content: p.fill(result)})
}

func (p *script) called(n *node, took int) *llmCall {
	p.wait(120, 480)
	p.st.calls = append(p.st.calls, llmCall{
		at: p.at, took: took, node: n, history: p.history[:len(p.history):len(p.history)], broken: p.s.broken,
		no: len(p.st.calls), sessionKey: p.s.key, noSession: p.chance(11), silent: p.chance(2),
	})
	p.at += int64(took)
	c := &p.st.calls[len(p.st.calls)-1]
	if n.tools && p.chance(25) {
		c.guard = 1
	}
	return c
}

// reasoning is the long thinking that the changed prompt asks for.
func (p *script) reasoning() string {
	steps := []string{
		"Step 1: the customer asks for money back for the {item}, so the refund policy applies and not the exchange policy.",
		"Step 2: clause 1 gives 30 days after delivery; the delivery date is not known because GetOrder gave no answer in time, therefore the clause can be neither met nor failed yet.",
		"Step 3: clause 2 would shorten this to 14 days when the item was in sale; nothing in the conversation says whether {amount} was a sale price.",
		"Step 4: clause 3 speaks about hygiene products; a {item} is usually none, but the category of the item has to be read from the order and not assumed.",
		"Step 5: clause 4 concerns damage; the customer has not said that the {item} arrived damaged, so I must not suggest it, although it would change who pays for the shipping.",
		"Step 6: clause 5 is about gift cards; part of order {order} may have been paid with one, which the payment block of the order would show.",
		"Step 7: clause 6 asks whether a partner shop sold the item; the order number begins with RB, which normally means our own stock, yet marketplace orders use the same range since spring.",
		"Step 8: clause 7 needs a colleague above 250.00; the amount named is {amount}, so the answer depends on whether shipping is counted in, which the clause leaves open.",
		"Step 9: clause 8 gives two ways, the card ending in {card} or store credit; I have to offer both and wait for the choice before StartRefund may be called.",
		"Step 10: since the tool result is missing I should restate the clauses so that the customer can check them while the lookup is repeated.",
		"Step 11: the tone so far was impatient, so the restatement should stay friendly and should not read like a rejection.",
		"Step 12: taking the clauses together, a refund looks possible under clause 1 in connection with clause 8, provided that neither clause 2 nor clause 6 applies, which brings me back to the delivery date and the seller of the item.",
	}
	return p.fill(strings.Join(steps, " "))
}

func orEmpty(of []any) []any {
	if of == nil {
		return []any{}
	}
	return of
}
