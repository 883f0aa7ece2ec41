package sim

import "fmt"

func refundSteps() []step {
	const refund, answer, way, order = "Refund", "RefundAnswer", "AskWay", "AskOrder"
	steps := []step{
		{input: "Start_Flow", want: "Hi! Ask me anything.", node: "Welcome", task: "Welcome"},
		{input: "I want a refund", want: "Which order is it? The number starts with RB.", node: order, task: refund},
		{input: "RB-4200042", want: "Card or store credit?", node: way, task: refund, choices: []string{"Card", "Store credit"}, hit: losesText},
		{input: "Card", want: "The refund is started", says: "Done. The refund is started, its number is RF-4200042.", node: answer, task: refund},
	}
	for i, typed := range []string{"my money back please", "The rain jacket is too small", "I was charged twice", "return the kettle", "Refund for a gift", "wrong colour"} {
		no := fmt.Sprintf("RB-42001%02d", i)
		choice := []string{"Card", "Store credit"}[i%2]
		last := step{input: choice, want: "The refund is started", says: "All set. The refund is started, please allow 3 to 5 working days.", node: answer, task: refund}
		if i == 3 {
			last.context, last.hit = "entities.order_id", losesContext
		}
		steps = append(steps,
			step{input: typed, want: "Which order is it? The number starts with RB.", node: order, task: refund, context: "intent"},
			step{input: no, want: "Card or store credit?", node: way, task: refund, choices: []string{"Card", "Store credit"}},
			last,
			step{input: "thanks", want: "You are welcome!"})
	}
	return steps
}

func orderSteps() []step {
	return []step{
		{input: "Start_Flow", want: "Hi! Ask me anything.", node: "Welcome", task: "Welcome"},
		{input: "cancel order RB-4200077", want: "Cancel it?", node: "ConfirmCancel", task: "Cancel order", choices: []string{"Yes, cancel", "No, keep it"}},
		{input: "Yes, cancel", want: "Order RB-4200077 is cancelled.", node: "Cancelled", task: "Cancel order", context: "cancelled"},
		{input: "thanks", want: "You are welcome!"},
		{input: "Change delivery address please", want: "What is the new address?", node: "AskAddress", task: "Change address"},
		{input: "12 Mill Street, Millford", want: "So it is 12 Mill Street, Millford?", node: "ConfirmAddress", task: "Change address", choices: []string{"Yes", "No, correct it"}},
		{input: "Yes", want: "Saved.", says: "Saved. Open orders go there now.", node: "AddressSaved", task: "Change address", context: "address.city"},
		{input: "help", want: "Which language?", node: "Language", task: "Welcome", choices: []string{"English", "Deutsch"}},
		{input: "English", want: "What can I do for you?"},
		{input: "Wrong item in the parcel", want: "Do you have a photo?", node: "AskPhoto", task: "Delivery complaint"},
		{input: "no", want: "Which order is it?", node: "AskOrder", task: "Delivery complaint"},
		{input: "RB-4200078", want: "A new one is on its way to you.", node: "Replaced", task: "Delivery complaint"},
	}
}

// nightSteps is one round of the long suite: ten steps.
func nightSteps(round int) []step {
	no := fmt.Sprintf("RB-42010%02d", round)
	hit := unharmed
	if round%2 == 0 {
		hit = losesText
	}
	steps := []step{
		{input: "When do you open on Monday?", want: "open from 9:00", says: "On Monday we are open from 9:00 to 20:00.", node: "SearchAnswer", task: "Answers"},
		{input: "And parking?", want: "two hours of free parking", says: "There are two hours of free parking behind the shop.", node: "SearchAnswer", task: "Answers"},
		{input: "gift card balance", want: "Please send me the number on the back.", node: "AskNumber", task: "Gift card"},
		{input: fmt.Sprintf("GC0000-00%02d", round), want: "left on your card", says: "There are 20.00 left on your card.", node: "SmallAnswer", task: "Gift card", context: "entities.card"},
		{input: "my points", want: "points in your account", says: "There are 120 points in your account.", node: "PointsAnswer", task: "Loyalty"},
		{input: "cancel " + no, want: "Cancel it?", node: "ConfirmCancel", task: "Cancel order", choices: []string{"Yes, cancel", "No, keep it"}},
		{input: "No, keep it", want: "Nothing was changed."},
		{input: "Refund please", want: "Which order is it? The number starts with RB.", node: "AskOrder", task: "Refund"},
		{input: no, want: "Card or store credit?", node: "AskWay", task: "Refund", choices: []string{"Card", "Store credit"}, hit: hit},
		{input: "never mind", want: "OK. Is there anything else?"},
	}
	if round == 0 {
		steps[0].input = "Start_Flow"
	}
	return steps
}
