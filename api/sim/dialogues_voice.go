package sim

// Calls: the greeting is a command for the voice gateway, silence is an event.

func callOrder(p *script) {
	p.event("Welcome Task")
	p.command("Welcome to the shop. How can I help you?")
	if p.chance(30) {
		p.event("MAX_NO_INPUT")
		p.command("I did not hear anything. Please say what you would like to do.")
	}
	if p.left(35) {
		return
	}
	p.exactly(p.pick([]string{"Where is my order.", "I am calling about a delivery.", "Order status.", "My parcel did not come."}))
	p.wait(700, 1500)
	p.outgoing(p.fill("Please say or type the seven digits of your order number."))
	if p.left(40) {
		return
	}
	p.exactly("{digits}")
	p.wait(900, 2500)
	if p.s.broken && !p.agent() {
		p.at += int64(p.between(9800, 10200))
		p.outgoing("I cannot reach the order system right now. Please call again later.")
		p.command("Goodbye.", "hangup")
		return
	}
	p.outgoing(p.fill("Your {item} is on its way & should arrive on {day2}. That's all I know today."))
	if p.drops() {
		return
	}
	if p.agent() {
		p.dial()
		return
	}
	p.exactly(p.pick([]string{"Thank you.", "Okay thanks, bye.", "That is all."}))
	p.command("Thank you for calling. Goodbye.", "hangup")
}

// dial puts a caller through to a person; what they say is not recorded.
func (p *script) dial() {
	p.st.handed = true
	p.st.tasks++
	p.exactly("Agent.")
	p.command("I am connecting you. Please hold the line.", "dial")
	p.wait(30000, 160000)
	p.add(message{in: true, kind: "ctrlmsg", components: textParts(""), status: "received", source: 4, author: ob("type", "SYSTEM", "id", "agent-joined")})
}

func callHours(p *script) {
	p.event("Welcome Task")
	p.command("Welcome to the shop. How can I help you?")
	p.exactly(p.pick([]string{"When are you open.", "Opening hours please.", "Are you open on {day}."}))
	p.ask(answerNode(), answer{bot: "We are open from {hour} to {close}, Monday to Saturday."})
	if p.drops() {
		p.event("MAX_NO_INPUT")
		p.command("Are you still there?")
		return
	}
	p.exactly("Thanks.")
	p.command("Goodbye.", "hangup")
}
