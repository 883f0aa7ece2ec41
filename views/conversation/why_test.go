package conversation_test

import (
	"testing"

	"korescope/api"
	"korescope/views/viewtest"
)

// judged is the conversation with a verdict.
func judged(t *testing.T) *stand {
	t.Helper()
	s := talk(t)
	s.judged = true
	return s
}

// faultless is one in which nothing went wrong.
func faultless(t *testing.T) *stand {
	t.Helper()
	s := judged(t)
	s.calls.Says(nil, viewtest.Noon())
	s.messages.Says(viewtest.Messages()[:3], viewtest.Noon())
	return s
}

func TestTheHeadSaysWhy(t *testing.T) {
	judged(t).open(80, 24).Has("WHY  model: provider error 429 > answer cut at 4096 tokens > left")
	faultless(t).open(80, 24).Has("WHY  no fault seen: the user left")
}

// The conversation opens where the fault can be seen, without one at the top, and
// the person's own moves and the way here come first.
func TestTheConversationOpensAtTheCause(t *testing.T) {
	judged(t).open(80, 24).Has(">  1:51 llm", "provider error 429", "40718")
	faultless(t).open(80, 24).Has(">  0:0")
	s := judged(t).open(80, 24)
	s.Keys("g", "r").Lacks(">  1:51 llm")
	s = judged(t)
	s.route.Message = viewtest.Messages()[3].ID
	s.open(80, 24).Lacks(">  1:51 llm")
}

func TestAVerdictOfAnotherSessionIsDropped(t *testing.T) {
	s := judged(t).open(80, 24)
	s.messages.Says(nil, viewtest.Noon())
	s.calls.Says(nil, viewtest.Noon())
	s.Keys("ctrl+n").Lacks("provider error 429")
}

func TestNothingIsAskedForTheVerdict(t *testing.T) {
	s := judged(t).open(80, 24)
	if len(s.messages.Asked) != 1 || len(s.calls.Asked) != 1 || s.messages.Lanes[0] != api.Person {
		t.Errorf("asked %d and %d times", len(s.messages.Asked), len(s.calls.Asked))
	}
}

// longChain is a verdict of more than two lines, with a person's name in it.
func longChain(t *testing.T) *stand {
	t.Helper()
	s := judged(t)
	calls := viewtest.Calls()
	for i := range calls {
		calls[i].Problem = "provider error 429: the request of p.lindqvist@example.test was refused by the gateway number " + string(rune('a'+i))
		calls[i].Prompt += string(rune('a' + i))
	}
	s.calls.Says(calls, viewtest.Noon())
	s.mask = masked(t).mask
	return s
}

// The verdict quotes what was said, so it is masked as that is.
func TestTheVerdictIsMasked(t *testing.T) {
	longChain(t).open(140, 40).Has("WHY  model: provider error 429").Lacks("lindqvist")
}
