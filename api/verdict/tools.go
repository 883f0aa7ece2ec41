package verdict

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"korescope/api"
	"korescope/api/payload"
)

// What a model was told by its tools is in the requests of its calls: a tool
// that answers with an error is a service that failed, and the model's next
// answer is made of that. It is known without the debug log.

// tools reads failing tools from what the calls were asked. The turns grow from
// call to call, so of each service only what is more than before is new. What
// debug lines tell of the same service is the same failures: only those beyond
// are told.
func tools(s scene) []Link {
	told := map[string]int{}
	names := map[string]string{} // as the debug log spells them
	for _, l := range services(s) {
		name := strings.ToLower(l.Subject)
		told[name]++
		names[name] = l.Subject
	}
	before := map[string]int{}
	var out []Link
	for _, c := range s.Calls {
		now := map[string]int{}
		for _, f := range failedTools(c) {
			name := strings.ToLower(f.subject)
			now[name]++
			if now[name] <= before[name] {
				continue
			}
			before[name] = now[name]
			if now[name] <= told[name] {
				continue
			}
			if as := names[name]; as != "" {
				f.subject = as
			}
			out = append(out, Link{
				Kind: Service, At: c.Start, Count: 1, Subject: f.subject, Words: f.subject + f.words, Place: Place{Call: c.ID},
			})
		}
	}
	return out
}

// failed is a tool that failed, and how: " timed out (10 s)".
type failed struct{ subject, words string }

// failedTools are the failing results of tools in the order of the conversation.
func failedTools(c api.LLMCall) []failed {
	// Most requests know no tool, and looking is cheaper than reading.
	if !bytes.Contains(c.Request, []byte("tool")) && !bytes.Contains(c.Request, []byte("unction")) {
		return nil
	}
	var out []failed
	var asked []string // tools that were called and have not answered
	for _, m := range payload.Read(api.LLMCall{Request: c.Request}).Asked {
		if m.Kind == payload.ToolCall {
			asked = append(asked, calledTool(m.Text))
			continue
		}
		if m.Kind != payload.ToolResult && m.Role != "tool" && m.Role != "function" {
			continue
		}
		name := m.Name
		if len(asked) > 0 {
			if name == "" {
				name = asked[0]
			}
			asked = asked[1:]
		}
		if f, ok := readResult(name, m.Text); ok {
			out = append(out, f)
		}
	}
	return out
}

// calledTool is the name in "name(arguments)", which may follow the provider's
// own word for a call.
func calledTool(words string) string {
	head, _, _ := strings.Cut(words, "(")
	if fields := strings.Fields(head); len(fields) > 0 {
		return fields[len(fields)-1]
	}
	return ""
}

// readResult tells from what a tool said whether it failed.
func readResult(name, said string) (failed, bool) {
	f := failed{subject: name}
	members, object := membersOf(said)
	if !object {
		return f.from(faultInWords(said), lengthOf(said))
	}
	fault, long := "", time.Duration(0)
	for _, m := range members {
		switch key := strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(m.Name)); key {
		case "error", "errors", "errormessage", "errorcode", "exception", "fault":
			if fault == "" && !hollow(m.Value) {
				fault = faultOf(m.Value)
			}
		case "status", "statuscode", "httpstatus", "code":
			if code := statusIn(m.Value); code == m.Value && code != "" {
				fault = code
			}
		case "success", "ok":
			if fault == "" && strings.EqualFold(m.Value, "false") {
				fault = failing
			}
		case "service", "servicename":
			if f.subject == "" {
				f.subject = m.Value
			}
		default:
			long = max(long, lengthUnder(key, m.Value))
		}
	}
	if long == 0 {
		long = lengthOf(said)
	}
	if fault != "" && api.SaysTimeout(said) {
		fault = timingOut
	}
	return f.from(fault, long)
}

// membersOf is the object that a tool answered with; the provider's word and the
// tool's name may stand before it.
func membersOf(said string) ([]payload.Setting, bool) {
	members, object := payload.Members(said)
	if at := strings.IndexByte(said, '{'); !object && at >= 0 && at < leadMost {
		return payload.Members(said[at:])
	}
	return members, object
}

// The faults that have words of their own.
const (
	timingOut = "timeout"
	failing   = "failed"
)

// leadMost is how far inside a result its JSON may begin, in bytes.
const leadMost = 80

func (f failed) from(fault string, long time.Duration) (failed, bool) {
	if f.subject == "" {
		f.subject = "a tool"
	}
	switch {
	case fault == "":
		return f, false
	case fault == timingOut && long > 0:
		f.words = " timed out (" + lasted(long) + ")"
	case fault == timingOut:
		f.words = " timed out"
	case fault == failing:
		f.words = " failed"
	default:
		f.words = " failed (" + fault + ")"
	}
	return f, true
}

// hollow are values of an error that say there was none.
func hollow(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "null", "false", "0", "none", "{}", "[]", `""`:
		return true
	}
	return false
}

// quoteFault is how many letters of a tool's own words are told.
const quoteFault = 32

// faultOf is what an error says, short: the status in it, its code or message,
// else its words.
func faultOf(value string) string {
	inner, object := payload.Members(value)
	if object {
		for _, want := range []string{"status", "statusCode", "code", "message", "type"} {
			for _, m := range inner {
				if m.Name == want && !hollow(m.Value) {
					return faultOf(m.Value)
				}
			}
		}
		return failing
	}
	if strings.EqualFold(value, "true") || strings.HasPrefix(value, "[") {
		return failing
	}
	return short(strings.NewReplacer("(", "", ")", "").Replace(value), quoteFault)
}

// faultInWords reads results that are no object: "Error: order not found".
func faultInWords(said string) string {
	lower := strings.ToLower(strings.TrimSpace(said))
	if len(lower) > quoteFault*8 {
		return ""
	}
	for _, begin := range []string{"error", "exception", "failed", "failure"} {
		rest, has := strings.CutPrefix(lower, begin)
		if !has || rest != "" && !strings.ContainsAny(rest[:1], " :,.-") {
			continue
		}
		if api.SaysTimeout(lower) {
			return timingOut
		}
		if code := statusIn(rest); code != "" {
			return code
		}
		return failing
	}
	if strings.HasPrefix(lower, "timeout") || strings.HasPrefix(lower, "timed out") || strings.HasPrefix(lower, "etimedout") {
		return timingOut
	}
	return ""
}

// lengthOf is a length of time that words name.
func lengthOf(said string) time.Duration { return api.DebugLine{Message: said}.StatedLength() }

// lengthUnder is a length of time whose unit the member's name tells: elapsedMs.
func lengthUnder(key, value string) time.Duration {
	units := []struct {
		ends string
		unit time.Duration
	}{{"ms", time.Millisecond}, {"millis", time.Millisecond}, {"milliseconds", time.Millisecond}, {"seconds", time.Second}, {"secs", time.Second}}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || n <= 0 || n > float64(longestTold/time.Millisecond) {
		return 0
	}
	for _, u := range units {
		if strings.HasSuffix(key, u.ends) && key != u.ends {
			if d := time.Duration(n * float64(u.unit)); d <= longestTold {
				return d
			}
		}
	}
	return 0
}

// longestTold keeps a number that is no waiting time, such as a moment in
// milliseconds, from being one.
const longestTold = 10 * time.Minute
