package views

import (
	"slices"
	"strings"

	"korescope/api"
	"korescope/api/payload"
)

// Change is one line of what is new in a call.
type Change struct {
	Kind ChangeKind
	Role string // of a message
	Name string // of a setting or of a key of the answer
	Old  string
	New  string
}

// ChangeKind says what a Change is about.
type ChangeKind uint8

// The kinds of change.
const (
	SettingChanged ChangeKind = iota + 1
	LineRemoved               // of a message that both calls have in the same place
	LineAdded
	MessageAdded
	MessageGone
	AnswerChanged // a key of the JSON in the answer
)

// Previous finds the call before c in the same conversation: the latest that
// began earlier, of the same task when there is one. list may be in any order.
func Previous(c api.LLMCall, list []api.LLMCall) (api.LLMCall, bool) {
	var best api.LLMCall
	found := false
	better := func(x api.LLMCall) bool {
		if !found || (x.Task == c.Task) != (best.Task == c.Task) {
			return !found || x.Task == c.Task
		}
		return x.Start.After(best.Start)
	}
	for _, x := range list {
		same := x.ID != c.ID && x.Session == c.Session && c.Session != ""
		if same && !x.Start.After(c.Start) && better(x) {
			best, found = x, true
		}
	}
	return best, found
}

// Compare lists what is new in now against before: changed settings, changed
// lines of the system text, messages that were added, keys of the answer's JSON
// that differ. Nothing is listed that both have alike.
func Compare(before, now payload.Reading) []Change {
	out := settingChanges(before, now)
	shared := 0
	for shared < min(len(before.Asked), len(now.Asked)) &&
		before.Asked[shared].Role == now.Asked[shared].Role && aligned(before, now, shared) {
		old, cur := before.Asked[shared], now.Asked[shared]
		if old.Text != cur.Text {
			out = append(out, lineChanges(cur.Role, old.Text, cur.Text)...)
		}
		shared++
	}
	for _, m := range before.Asked[shared:] {
		out = append(out, Change{Kind: MessageGone, Role: m.Role, Old: m.Text})
	}
	for _, m := range now.Asked[shared:] {
		out = append(out, Change{Kind: MessageAdded, Role: m.Role, Name: m.Name, New: m.Text})
	}
	return append(out, answerChanges(before, now)...)
}

// aligned reports whether the messages at i are the same one, possibly edited.
// The first message of each is: it is the system text, whatever it says.
func aligned(before, now payload.Reading, i int) bool {
	return i == 0 || before.Asked[i].Text == now.Asked[i].Text
}

func settingChanges(before, now payload.Reading) []Change {
	return memberChanges(SettingChanged, before.Settings, now.Settings)
}

// memberChanges compares members by name, in the order of now; what only before
// has comes last.
func memberChanges(kind ChangeKind, before, now []payload.Setting) []Change {
	was := map[string]string{}
	for _, s := range before {
		was[s.Name] = s.Value
	}
	is := map[string]bool{}
	var out []Change
	for _, s := range now {
		if is[s.Name] = true; was[s.Name] != s.Value {
			out = append(out, Change{Kind: kind, Name: s.Name, Old: was[s.Name], New: s.Value})
		}
	}
	for _, s := range before {
		if !is[s.Name] && s.Value != "" {
			out = append(out, Change{Kind: kind, Name: s.Name, Old: s.Value})
		}
	}
	return out
}

// lineMost bounds the lines compared; a longer text is taken as changed whole.
const lineMost = 1500

func lineChanges(role, old, cur string) []Change {
	a, b := strings.Split(old, "\n"), strings.Split(cur, "\n")
	if len(a) > lineMost || len(b) > lineMost {
		return []Change{{Kind: LineRemoved, Role: role, Old: old}, {Kind: LineAdded, Role: role, New: cur}}
	}
	var out []Change
	common := commonLines(a, b)
	i, j := 0, 0
	for _, pair := range append(common, [2]int{len(a), len(b)}) {
		for ; i < pair[0]; i++ {
			out = append(out, Change{Kind: LineRemoved, Role: role, Old: a[i]})
		}
		for ; j < pair[1]; j++ {
			out = append(out, Change{Kind: LineAdded, Role: role, New: b[j]})
		}
		i, j = pair[0]+1, pair[1]+1
	}
	return out
}

// commonLines is the longest common subsequence as pairs of indexes.
func commonLines(a, b []string) [][2]int {
	best := make([][]int, len(a)+1)
	for i := range best {
		best[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				best[i][j] = best[i+1][j+1] + 1
			} else {
				best[i][j] = max(best[i+1][j], best[i][j+1])
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// answerChanges compares the JSON inside the two answers key by key, as far as
// both are JSON: a generative node answers in that form.
func answerChanges(before, now payload.Reading) []Change {
	old, ok := payload.Members(before.Said())
	cur, ok2 := payload.Members(now.Said())
	if !ok || !ok2 {
		return nil
	}
	worded := func(s payload.Setting) bool { return s.Name == "bot" || s.Name == "analysis" }
	return memberChanges(AnswerChanged, slices.DeleteFunc(old, worded), slices.DeleteFunc(cur, worded))
}
