package sim

import (
	"net/http"
	"strconv"

	"korescope/api"
)

// Running a suite and its status (reference 14).

type runAsk struct {
	suite          *suite
	version, email string
}

func noSuite() *refusal { return &refusal{http.StatusBadRequest, 400, "Test Suite not found"} } // [SIM] known of batch suites

func runSuite(c *call) (any, *refusal) {
	c.in.inQuery = false
	ask := &runAsk{version: c.in.text("version"), email: c.in.text("userEmailId")}
	c.in.oneOfThese(ask.version, string(api.Published), string(api.InDevelopment))
	if c.in.bad || ask.version == "" || ask.email == "" {
		return nil, invalidArguments()
	}
	name := c.named["suite"]
	c.w.desk.mu.Lock()
	ask.suite = c.w.desk.suite(c.bot, name, c.ms())
	c.w.desk.mu.Unlock()
	if ask.suite == nil {
		return nil, noSuite()
	}
	j := c.begin(api.TestJob, "ctr-", name, ask)
	return ob("status", "IN_PROGRESS", "testRunId", j.id), nil
}

func runStatus(c *call) (any, *refusal) {
	j, l, no := c.poll(api.TestJob, c.named["id"])
	if j == nil || j.ask.(*runAsk).suite.name != c.named["suite"] {
		c.w.desk.mu.Lock()
		known := c.w.desk.suite(c.bot, c.named["suite"], c.ms()) != nil
		c.w.desk.mu.Unlock()
		if !known {
			return nil, noSuite()
		}
		return nil, invalidRequest()
	}
	if no != nil {
		return nil, no
	}
	return j.run(l, c.w.strict.ShortResults), nil
}

// run is a test run as its status shows it.
func (j *job) run(l look, short bool) obj {
	ask := j.ask.(*runAsk)
	broken := j.started >= ask.suite.bot.publishAt()
	steps := ask.suite.steps
	word := ask.word(l, broken)
	version := "configured"
	if ask.version == string(api.Published) {
		version = ask.version
	}
	result := ob("nlpVersion", []any{}, "startTime", stamp(j.started), "version", version, "status", word)
	switch {
	case l.failed:
		result = result.with("errorDetails", ob("code", 403, "message", "The user "+ask.email+" may not talk to this version of the bot"),
			"duration", j.takes+j.spoil.slow.Milliseconds())
	case l.over:
		result = finished(j, steps, broken, short).with()
		result = append(obj{{"nlpVersion", versions(len(steps))}, {"startTime", stamp(j.started)}, {"version", version}, {"status", word}}, result...)
		if short {
			result = result[1:]
		}
	}
	return ob("_id", j.id, "streamId", string(j.bot.id), "testSuiteId", ask.suite.id, "status", word,
		"totalTestStepsCount", len(steps), "result", result, "percentageCompleted", l.percent)
}

// word: that a verdict is called failed is inferred. A run that cannot go on is
// told in two ways [SIM]: as an error, or of the version in development as
// failed with the reason in errorDetails and without any step.
func (a *runAsk) word(l look, broken bool) string {
	switch {
	case l.word != "":
		return l.word
	case l.failed && a.version == string(api.Published):
		return "error"
	case l.failed:
		return "failed"
	case !l.over:
		return "inprogress"
	case failures(a.suite.steps, broken) > 0:
		return "failed"
	}
	return "passed"
}

func failures(steps []step, broken bool) int {
	n := 0
	for _, s := range steps {
		n += number(!s.now(broken).passed())
	}
	return n
}

func versions(n int) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = "v3"
	}
	return out
}

// finished is what a result has beside its head.
func finished(j *job, steps []step, broken, short bool) obj {
	bad := failures(steps, broken)
	out := ob("stepDetails", ob("passed", len(steps)-bad, "failed", bad, "total", len(steps)))
	if !short {
		rows := make([]any, len(steps))
		for i, s := range steps {
			rows[i] = s.now(broken).executed(j.id, i)
		}
		out = out.with("errorDetails", nil, "executionResults", rows)
	}
	return out.with("duration", j.takes+j.spoil.slow.Milliseconds())
}

// executed is one step of a finished run. Its expected and its actual side are
// objects of two forms, and textMismatch compares letter by letter: it is true
// on steps that have passed.
func (s step) executed(run string, i int) obj {
	wire := s.wire()
	claims := s.assertions()
	expected := ob("text", s.want)
	if i%3 == 1 {
		expected = s.atNode(s.want)
	}
	expected = expected.with("assertions", claims, "textMismatch", wire != s.want)
	out := ob("actualOutput", []any{s.actual(wire).with("assertions", claims)}, "intents", []any{}, "faqs", []any{}, "smalltalk", []any{},
		"input", s.input, "outputs", []any{expected}, "requestId", run+strconv.Itoa(i), "nlpVersion", "v3", "status", outcomeWord(s.passed()))
	if i == 0 {
		out = out.with("event", s.input)
	}
	return out
}

// wire is the answer's text as it came: plain, or a template as JSON.
func (s step) wire() string {
	if s.choices == nil {
		return s.says
	}
	var choices []any
	for _, t := range s.choices {
		choices = append(choices, ob("content_type", "text", "title", t, "payload", t))
	}
	return text(ob("type", "template", "payload", ob("template_type", "quick_replies", "text", s.says, "quick_replies", choices)))
}

func (s step) actual(wire string) obj {
	if s.node != "" && s.choices == nil {
		return s.atNode(wire)
	}
	category := "Confirmation"
	if s.node == "" {
		category = "Fallback"
	}
	return ob("text", wire, "category", category, "isStandardResponse", s.node == "", "userPrompts", []any{})
}

func (s step) atNode(said string) obj {
	return ob("text", said, "nodeId", s.node, "componentType", "message", "intentId", "", "nodeName", s.node, "intentType", "dialog",
		"taskId", taskID(s.task), "dialogName", s.task, "transitions", []any{}, "transitionNodeNames", []any{}, "transitionNodeType", []any{})
}

func taskID(task string) string {
	h := uint64(len(task))
	for _, c := range []byte(task) {
		h = blend(h, uint64(c))
	}
	return uuid("dg-", h)
}

func outcomeWord(ok bool) string {
	if ok {
		return "passed"
	}
	return "failed"
}

// assertions are the claims of a step with their verdicts. The shape of a
// context claim is [SIM].
func (s step) assertions() obj {
	flow, context := off(), off()
	if s.node != "" {
		flow = claim(ob("nodeId", s.node), true)
	}
	if s.context != "" {
		context = claim(ob("key", s.context, "operator", "exists"), s.hit != losesContext)
	}
	return ob("flowLevel", flow, "text", claim(ob("text", s.want), s.hit != losesText), "context", context)
}

func off() obj { return ob("enabled", false, "contains", []any{}) }

func claim(what obj, ok bool) obj {
	return ob("enabled", true, "contains", []any{what.with("status", outcomeWord(ok))}, "status", outcomeWord(ok))
}
