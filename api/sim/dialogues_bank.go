package sim

import "korescope/api"

// The second bot of the account: small, healthy, another business.

func bankPlot(d *dice, _ bool) (scene, api.Containment) {
	outcome := usualOutcome(d)
	switch n := d.below(100); {
	case n < 35:
		return scene{name: "card", tell: lockCard}, outcome
	case n < 65:
		return scene{name: "balance", tell: balance}, outcome
	case n < 85:
		return scene{name: "limit", tell: transferLimit}, outcome
	}
	return scene{name: "appointment", tell: appointment}, outcome
}

func lockCard(p *script) {
	p.user("I lost my card", "please lock my card", "My card was stolen!", "How do I block a card?")
	p.ask(bankNode(), answer{bot: "I am sorry. Shall I lock the card ending in {card} right now?", analysis: "Loss of a card, one card known.", entities: []any{ob("card", p.facts.card)}})
	if p.drops() {
		return
	}
	p.user("Yes", "yes, quickly please", "yes lock it")
	if p.agent() {
		p.toDesk()
		p.desk("The card is locked. I see one payment after the loss, let us go through it together.")
		return
	}
	p.ask(bankNode(), answer{bot: "The card ending in {card} is locked. A new one arrives within five days.", analysis: "Locked after consent.", ended: true})
	p.thanks()
}

func balance(p *script) {
	p.user("what's my balance", "How much money is in my account?", "balance please")
	p.bot("Your current account shows {amount}. The last booking was on {day}.")
	if !p.drops() {
		p.thanks()
	}
}

func transferLimit(p *script) {
	p.user("Raise my transfer limit", "I need to send a larger amount today", "what is my daily limit?")
	p.quick("Your daily limit is 2,000. Raise it for today?", "5,000", "10,000", "Leave it")
	if p.drops() {
		return
	}
	p.exactly("5,000")
	if p.agent() {
		p.toDesk()
		p.desk("I have to ask two questions to be sure it is you.")
		return
	}
	p.bot("Confirmed in the app: your limit is 5,000 until midnight.")
}

func appointment(p *script) {
	p.user("I want to talk about a mortgage", "appointment please", "Can I see someone in {city} on {day}?")
	p.quick("There is time in {city} on {day2}:", "10:00", "14:30", "16:00")
	if p.drops() {
		return
	}
	p.exactly("14:30")
	p.bot("Booked: {day2}, 14:30, {city}. See you there, {name}.")
}
