package sim

func orderStatus(p *script) {
	p.tag("intent", "order_status")
	p.user("Where is my order?", "where is my {item}", "Has order {order} shipped yet?", "When will my parcel arrive?", "I ordered a {item} on {day} and it is not here yet.",
		"Track my order please.", "Any news about {order}?", "Status of my delivery", "My {item} was due {day}. Where is it?", "hello, I am waiting for a parcel")
	p.ask(entityNode(), answer{
		bot:      p.pick([]string{"Sure. Which order do you mean? The number starts with RB.", "I can look that up. What is the order number?", "Let me check. Please send me the order number."}),
		analysis: "No number given yet.",
	})
	if p.left(50) {
		return
	}
	p.user("{order}", "RB {digits}", "It's {order}", "order {order}", "{digits}")
	if p.s.broken && (p.drops() || p.agent()) {
		lookupFails(p)
		return
	}
	p.extract(entityNode(), answer{bot: "Thank you.", analysis: "Seven digits given, RB- added.", entities: []any{ob("order_id", p.facts.order)}, ended: true})
	p.ask(rephraseNode(), answer{bot: p.pick([]string{
		"Good news: your {item} left our warehouse on {day} with {carrier}. It should reach {city} by {day2}.",
		"Order {order} is on its way with {carrier}, tracking number {track}. Expected on {day2}.",
		"Your {item} is out for delivery today. {carrier} usually comes before six in the evening.",
		"The parcel is waiting at the {carrier} shop in {city}. Bring an identity card.",
	})})
	if p.chance(45) {
		p.link("You can follow the parcel here.", "Track the parcel", "https://track.example.test/p/{track}")
	}
	switch {
	case p.drops():
		return
	case p.agent():
		p.user("It says delivered but I have nothing", "That is the old address. Can a person change it?", "I need to talk to someone about this parcel")
		p.toDesk()
		p.user("order {order}", "the {item}, it is a present for {day2}")
		p.desk("I have asked {carrier} to search for it. You will hear from us by {day2}.", "I have changed it with {carrier}. It comes on {day2}.")
		return
	case p.chance(35):
		said := p.exchange([]pair{
			{"Can I change the delivery day?", "Yes, follow the tracking link and choose another day."},
			{"and if I am not at home?", "{carrier} leaves a card and tries again the next working day."},
			{"Can they leave it with a neighbour?", "Yes, choose \"neighbour\" on the tracking page."},
			{"does someone have to sign for it", "No, {carrier} does not ask for a signature."},
		})
		p.bot(said)
	}
	p.thanks()
}

// lookupFails is the order lookup since the publish.
func lookupFails(p *script) {
	p.tag("GetOrder", "timeout")
	p.at += int64(p.between(9900, 10200))
	p.bot("I cannot reach the order system at the moment. Please try again in a few minutes.",
		"Sorry, looking up your order takes longer than usual. Please try again later.",
		"The order lookup did not answer. Could you give me the number once more?")
	if p.left(45) {
		return
	}
	p.user("{order}", "I am trying for ten minutes now", "that is what you said before", "hello?", "Can you check again? {order}")
	p.at += int64(p.between(9900, 10200))
	p.bot("I still cannot reach the order system. Would you like to talk to a colleague?", "Sorry, the order system does not answer. A colleague could help you.")
	if p.drops() {
		if p.chance(60) {
			p.user("no", "great service...", "I will come back later", "never mind", "Then I'll call")
		}
		return
	}
	p.user("yes please", "Yes, agent", "ok")
	p.toDesk()
	p.desk("Our order system is slow today, but I can see your parcel: it is with {carrier} and due on {day2}.")
}

func cancelOrder(p *script) {
	p.tag("intent", "cancel_order")
	p.user("I want to cancel order {order}", "Please cancel my {item}", "Can I still cancel? I ordered the wrong size", "cancel {order}", "I clicked buy twice, please cancel one of them.")
	p.quick("Order {order}, one {item} for {amount}. It has not left the warehouse. Cancel it?", "Yes, cancel", "No, keep it")
	if p.drops() {
		return
	}
	p.exactly("Yes, cancel")
	p.st.tasks++
	if p.agent() {
		p.bot("This order was packed a minute ago, so I cannot stop it any more.")
		p.user("That cannot be. Let me talk to someone.", "then connect me with a person")
		p.toDesk()
		p.desk("I have told the warehouse. If it still comes, just refuse it at the door.")
		return
	}
	p.bot("Order {order} is cancelled. You are not charged, the reservation on your card ends within two days.", "Done, {order} is cancelled. A mail with the confirmation is on its way.")
	p.thanks()
}

func changeAddress(p *script) {
	p.tag("intent", "change_address")
	p.user("I moved, how do I change my address?", "Change delivery address please", "My order goes to the old address", "can you send {order} to my office instead", "wrong house number on my order {order}")
	p.bot("Sure. What is the new address?", "Please tell me street, number and city.", "I can change that. Which address should I use?")
	if p.drops() {
		return
	}
	p.user("{street}, {city}", "{street} in {city}", "it is {street}, {city}. You can reach me at {phone}")
	p.buttons("So it is {street}, {city}?", "Yes", "No, correct it")
	if p.chance(25) {
		p.exactly("No, correct it")
		p.bot("Please type the address again.")
		p.user("{street}, second floor, {city}")
		p.buttons("{street}, second floor, {city}. Right?", "Yes", "No, correct it")
	}
	p.exactly("Yes")
	if p.agent() {
		p.bot("The parcel is with {carrier} already. Only customer care can redirect it.")
		p.toDesk()
		p.desk("Redirected to {street}. It will take one day longer.")
		return
	}
	p.bot("Thank you, {name}. The new address is saved and used for open orders too.", "Saved. Order {order} goes to {street} now.")
	p.thanks()
}

func complaint(p *script) {
	p.tag("intent", "delivery_complaint")
	p.user("My parcel arrived open and the {item} is missing", "{carrier} threw my parcel over the fence!", "The {item} I got is broken", "Wrong item: I ordered a {item}", "Half of my order {order} is missing.", "The driver never rang and took the parcel back")
	p.bot("I am sorry about that. Can you send me a photo of the parcel or the item?", "That should not happen. Do you have a photo?", "Sorry! A photo helps us to settle this quickly.")
	if p.left(55) {
		return
	}
	p.other(true, media("image", "parcel-photo.jpg"))
	p.bot("Thank you. Which order is it?", "Thanks for the photo. What is the order number?")
	if p.drops() {
		return
	}
	p.user("{order}", "order {order}")
	if p.agent() {
		p.bot("Because the value is above our limit I pass this to a colleague.", "A colleague has to look at this one.")
		p.toDesk()
		p.user("It cost {amount}", "I need it by {day2}", "See the photo above")
		p.desk("I have ordered a replacement for you, it leaves today.", "I am sorry for the trouble. A new {item} is on its way, and you keep 10 % of the price.")
		return
	}
	p.bot("A new {item} is on its way to you, without cost. You do not need to send the old one back.", "I have registered the damage. The replacement arrives by {day2}.")
	p.thanks()
}

func payment(p *script) {
	p.tag("intent", "payment")
	p.user("My card was declined but {amount} are gone", "payment failed three times", "I cannot pay with my card", "Why was I charged {amount}?", "my payment is pending since {day}", "The checkout says payment error 12")
	p.bot("Let me check. The last four digits of the card, please? Never send the whole number.", "I see a failed attempt over {amount}. Which card did you use? Only the last four digits, please.")
	if p.left(60) {
		return
	}
	p.user("{card}", "it ends in {card}", "...{card}")
	if p.agent() {
		p.bot("There is a reservation I cannot release myself.")
		p.toDesk()
		p.desk("I have released the reservation of {amount}. Your bank shows it within two days.")
		return
	}
	p.form("To be safe, please confirm your card in this form.")
	if p.drops() {
		return
	}
	p.exactly("Done")
	p.bot("Thank you. The payment of {amount} went through, order {order} is confirmed.", "It worked this time. You get the confirmation by mail to {mail}.")
	p.thanks()
}
