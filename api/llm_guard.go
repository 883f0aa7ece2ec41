package api

import (
	"cmp"
	"slices"
	"strings"
)

// GuardrailRow reports a row that a guardrail wrote, beside the row of the call
// that it guards.
func (c LLMCall) GuardrailRow() bool {
	feature := strings.ToLower(c.Feature)
	return strings.Contains(feature, "guardrail") ||
		feature == "" && strings.HasPrefix(strings.ToLower(c.Description), "guardrail")
}

// Worst is the outcome that matters most of the guardrails that a row tells of:
// one that detected something before one that did not, a higher risk before a
// lower one. False when the row tells of none.
func (c LLMCall) Worst() (Guardrail, bool) {
	if len(c.Guardrails) == 0 {
		return Guardrail{}, false
	}
	return slices.MaxFunc(c.Guardrails, func(a, b Guardrail) int {
		return cmp.Or(cmp.Compare(a.weight(), b.weight()), cmp.Compare(a.Risk.Value, b.Risk.Value))
	}), true
}

// Detected reports a guardrail that found something.
func (g Guardrail) Detected() bool {
	return strings.EqualFold(strings.TrimSpace(g.Outcome), "detected")
}

func (g Guardrail) weight() int {
	switch {
	case g.Detected():
		return 2
	case g.Outcome != "":
		return 1
	}
	return 0
}
