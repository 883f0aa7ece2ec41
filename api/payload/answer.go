package payload

import (
	"slices"
	"strings"
)

// choice is one of the answers that stand beside each other.
type choice struct {
	parts []part
	ends  string
	means outcome
	held  bool // its place was there, and something in it
}

// answer gathers what came back from a model.
type answer struct {
	reader
	shapes []shape
	events []eventShape

	choices  []*choice
	streamed bool // pieces are joined
	known    bool // of a shape known here
	nothing  bool // the whole payload holds nothing: null, {} or []
	ends     string
	blocked  string // why the question was not answered
	fault    *fault
	scan     *verdict
	literal  bool // text, not an object of a provider
	in, out  counted
}

// counted is a provider's own number of tokens.
type counted struct {
	n  int
	ok bool
}

// verdict is what a guardrail said in place of an answer.
type verdict struct {
	hit  bool
	what string
	risk string
}

func readAnswer(raw []byte) *answer {
	a := &answer{reader: newReader(), shapes: answerShapes(), events: eventShapes()}
	v, ok := parse(raw)
	switch {
	case ok:
		a.document(v, nestedMost)
	case len(strings.TrimSpace(string(raw))) == 0:
		a.nothing = true
	}
	return a
}

func (a *answer) document(v value, layers int) {
	switch v.kind() {
	case absent, null:
		a.nothing = true
	case text:
		a.words(unquote(v), layers)
	case list:
		a.list(v, layers)
	case record:
		if len(v.object()) == 0 {
			a.nothing = true
			return
		}
		a.object(v.object(), layers)
	default:
		a.bare(v.line())
	}
}

// bare is an answer that is a text by itself.
func (a *answer) bare(s string) {
	a.known, a.literal = true, true
	c := a.choice(0)
	if s != "" {
		c.add(part{kind: Words, text: s}, a.streamed)
	}
}

// words is an event stream kept as text, JSON once more, or plain text.
func (a *answer) words(s string, layers int) {
	if layers > 0 {
		if events := splitEvents(s); len(events) > 0 && a.stream(events, layers-1) {
			return
		}
		if inner, ok := nestedJSON(s); ok {
			b := &answer{reader: a.reader, shapes: a.shapes, events: a.events}
			if b.document(inner, layers-1); b.known && !b.literal || b.fault != nil {
				*a = *b
				return
			}
		}
	}
	a.bare(s)
}

// list is a stream of chunks, pieces of one message, labels, vectors, or texts.
func (a *answer) list(v value, layers int) {
	items := v.items()
	if len(items) == 0 {
		a.nothing = true
		return
	}
	texts, objects, numbers := sorted(items)
	switch {
	case len(texts) == len(items):
		if events := splitEvents(strings.Join(texts, "\n")); len(events) > 0 && a.stream(events, layers-1) {
			return
		}
		a.bare(strings.Join(texts, "\n"))
	case numbers == len(items):
		a.bare(vectors(v))
	case objects == len(items) && a.labels(v):
	case objects == len(items) && a.pieces(v):
	case objects == len(items) && layers > 0:
		a.stream(items, layers-1)
	}
}

// sorted tells the texts among items, and counts objects and numbers, also those
// in lists of their own.
func sorted(items []value) (texts []string, objects, numbers int) {
	for _, e := range items {
		if inner := e.items(); len(inner) > 0 {
			e = inner[0]
			if e.kind() != record && e.kind() != numeric {
				continue
			}
		}
		switch e.kind() {
		case text:
			texts = append(texts, unquote(e))
		case record:
			objects++
		case numeric:
			numbers++
		}
	}
	return texts, objects, numbers
}

// labels is a classifier's list, also one list for each text it was given.
func (a *answer) labels(v value) bool {
	var out []string
	for _, e := range v.items() {
		if e.kind() == list {
			for _, inner := range e.items() {
				out = append(out, labelLine(inner))
			}
			continue
		}
		out = append(out, labelLine(e))
	}
	if len(out) == 0 || slices.Contains(out, "") {
		return false
	}
	a.bare(strings.Join(out, "\n"))
	return true
}

func labelLine(v value) string {
	o := v.object()
	label, score := o.first([]string{"label", "class", "category", "prediction"}), o.first([]string{"score", "confidence", "probability"})
	if len(label) == 0 || len(score) == 0 {
		return ""
	}
	return label.said() + " " + score.said()
}

// object is an answer in the shape of a provider, a failure, or one of these
// inside a wrapper.
func (a *answer) object(o object, layers int) {
	a.failure(o)
	if s := o.at("promptFeedback.blockReason").word(); s != "" && fold(s) != "blockreasonunspecified" {
		a.blocked, a.known = s, true
	}
	if fold(o.get("amazon-bedrock-guardrailAction").text()) == "intervened" {
		a.scan = &verdict{hit: true, what: "intervened"}
	}
	for _, s := range a.shapes {
		if s.fits(o) {
			a.known = true
			a.shaped(s, o)
			return
		}
	}
	if a.fault != nil || layers <= 0 {
		return
	}
	for _, key := range []string{"response", "result", "body", "output", "data", "payload", "completion", "outputs", "content", "message", "results", "answer"} {
		v := o.get(key)
		if v.kind() == text && key != "body" && key != "data" && key != "payload" || v.kind() != text && v.kind() != record && v.kind() != list {
			continue
		}
		b := &answer{reader: a.reader, shapes: a.shapes, events: a.events, streamed: a.streamed, choices: a.choices}
		if b.document(v, layers-1); b.known && (!b.literal || v.kind() != list) || b.fault != nil {
			*a = *b
			return
		}
	}
}

// fits reports that everything is there which makes the shape.
func (s shape) fits(o object) bool {
	for _, w := range s.when {
		path, want, typed := strings.Cut(w, ":")
		switch k := o.at(path).kind(); {
		case k == absent:
			return false
		case !typed:
		case want == "t" && k != yes && k != no:
			return false
		case want != "t" && k != want[0]:
			return false
		}
	}
	return true
}

func (a *answer) shaped(s shape, o object) {
	a.in.take(o, s.in)
	a.out.take(o, s.out)
	switch s.read {
	case asVectors:
		a.bare(vectors(o.get(s.places[0])))
		return
	case asLabels:
		a.tell(s, o)
		return
	case asScan:
		a.scanned(s, o)
		return
	}
	if s.alternatives == "" {
		a.single(s, o)
		return
	}
	items := o.at(s.alternatives).items()
	for i, v := range items {
		alt := v.object()
		at := i
		if n, ok := alt.get("index").count(); ok && n < len(items)+maxChoices {
			at = n
		}
		c := a.choice(at)
		c.held = true
		for _, p := range a.alternative(v) {
			c.add(p, a.streamed)
		}
		if w := alt.first(s.ends).word(); w != "" {
			c.ends = w
		}
		if withheld(alt) {
			c.means = max(c.means, filtered)
		}
	}
	if len(items) == 0 && !a.streamed && a.blocked == "" {
		a.choice(0)
	}
	for _, v := range o.get("prompt_filter_results").items() {
		if withheld(v.object()) && a.blocked == "" {
			a.blocked = "content_filter"
		}
	}
}

// maxChoices bounds what an index may ask for.
const maxChoices = 64

// alternative reads one of several answers: a message, or a text.
func (a *answer) alternative(v value) []part {
	if v.kind() != record {
		return a.content(v, deepest)
	}
	return a.message(v.object(), deepest)
}

// withheld reports that a filter took something away from an alternative.
func withheld(o object) bool {
	if o.at("safetyAttributes.blocked").kind() == yes {
		return true
	}
	for _, key := range []string{"content_filter_results", "content_filter_result"} {
		for _, m := range o.get(key).object() {
			if m.val.object().get("filtered").kind() == yes {
				return true
			}
		}
	}
	return false
}

// single reads an answer that stands in the object itself.
func (a *answer) single(s shape, o object) {
	c := a.choice(0)
	if n, ok := o.get("index").count(); ok && a.streamed && n < maxChoices && s.name == "Hugging Face" {
		c = a.choice(n)
	}
	if len(s.places) == 0 && a.blocked == "" && !a.streamed {
		c.means = empty // counts, and no answer
	}
	for _, place := range s.places {
		v := o.at(place)
		if v.kind() == absent {
			continue
		}
		c.held = true
		key := place[strings.LastIndexByte(place, '.')+1:]
		if key == "output" && v.kind() == list || memberOf(fold(key)) == unknownMember {
			key = "content"
		}
		for _, p := range a.message(object{{key, v}}, deepest) {
			c.add(p, a.streamed)
		}
	}
	if w := o.first(s.ends).word(); w != "" {
		c.ends = w
	}
}

func (a *answer) choice(i int) *choice {
	for len(a.choices) <= min(max(i, 0), maxChoices) {
		a.choices = append(a.choices, &choice{})
	}
	return a.choices[min(max(i, 0), maxChoices)]
}

// add puts a piece behind those before; pieces of a stream continue the last of
// their kind, or the one of their slot.
func (c *choice) add(p part, streamed bool) {
	if streamed {
		for i := len(c.parts) - 1; i >= 0; i-- {
			last := &c.parts[i]
			if last.kind != p.kind || last.slot != p.slot || p.kind == ToolCall && p.slot == "" || p.kind == Other || p.kind == ToolResult {
				if p.slot != "" {
					continue
				}
				break
			}
			last.text += p.text
			last.name = firstOf(last.name, p.name)
			last.word = firstOf(last.word, p.word)
			return
		}
	}
	c.parts = append(c.parts, p)
}

func firstOf(have, more string) string {
	if have == "" {
		return more
	}
	return have
}
