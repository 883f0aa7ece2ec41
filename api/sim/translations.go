package sim

import (
	"cmp"
	"slices"
	"strings"
)

// translationlogs (reference 17): what was sent to the translation engine and
// what came back, oldest first. Only conversations in another language have any.

func listTranslations(c *call) (any, *refusal) {
	id := c.in.text("sessionId")
	skip, limit := c.offset()
	if id == "" && c.in.given("fromDate") == nil && c.in.given("toDate") == nil {
		c.in.bad = true // one of the three is needed
	}
	s := c.optionalWindow()
	if c.in.bad {
		return nil, invalidArguments()
	}
	var sessions []*session
	if id == "" {
		s.from = max(s.from, c.ms()-linesKept.Milliseconds())
		sessions = slices.Collect(c.sessions(span{s.from - longestStory.Milliseconds(), s.to}, true))
	} else if one := c.lookup(id); one != nil {
		sessions = []*session{one}
	}
	var all []translated
	for _, one := range sessions {
		if one.lang == "en" || !c.there(one) {
			continue
		}
		for _, t := range one.translations() {
			if s.holds(t.at) {
				all = append(all, t)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b translated) int { return cmp.Compare(a.at, b.at) })
	p := c.cut(len(all), skip, limit)
	rows := make([]any, 0, p.hi-p.lo)
	for _, t := range all[p.lo:p.hi] {
		rows = append(rows, t.row())
	}
	return rows, nil
}

// translated is one call of the engine.
type translated struct {
	at      int64
	session string
	target  string
	source  []string
	result  []string
}

func (s *session) translations() []translated {
	var out []translated
	f := newFacts(&dice{scramble(s.key ^ 0x7a1e)}, s) // the story's own
	st := s.told()
	for i := range st.messages {
		m := &st.messages[i]
		english := inEnglish(m.spoken, &f)
		if english == "" {
			continue
		}
		t := translated{m.at + 40, s.id, "en", []string{m.spoken}, []string{english}}
		if !m.in { // the answer is translated before it is shown, with the label of a button
			t = translated{m.at - 60, s.id, s.lang, []string{english, "OK"}, []string{m.spoken, "OK"}}
		}
		out = append(out, t)
	}
	return out
}

func inEnglish(said string, f *facts) string {
	for _, line := range translatedLines() {
		if f.fill(line[0]) == said {
			return f.fill(line[1])
		}
	}
	return ""
}

// row: several texts travel as one, joined with <>, and come back with that
// joint escaped. The secret of the key is blotted out, its id is not.
func (t translated) row() obj {
	input := ob(
		"endPoint", ob("host", "translate.example.test", "port", "", "path", "/translate", "protocol", "https", "method", "post", "connectorEnabled", false, "piiDataEnabled", false),
		"headerFields", ob("Content-Type", "application/json", "X-Vendor-Key-Id", "KEYID-EXAMPLE", "X-Vendor-Key-Secret", "***REDACTED***"),
		"payloadFields", ob("sourceText", strings.Join(t.source, "<>"), "targetLanguage", t.target),
		"idp", "none", "force_proxy", true, "timeout", 20000)
	if len(t.source) > 1 {
		input = input.with("originalIndices", []any{0, 1})
	}
	return ob("sessionId", t.session, "timestamp", stamp(t.at), "inputPayload", input,
		"outputPayload", ob("translations", []any{strings.Join(t.result, "&lt;&gt;")}),
		"engine", "custom", "statusCode", 200, "success", true, "batchSize", 1)
}
