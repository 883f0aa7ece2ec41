package sim

import (
	"net/http"
	"slices"

	"korescope/api"
)

// Importing and deleting suites (reference 13 and 15).

type importAsk struct {
	suite   *suite
	ready   int64 // Unix ms: when the suite is there
	shownID string
}

func importSuite(c *call) (any, *refusal) {
	c.in.inQuery = false
	file, name, email := c.in.text("fileName"), c.in.text("name"), c.in.text("userEmailId")
	s := &suite{bot: c.bot, name: name, description: c.in.text("description"), steps: importedSteps(), tags: list(c.in.texts("tags", false))}
	if c.in.bad || file == "" || name == "" || email == "" {
		return nil, invalidArguments()
	}
	d := c.w.desk
	d.mu.Lock()
	readable, known := d.files[file]
	d.mu.Unlock()
	if !known {
		return nil, &refusal{http.StatusBadRequest, 400, "Invalid file id"}
	}
	ask := &importAsk{suite: s}
	j := c.begin(api.SuiteImportJob, "ds-", name, ask)
	d.mu.Lock()
	defer d.mu.Unlock()
	s.id, ask.shownID = d.draw("ctc-"), d.draw("ctc-")
	j.fails = !readable
	s.from = j.ended(j.spoil)
	ask.ready = s.from
	if readable && !j.spoil.fail && !j.spoil.stuck {
		d.suites = append(d.suites, s)
	}
	return ob("status", "IN_PROGRESS", "dsId", j.id), nil
}

func importStatus(c *call) (any, *refusal) {
	j, l, no := c.poll(api.SuiteImportJob, c.named["id"])
	if no != nil {
		return nil, no
	}
	ask := j.ask.(*importAsk)
	out := j.dock(l, "SUCCESS", "FAILED", "streamId", string(j.bot.id), "jobType", "CONVERSATION_TESTING_VALIDATE", "countOfDockStatuses", 1,
		"testSuiteId", ask.shownID, "expireAt", j.expireAt(), "requestedTime", stamp(j.started))
	out.set("action", "RUN")
	if l.over && !l.failed {
		out = out.with("response", ask.suite.definition(j.by, ask.ready))
	}
	return out, nil
}

// definition is a suite as the import shows it. Its id differs from the one
// beside it, as in the vendor's sample.
func (s *suite) definition(by string, at int64) obj {
	steps := make([]any, len(s.steps))
	for i, one := range s.steps {
		out := one.atNode(one.want)
		for _, key := range []string{"nodeId", "componentType", "nodeName", "intentType", "taskId", "dialogName"} {
			out.set(key, "")
		}
		out = out.with("assertions", ob("flowLevel", off(), "text", ob("enabled", true, "contains", []any{ob("text", one.want)}), "context", off()))
		row := ob("input", one.input, "outputs", []any{out})
		if i == 0 {
			row = row.with("event", one.input)
		}
		steps[i] = row
	}
	return ob("schedule", ob("enableSchedule", false), "channel", "rtm", "tags", s.tags, "recentTags", []any{}, "metadataAvailable", true,
		"name", s.name, "description", s.description, "preprocessor", "", "serviceMap", []any{}, "authProfiles", []any{},
		"streamId", string(s.bot.id), "accountId", accountID, "lModBy", by, "createdBy", by, "testSteps", steps,
		"_id", s.id, "createdOn", stamp(at), "lModOn", stamp(at), "__v", 0)
}

// importedSteps is what every file turns into: the content is checked for being
// JSON and not read further [SIM].
func importedSteps() []step {
	return []step{
		{input: "Start_Flow", want: "Welcome", node: "Welcome", task: "Welcome"},
		{input: "hello", want: "What can I do for you?"},
		{input: "opening hours", want: "We are open", says: "We are open from 9 to 20, Monday to Saturday.", node: "SearchAnswer", task: "Answers"},
		{input: "bye", want: "Goodbye!"},
	}
}

// deleteSuites takes all names or, when one is unknown, none [SIM].
func deleteSuites(c *call) (any, *refusal) {
	c.in.inQuery = false
	names := c.in.texts("testSuiteNames", false)
	if c.in.bad || len(names) == 0 {
		return nil, invalidArguments()
	}
	d := c.w.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, name := range names {
		if d.suite(c.bot, name, c.ms()) == nil {
			return nil, noSuite()
		}
	}
	for _, name := range names {
		d.suites = slices.DeleteFunc(d.suites, func(s *suite) bool { return s.bot == c.bot && s.name == name })
		d.act(c, name, "")
	}
	return ob("status", "Success"), nil
}
