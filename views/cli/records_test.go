package cli

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"korescope/views"
)

// What scripts read: the keys of every command, in their order.
func contractKeys() map[string]string {
	return map[string]string{
		"sessions": "sessionId, botId, userId, channel, startTime, endTime, durationMs, languages, sessionType, containmentType, sessionStatus, final, isDeveloper, messageCount, taskCount, userTags, sessionTags, altText",
		"messages": "messageId, sessionId, userId, direction, time, channel, kind, text, options, traceId, language, task, latencyMs, latency, more",
		"llm": "callId, sessionId, joinedBy, startTime, endTime, timeTakenMs, status, statusCode, userId, feature, promptName, integration, model, channel, taskId, description, requestTokens, responseTokens, " +
			"finishReason, request, response, problem, tokensFrom, guardrail, messages, answer",
		"timeline":         "time, kind, joinedBy",
		"logs":             "time, level, title, message, detail, channel, identity, voice, noMatch, noInput",
		"tests run":        "testRunId, suite, status, percent, total, passed, failed, durationMs, steps, startTime, version",
		"tests status":     "testRunId, suite, status, percent, total, passed, failed, durationMs, steps, startTime, version",
		"tests history":    "testRunId, suite, status, percent, total, passed, failed, durationMs, steps, startTime, version",
		"billing":          "period, bot, requests, sessions, alerts, proactive, conversations",
		"containment":      "period, task, taskType, status, executions, sessions, selfService, dropOff, agent, selfServicePct, dropOffPct, agentPct",
		"find":             "kind, sessionId, id, time, snippet",
		"publish":          "call, target, jobId, status, percent, startedAt, endedAt, parts, requestedBy",
		"import":           "call, target, jobId, status, percent, startedAt, endedAt, parts, requestedBy",
		"erase":            "call, target, jobId, status, percent, startedAt, endedAt, parts, requestedBy",
		"apis":             "name, method, path, scope, limitClass, effect, screen, lastStatus, lastAt",
		"roles":            "userId, username, isDeveloper, canCreateBot, botRoles, adminRoles",
		"bots":             "botId, name, status, type, language",
		"pulse":            "section, name, now, usual, change, unit, of, sharePct, since, firstAt, lastAt, examples, state, needs",
		"same":             "sessionId, time, userId, containmentType, channel, matched, note",
		"failures tasks":   "task, taskId, node, reason, count, sessions, sharePct, firstAt, lastAt, examples",
		"failures nodes":   "node, type, task, count, failed, failedPct, codes, p50Ms, p95Ms, maxMs, firstFailedAt, lastFailedAt",
		"failures intents": "utterance, intent, count, sessions, ambiguous, firstAt, lastAt, examples",
		"changes":          "changeId, time, message, resourceType, resourceId, user",
	}
}

func keysOf(t *testing.T, list string) []string {
	t.Helper()
	return strings.Split(list, ", ")
}

// Every command offers the keys of the contract, in that order; a key that is new
// stands at the end.
func TestKeysOfEveryCommand(t *testing.T) {
	p := newProgram(Streams{})
	root := p.root()
	p.completeFlags(root)
	seen := 0
	for name, list := range contractKeys() {
		c, rest, err := root.Find(strings.Fields(name))
		if err != nil || len(rest) > 0 || c.Flags().Lookup("fields") == nil {
			continue // not in this build
		}
		seen++
		complete, ok := c.GetFlagCompletionFunc("fields")
		if !ok {
			t.Errorf("%s completes no fields", name)
			continue
		}
		got, _ := complete(c, nil, "")
		if want := keysOf(t, list); len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
			t.Errorf("%s has\n%q, not\n%q", name, got, want)
		}
	}
	if seen < 16 {
		t.Errorf("only %d commands print records", seen)
	}
}

// The records themselves: csv has the keys as its head, ndjson in every object.
func TestRecordsHaveTheKeysOfTheContract(t *testing.T) {
	world := stage(t, "", nil)
	t.Setenv("KORESCOPE_ALLOW_TESTS", "true")
	id := strings.Fields(succeed(t, "sessions", "--limit", "1", "-q", "msgs:>4", "--jq", ".[].sessionId"))[0]
	_ = world
	for name, args := range map[string][]string{
		"sessions": {"sessions", "--limit", "3"}, "messages": {"messages", id}, "llm": {"llm", "--limit", "3"},
		"timeline": {"timeline", id}, "billing": {"billing", "--by", "month"}, "containment": {"containment"},
		"find": {"find", "t*", "--limit", "3"}, "apis": {"apis"}, "tests history": {"tests", "history"},
		"logs": {"logs", "+15550100", "--channel", "korevg"},
	} {
		want := keysOf(t, contractKeys()[name])
		head, err := csv.NewReader(strings.NewReader(succeed(t, append(slices.Clone(args), "-o", "csv")...))).Read()
		if err != nil || len(head) < len(want) || !slices.Equal(head[:len(want)], want) {
			t.Errorf("%s as csv: %q, %v", name, head, err)
		}
		for line := range strings.Lines(succeed(t, append(slices.Clone(args), "-o", "ndjson")...)) {
			got := topKeys(t, line)
			if len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
				t.Errorf("%s as ndjson: %q", name, got)
			}
		}
	}
}

// topKeys are the keys of an object in the order they stand.
func topKeys(t *testing.T, object string) []string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(object))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	var out []string
	for d.More() {
		key, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, key.(string))
		var skip json.RawMessage
		if err := d.Decode(&skip); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// What a command prints can be asked for as records, cut to fields and put
// through jq.
func TestEveryCommandThatPrintsTakesFormats(t *testing.T) {
	quiet := []string{ // these print no data
		"demo", "open", "export", "cache clear", "cache purge", "tests forget", "config init", "completion", "man", "help", "tests delete", "tail", "pin", "unpin",
	}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			walk(sub)
		}
		name := strings.TrimPrefix(c.CommandPath(), "korescope ")
		parent := c.HasSubCommands() && c.Flags().Lookup("output") == nil
		if c.HasParent() && !parent && !slices.Contains(quiet, name) && !strings.HasPrefix(name, "completion") {
			for _, flag := range []string{"output", "fields", "jq", "limit"} {
				if c.Flags().Lookup(flag) == nil {
					t.Errorf("%s does not take --%s", name, flag)
				}
			}
		}
	}
	walk(newProgram(Streams{}).root())
	stage(t, "", nil)
	for _, args := range [][]string{{"cache", "info"}, {"config", "path"}, {"config", "check"}, {"apis"}, {"journal", "verify"}, {"config", "show"}} {
		var rows []map[string]any
		if err := json.Unmarshal([]byte(succeed(t, append(args, "-o", "json")...)), &rows); err != nil || len(rows) == 0 {
			t.Errorf("%q: %v, %v", args, rows, err)
		}
		if out := succeed(t, append(args, "--jq", "length > 0")...); out != "true\n" {
			t.Errorf("%q --jq: %q", args, out)
		}
		if out := succeed(t, append(args, "-o", "ndjson", "--jq", "type")...); !strings.HasPrefix(out, "\"object\"\n") {
			t.Errorf("%q -o ndjson --jq: %q", args, out)
		}
		if _, _, code := run(t, append(args, "-o", "csv", "--jq", ".")...); code != views.ExitUsage {
			t.Errorf("%q -o csv --jq left with %d", args, code)
		}
	}
}

// A list known to be empty is not the same as one that is not known.
func TestEmptyListsAreNotAbsent(t *testing.T) {
	stage(t, "", nil)
	out := succeed(t, "messages", strings.Fields(succeed(t, "sessions", "--limit", "1", "-q", "msgs:>4", "--jq", ".[].sessionId"))[0], "--jq", "map(.options | type) | unique")
	if strings.TrimSpace(out) != `["array"]` {
		t.Errorf("options are %s", out)
	}
}

// A run or an import that nobody knows is not found, however it is asked for.
func TestUnknownRunsAndImportsAreNotFound(t *testing.T) {
	stage(t, "", nil)
	for _, args := range [][]string{
		{"tests", "status", "Refunds smoke", "ctr-00000000-0000-0000-0000-000000000000"},
		{"tests", "status", "Refunds smoke", "ctr-00000000-0000-0000-0000-000000000000", "--follow"},
		{"tests", "import-status", "ds-00000000-0000-0000-0000-000000000000"},
	} {
		if out, talk, code := run(t, args...); code != views.ExitNotFound || out != "" {
			t.Errorf("%q left with %d: %s%s", args, code, out, talk)
		}
	}
}
