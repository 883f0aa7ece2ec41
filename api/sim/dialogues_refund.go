package sim

import "korescope/api"

// refund is the conversation the incident is about.
func refund(p *script) {
	p.tag("intent", "refund")
	n := refundNode()
	p.user(
		"Hi, I want a refund for the {item} I bought.", "I need my money back for order {order}.",
		"The {item} does not fit, can I send it back and get a refund?", "How do I get a refund? The {item} arrived damaged.",
		"I would like to return a {item} and get my money back please.", "Refund please, the {item} is the wrong colour.",
		"Hello, I returned the {item} last {day} and still see no refund.", "My {item} broke after two days. I want a refund.",
		"Please refund {amount} for the {item}, I never received it.", "I changed my mind about the {item}. Refund?",
		"Can you refund the {item}? It came in {colour} and I ordered another colour.", "I was charged {amount} twice, please give one back.",
		"There is a {item} in my parcel that I did not order. I want the {amount} back.", "Good morning, I'd like to return my {item}, it is smaller than I thought.")
	if p.s.broken {
		brokenRefund(p, n)
		return
	}
	p.ask(n, answer{
		bot: p.pick([]string{
			"I am happy to help with that. Which order is it? The number starts with RB.",
			"Sorry to hear that. Can you give me the order number, please? It starts with RB.",
			"Of course. Please send me the order number from your confirmation mail.",
		}),
		analysis: "The customer wants a refund. The order number is missing.", entities: []any{ob("item", p.facts.item)},
	})
	if p.left(45) {
		return
	}
	p.user("It is {order}", "{order}", "The number is {digits}", "order {order}, bought on {day}", "RB {digits}", "{order}, the {item} only please")
	p.tool("GetOrder", `{"order_id":"{order}"}`, `{"order_id":"{order}","items":[{"name":"{item}","price":"{amount}"}],"delivered":"{day}","payment":"card {card}","seller":"own"}`)
	p.ask(n, answer{
		bot: p.pick([]string{
			"I found it: one {item} for {amount}, delivered on {day}. Shall the refund go to your card ending in {card} or to store credit?",
			"Thanks. The {item} ({amount}) can be returned. Do you want the money on the card ending in {card}, or as store credit?",
		}),
		analysis: "Delivered less than 30 days ago, own stock: clause 1 and 8 apply.", entities: []any{ob("order_id", p.facts.order), ob("item", p.facts.item)},
	})
	if p.drops() {
		return
	}
	if p.agent() {
		p.user("It is complicated, part of it was paid with a gift card. Can I talk to someone?", "I would rather talk to a person about this.", "No, both are wrong, that card is expired. Agent please.")
		refundDesk(p)
		return
	}
	p.user("Card please", "To the card ending in {card}", "store credit is fine", "the card", "Back to my card, thanks.")
	p.tool("StartRefund", `{"order_id":"{order}","item":"{item}","way":"card"}`, `{"refund":"RF-{digits}","status":"started"}`)
	p.ask(n, answer{
		bot: p.pick([]string{
			"Done. The refund of {amount} is started, its number is RF-{digits}. The money arrives within 3 to 5 working days.",
			"All set: {amount} are on their way back to you (RF-{digits}). Please allow 3 to 5 working days. You get the return label by mail.",
		}),
		analysis: "The customer chose; the refund is started.", entities: []any{ob("order_id", p.facts.order), ob("way", "card")}, ended: true,
	})
	p.st.tasks++
	p.thanks()
}

// brokenRefund is the same after the publish: the lookup times out and the
// longer answer no longer fits into the tokens it is given.
func brokenRefund(p *script, n *node) {
	p.tag("GetOrder", "timeout")
	first := answer{
		bot: p.pick([]string{
			"I am sorry that the {item} is not what you expected. According to clause 1 you can return items within 30 days after delivery. Which order is it?",
			"I can help you with the {item}. Items may be returned within 30 days after delivery, items in sale within 14 days. Please give me the order number.",
			"Let us look at this together. Clause 1 of our policy allows returns for 30 days, clause 8 pays the money back to your card. What is the order number?",
			"Thank you for telling me about the {item}. Before I check the clauses of the return policy I need the order number, it starts with RB.",
		}),
		analysis: "The customer wants a refund for the {item}. No order number yet.", entities: []any{ob("item", p.facts.item)},
	}
	p.ask(n, first)
	if p.left(6) {
		return
	}
	p.user("It is {order}", "{order}", "The number is {digits}", "order {order}", "{order}, from last {day}", "sure, {order}")
	p.tool("GetOrder", `{"order_id":"{order}"}`, `{"error":"ETIMEDOUT","service":"GetOrder","elapsedMs":10000}`)
	p.at += int64(p.between(9900, 10100))
	second := answer{
		bot:      "I am looking at order {order} for you. The policy says that items may be returned within 30 days after delivery, within 14 days when they were in sale, and that the money goes back to the card that was used.",
		analysis: "Order number {order} given, GetOrder timed out after 10 s.", entities: []any{ob("order_id", p.facts.order)},
	}
	if p.s.outcome == api.SelfService {
		p.tool("GetOrder", `{"order_id":"{order}"}`, `{"order_id":"{order}","items":[{"name":"{item}","price":"{amount}"}],"delivered":"{day}","payment":"card {card}"}`)
		p.ask(n, second)
		p.user("ok, card please", "yes, that is the one. Back to my card", "fine")
		p.tool("StartRefund", `{"order_id":"{order}","item":"{item}","way":"card"}`, `{"refund":"RF-{digits}","status":"started"}`)
		p.ask(n, answer{bot: "The refund of {amount} is started, its number is RF-{digits}. The money arrives within 3 to 5 working days.", analysis: "Refund started.", ended: true})
		p.thanks()
		return
	}
	switch p.below(12) {
	case 0:
		p.fails(n, 429, "Rate limit reached for gpt-4o in organization org-example on tokens per min. Limit: 60000, Used: 59210.", false)
	case 1:
		p.fails(n, 504, "upstream request timeout", false)
	case 2:
		p.fails(n, 500, "", true)
	default:
		p.cut(n, second)
	}
	if p.left(18) {
		return
	}
	p.user("{order}", "I just told you, {order}", "order number {order}", "The refund for order {order}!!", "as I said, I want a refund for {order}", "again: {order}", "{order} ... refund")
	p.tool("GetOrder", `{"order_id":"{order}"}`, `{"error":"ETIMEDOUT","service":"GetOrder","elapsedMs":10000}`)
	p.at += int64(p.between(9900, 10100))
	p.cut(n, second)
	if p.left(40) {
		return
	}
	if p.drops() {
		if p.chance(35) {
			p.user("it is the {item}, {amount}, bought on {day}", "what else do you need?? the {item} from order {order}", "Refund. {item}. {order}. Please.", "I have the invoice here: {order}, {amount}", "my address is {street}, {city} if that helps")
			p.cut(n, second)
		}
		p.user("forget it", "this is useless", "you asked me that already", "Seriously? Never mind.", "I have said it twice now", "ok I give up", "What is wrong with you today", "No. I will call my bank instead.", "I will try later", "waste of time")
		if p.chance(45) {
			p.cut(n, second)
		}
		return
	}
	p.user("Let me talk to a human", "Agent please", "can I speak to somebody who understands me", "human!!", "I want a real person")
	refundDesk(p)
}

func refundDesk(p *script) {
	p.toDesk()
	p.user("I want {amount} back for the {item}, order {order}", "Please just refund order {order}", "It is about order {order}, the {item}")
	p.desk("I have opened {order}. I am starting the refund of {amount} by hand now.", "Understood. I see the {item} in your order and I can refund it for you.")
	if p.chance(60) {
		p.user("Thank you!", "finally, thanks", "How long will it take?")
		p.desk("You get a mail in a minute, and the money within 3 to 5 working days. Anything else?", "It takes 3 to 5 working days. Have a good day.")
	}
}

// thanks ends a conversation that went well.
func (p *script) thanks() {
	switch p.below(4) {
	case 0:
		p.quick(p.pick([]string{"Is there anything else I can do for you?", "Can I help with anything else?"}), "No, thanks", "Yes")
		p.exactly("No, thanks")
		p.bot("You are welcome. Have a nice day!", "Glad I could help. See you soon!")
	case 1:
		p.user("Great, thank you", "thanks a lot", "Perfect, thanks!", "ok thx", "Wonderful. Bye")
		p.bot("You are welcome!", "My pleasure. Have a nice day!", "Any time. Goodbye!")
	case 2:
		p.user("thanks", "Thank you, that was quick", "super")
	}
}
