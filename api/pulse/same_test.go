package pulse_test

import (
	"slices"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/pulse"
	"korescope/api/verdict"
)

// talk is a conversation that was left after these faults and last words.
func talk(id string, minute int, last string, links ...verdict.Link) pulse.Talk {
	s := api.Session{
		ID: api.SessionID(id), Start: start().Add(time.Duration(minute) * time.Minute), Status: api.StatusClosed, Channel: "rtm",
		Containment: api.DropOff, SessionTags: []api.Tag{tag("build", "5.18.0")},
	}
	return pulse.Talk{Session: s, Tail: pulse.Tail{Why: verdict.Verdict{Links: append(links, verdict.Link{Kind: verdict.Left})}, Bot: last}}
}

func TestWhatIsTheSameFailure(t *testing.T) {
	slow := verdict.Link{Kind: verdict.Service, Subject: "GetOrder"}
	cut := verdict.Link{Kind: verdict.Cut, Subject: "refund-assistant"}
	pay := verdict.Link{Kind: verdict.Service, Subject: "GetPayment"}
	sorry := "Could you say that again?"
	finished := talk("finished", 4, "Done.", slow)
	finished.Session.Containment = api.SelfService
	person := talk("person", 5, "One moment.", cut)
	person.Session.Containment = api.Agent
	open := talk("open", 6, "", slow)
	open.Session.Status = api.StatusActive
	rows := talk("by its node", 7, "")
	rows.Rows = []api.Metric{{Kind: api.NodeRuns, Node: "GetOrder", Status: "failure", Code: "504"}}
	all := []pulse.Talk{
		talk("self", 1, sorry, slow, cut), talk("both", 2, "Hm.", slow, cut), talk("one", 3, sorry, slow), finished, person, open, rows,
		talk("other cause, same words", 8, sorry, pay), talk("only words", 9, sorry), talk("nothing in common", 10, "Bye."),
	}
	tests := map[string]struct {
		of    pulse.Talk
		want  []api.SessionID
		notes map[api.SessionID]pulse.Note
	}{
		"by causes, the most in common first, then the newest": {
			of: all[0], want: []api.SessionID{"both", "one", "open", "person", "finished"},
			notes: map[api.SessionID]pulse.Note{"finished": pulse.AllTheSame, "person": pulse.HandedOver, "open": pulse.StillOpen},
		},
		"by a node that failed": {of: rows, want: nil},
		"by its last words where no cause was seen": {
			of: talk("self", 1, "could you say that again?"), want: []api.SessionID{"only words", "other cause, same words", "one"},
			notes: map[api.SessionID]pulse.Note{"only words": pulse.OnlyLastTurn, "one": pulse.OnlyLastTurn, "other cause, same words": pulse.OnlyLastTurn},
		},
		"nothing to know it by": {of: talk("self", 1, ""), want: nil},
	}
	for name, test := range tests {
		got := pulse.Same(test.of.Features(), test.of.Session.ID, all)
		var ids []api.SessionID
		for _, a := range got {
			ids = append(ids, a.Session.ID)
			if a.Note != test.notes[a.Session.ID] {
				t.Errorf("%s: the note of %s is %q", name, a.Session.ID, a.Note)
			}
			if !pulse.Telling(a.Matched[0]) {
				t.Errorf("%s: %s leads with %v", name, a.Session.ID, a.Matched)
			}
		}
		if !slices.Equal(ids, test.want) {
			t.Errorf("%s: %q", name, ids)
		}
	}
	if pulse.Recognisable(talk("self", 1, "").Features()) {
		t.Error("channel and build are taken for a failure")
	}
}

// A fingerprint holds what the evidence has, each thing once.
func TestAFingerprint(t *testing.T) {
	one := talk("s", 1, "Order 4711 is late.")
	one.Session.Languages = []string{"en"}
	one.Tail.Why.Links = append(one.Tail.Why.Links, verdict.Link{Kind: verdict.Waited})
	one.Calls = []api.LLMCall{
		{Prompt: "refund", Model: "GPT-4o", Finish: "length", Guardrails: []api.Guardrail{{Name: "toxicity", Outcome: "Detected"}, {Name: "topics", Outcome: "Not Detected"}}},
		{Prompt: "refund", Model: "GPT-4o", Finish: "stop"},
	}
	one.Rows = []api.Metric{
		{Kind: api.FailedTasks, Task: "Refund", Point: "GetOrder", Reason: "no answer for order 12"},
		{Kind: api.NodeRuns, Node: "GetOrder", Status: "success", Code: "200"},
	}
	var got []string
	for _, f := range one.Features() {
		got = append(got, f.Kind+"="+f.Value)
	}
	want := []string{
		"channel=rtm", "language=en", "tag=build=5.18.0", "task=Refund at GetOrder: " + verdict.Fold("no answer for order 12", ""),
		"end=wait", "last bot turn=" + verdict.Fold("Order 4711 is late.", "en"), "prompt=refund", "model=GPT-4o", "finish=length",
		"guardrail=toxicity", "finish=stop",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
