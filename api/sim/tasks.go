package sim

import (
	"strings"

	"korescope/api"
)

// execution is one run of a task in a session.
type execution struct {
	task string
	kind string // dialog, faq, alert
	ok   bool
}

// executions lists the tasks of a session, as many as getSessions counts. What
// was handed over ran the transfer as a task of its own. A task fails when the
// publish broke it, when what it promised could not be done, and in two of five
// conversations that were left in the middle.
func (st *story) executions() []execution {
	n := st.tasks
	var out []execution
	if st.handed && n > 1 {
		out = append(out, execution{"Agent transfer", "dialog", true})
		n--
	}
	task, kind := taskOf(st.s)
	failing := st.failing(n)
	for i := range n {
		out = append(out, execution{task, kind, i >= failing})
	}
	return out
}

func (st *story) failing(n int) int {
	s := st.s
	hurt := s.scene.name == "refund" || s.scene.name == "order status" || s.scene.name == "call order"
	switch {
	case s.broken && hurt && s.outcome != api.SelfService:
		return n
	case s.scene.name == "cancel order" && st.handed:
		return 1
	case s.outcome == api.DropOff && blend(s.key, 0x7a5c)%5 < 2:
		return 1
	}
	return 0
}

// taskOf is the task that a scene is made of, by the name that model calls have
// for it too.
func taskOf(s *session) (task, kind string) {
	switch s.scene.name {
	case "refund", "models", "model failures":
		return "Refund", "dialog"
	case "order status", "call order", "two at once":
		return "Order status", "dialog"
	case "opening hours", "call hours", "audiocodes", "old key":
		return "Answers", "faq"
	case "gift card", "no status":
		return "Gift card", "dialog"
	case "advice", "long", "loose keys":
		return "Product advice", "dialog"
	case "loyalty":
		return "Loyalty", "dialog"
	case "change address", "odd tags":
		return "Change address", "dialog"
	case "cancel order":
		return "Cancel order", "dialog"
	case "complaint":
		return "Delivery complaint", "dialog"
	case "payment":
		return "Payment", "dialog"
	case "password":
		return "Login help", "dialog"
	case "shipped", "alerts":
		return "Shipping notice", "alert"
	case "card":
		return "Card help", "dialog"
	case "balance":
		return "Balance", "dialog"
	case "limit":
		return "Transfer limit", "dialog"
	case "appointment":
		return "Appointment", "dialog"
	}
	if strings.HasPrefix(s.scene.name, "channel ") {
		return "Answers", "faq"
	}
	return "Small talk", "dialog"
}
