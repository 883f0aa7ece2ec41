package api

import "strings"

// Fits reports whether a row is what the question asks for, as far as rows tell:
// they do not carry the identity at the channel, nor internal names of features
// (see Told).
func (q LLMQuery) Fits(c LLMCall) bool {
	switch {
	case q.Bot != "" && c.Bot != "" && c.Bot != q.Bot:
	case q.OwnUser() && c.User != q.User:
	case q.Channel != "" && !strings.EqualFold(c.Channel, q.Channel):
	case q.TaskID() && c.Task != q.Task:
	case q.Task != "" && !q.TaskID() && !strings.Contains(strings.ToLower(c.Description), strings.ToLower(q.Task)):
	case q.Feature != "" && !internalName(q.Feature) && !sameFeature(q.Feature, c.Feature):
	default:
		return true
	}
	return false
}

// Told reports that rows themselves tell whether they are what is asked for.
func (q LLMQuery) Told() bool {
	return (q.User == "" || q.OwnUser()) && !internalName(q.Feature)
}

// OwnUser reports a user named as rows name it.
func (q LLMQuery) OwnUser() bool { return strings.HasPrefix(string(q.User), "u-") }

// TaskID reports a task named by its id, which the platform can look for.
func (q LLMQuery) TaskID() bool { return strings.HasPrefix(q.Task, "dg-") }

// internalName tells "dynamicEntity" from "Agent Node": the pages have both, and
// rows show the latter only (reference 9.1).
func internalName(feature string) bool {
	return feature != "" && !strings.ContainsAny(feature, " -") && feature[0] >= 'a' && feature[0] <= 'z' &&
		feature != strings.ToLower(feature)
}

// sameFeature compares names of features loosely: they were renamed, and are
// spelt with and without blanks.
func sameFeature(asked, shown string) bool {
	a, b := plainFeature(asked), plainFeature(shown)
	return strings.Contains(b, a)
}

func plainFeature(s string) string {
	s = strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(s))
	switch s { // renamed in January 2025
	case "genainode":
		return "agentnode"
	case "genaiprompt":
		return "promptnode"
	}
	return s
}
