package sim

func openingHours(p *script) {
	p.tag("intent", "opening_hours")
	p.ask(answerNode(), answer{bot: p.exchange([]pair{
		{"When do you open on {day}?", "On {day} we are open from {hour}:00 to {close}:00."},
		{"opening hours {city}", "The {store} shop in {city} is open from {hour}:00 to {close}:00, Monday to Saturday."},
		{"Is the {store} shop open now?", "Yes, {store} is open until {close}:00 today."},
		{"Are you open on Sunday?", "Our shops are closed on Sunday, except {store}, which opens from 12:00 to 17:00."},
		{"till when is the store in {city} open today", "Our shop in {city} closes at {close}:00 today."},
		{"hours for {store} please", "{store}: {hour}:00 to {close}:00, Monday to Saturday."},
		{"What time do you close?", "Most shops close at {close}:00. Which city do you mean?"},
	})})
	if p.drops() || p.chance(40) {
		return
	}
	p.ask(answerNode(), answer{bot: p.exchange([]pair{
		{"And parking?", "There are two hours of free parking behind the shop."},
		{"Is there a café?", "Yes, on the first floor, it closes one hour before the shop."},
		{"Can I return things there?", "Yes, at the service desk on the ground floor. Please bring the order number."},
		{"Do you have the {item} there?", "There are a few left in {store}, best reserve one online."},
		{"can I bring my dog", "Dogs on a lead are welcome in all our shops."},
	})})
	p.thanks()
}

func giftCard(p *script) {
	p.tag("intent", "gift_card")
	p.user("How much is left on my gift card?", "gift card balance", "check gift card {gift}", "Does my gift card still work?", "I got a gift card, how do I use it?")
	p.bot("Please send me the number on the back.", "What is the number of the card? It starts with GC.")
	if p.drops() {
		return
	}
	p.user("{gift}", "it's {gift}", "{gift} I think")
	p.ask(giftNode(), answer{bot: p.pick([]string{"There are {left}.00 left on your card, valid for two more years.", "Your gift card holds {left}.00. You can use it online and in every shop."})})
	p.thanks()
}

func advice(p *script) {
	p.tag("intent", "product_advice")
	p.ask(adviceNode(), answer{bot: p.exchange([]pair{
		{"Is the {item} good for a present?", "It is one of our most popular presents, and it comes in a box you can wrap."},
		{"Do you have the {item} in {colour}?", "We have the {item} in {colour} online, and a few in {store}."},
		{"What is the difference between your two models of the {item}?", "The newer one is lighter and has a longer warranty, the older one is better value."},
		{"is the {item} in stock in {city}", "There are a few left in {city}, best reserve one online."},
		{"How do I clean the {item}?", "A damp cloth is enough. Please do not use bleach."},
		{"how long is the warranty on the {item}?", "Three years, and five if you register it within a month."},
		{"Where is the {item} made?", "It is made in a family business near {city}."},
	})})
	if p.left(70) {
		return
	}
	p.ask(adviceNode(), answer{bot: p.exchange([]pair{
		{"And how long is the delivery?", "Two to three working days, or tomorrow if you order before noon."},
		{"Is it on sale?", "Not at the moment. It costs {amount}."},
		{"What is it made of?", "Mostly of recycled material; the product page lists every part."},
		{"ok and the price?", "It costs {amount}, delivery is free above 50.00."},
		{"Which colours are there?", "There is {colour}, white and brown at the moment."},
	})})
	if p.drops() {
		return
	}
	if p.agent() {
		p.user("I want to order twelve of them for a club. Who can help?", "Can I get advice from a person?")
		p.toDesk()
		p.desk("For twelve pieces I can give you a discount. I am sending an offer to {mail}.")
		return
	}
	p.thanks()
}

func loyalty(p *script) {
	p.tag("intent", "loyalty")
	p.ask(pointsNode(), answer{bot: p.exchange([]pair{
		{"How many points do I have?", "You have {points} points, {name}. Ten points are worth 0.10 in the shop."},
		{"my points", "There are {points} points in your account."},
		{"When do my points expire?", "You have {points} points, the oldest of them expire in eleven months."},
		{"Did I get points for order {order}?", "Yes, they were added on {day}. You now have {points} points."},
		{"what are the points good for", "Ten points are worth 0.10 in the shop. You have {points}."},
	})})
	if p.drops() {
		return
	}
	if p.chance(50) {
		p.user("Can I pay with them?", "use them for my next order")
		p.ask(pointsNode(), answer{bot: "Yes. At the checkout tick \"use my points\", you can pay up to half of the order with them."})
	}
	p.thanks()
}

func password(p *script) {
	p.tag("intent", "account")
	p.user("I cannot log in", "forgot my password", "I don't get the reset mail", "my account is locked", "How can I change my e-mail address?")
	p.bot("No problem. Which e-mail address do you use with us?", "I can send you a new link. To which address?")
	if p.drops() {
		return
	}
	p.user("{mail}", "it is {mail}")
	p.link("I have sent you a link, it works for one hour. If nothing comes, look into the spam folder.", "Open the help page", "https://shop.example.test/help/login?ref=chat")
	if p.agent() {
		p.user("still nothing", "The link says expired")
		p.toDesk()
		p.desk("I have reset the account by hand. Please try again now.")
		return
	}
	p.thanks()
}

// shipped is a notice to which nobody answers.
func shipped(p *script) {
	p.tag("campaign", "shipping-notice")
	p.bot("Your {item} is on its way with {carrier}. Expected on {day2}. Track it: https://track.example.test/p/{track}",
		"Good news, {name}: order {order} was handed to {carrier} today.", "Your parcel waits at the {carrier} shop in {city} for seven days.")
	if p.chance(30) {
		p.wait(60000, 240000)
		p.bot("Delivered today at the front door. How did we do?")
	}
}
