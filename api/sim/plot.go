package sim

import "korescope/api"

// retailPlot is what people want from the shop. Before the publish about one
// conversation in eight is left; after it more than half are, nearly all of
// them refunds and order lookups, while the rest goes on as ever.
func retailPlot(d *dice, broken bool) (scene, api.Containment) {
	if broken {
		return brokenPlot(d)
	}
	return usualScene(d), usualOutcome(d)
}

func usualOutcome(d *dice) api.Containment {
	switch n := d.below(1000); {
	case n < 122:
		return api.DropOff
	case n < 222:
		return api.Agent
	}
	return api.SelfService
}

func brokenPlot(d *dice) (scene, api.Containment) {
	n, o := d.below(100), d.below(100)
	switch {
	case n < 56:
		return scene{name: "refund", tell: refund}, oneOf(o, 80, 14)
	case n < 74:
		return scene{name: "order status", tell: orderStatus}, oneOf(o, 58, 14)
	}
	quiet := []scene{
		{name: "opening hours", tell: openingHours}, {name: "change address", tell: changeAddress}, {name: "gift card", tell: giftCard},
		{name: "loyalty", tell: loyalty}, {name: "advice", tell: advice}, {name: "opening hours", tell: openingHours},
		{name: "call hours", tell: callHours, channels: calls()},
	}
	return quiet[d.below(len(quiet))], oneOf(o, 9, 4)
}

// oneOf turns a throw of 100 into an outcome: left, to the desk, else solved.
func oneOf(throw, left, desk int) api.Containment {
	switch {
	case throw < left:
		return api.DropOff
	case throw < left+desk:
		return api.Agent
	}
	return api.SelfService
}

func calls() []string { return []string{"korevg", "korevg", "ivrVoice"} }

func usualScene(d *dice) scene {
	n := d.below(100)
	for _, row := range []struct {
		upTo int
		s    scene
	}{
		{17, scene{name: "refund", tell: refund}},
		{38, scene{name: "order status", tell: orderStatus}},
		{47, scene{name: "opening hours", tell: openingHours}},
		{53, scene{name: "gift card", tell: giftCard}},
		{61, scene{name: "advice", tell: advice}},
		{66, scene{name: "loyalty", tell: loyalty}},
		{72, scene{name: "change address", tell: changeAddress}},
		{77, scene{name: "cancel order", tell: cancelOrder}},
		{83, scene{name: "complaint", tell: complaint}},
		{88, scene{name: "payment", tell: payment}},
		{92, scene{name: "password", tell: password}},
		{95, scene{name: "call order", tell: callOrder, channels: calls()}},
		{98, scene{name: "call hours", tell: callHours, channels: calls()}},
	} {
		if n < row.upTo {
			return row.s
		}
	}
	return scene{name: "shipped", tell: shipped, mute: true, channels: []string{"sms", "email"}, outcome: api.SelfService}
}
