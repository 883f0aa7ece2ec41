package payload

import (
	"slices"
	"strconv"
	"strings"
)

// pieces is a content of typed pieces that stands alone.
func (a *answer) pieces(v value) bool {
	for _, e := range v.items() {
		kind := fold(e.object().get("type").text())
		if kind == "" || kind == "message" || !slices.ContainsFunc(a.parts, func(s partShape) bool { return slices.Contains(s.types, kind) && !strings.HasSuffix(kind, "delta") }) {
			return false
		}
	}
	a.known = true
	c := a.choice(0)
	c.held = true
	for _, p := range a.content(v, deepest) {
		c.add(p, false)
	}
	return true
}

// stream joins the pieces of an answer; false when no piece was understood.
func (a *answer) stream(events []value, layers int) bool {
	b := &answer{reader: a.reader, shapes: a.shapes, events: a.events, streamed: true}
	for i, e := range events {
		switch {
		case e.kind() == record:
			b.event(e.object(), i, layers)
		case e.kind() == text:
			if inner, ok := nestedJSON(unquote(e)); ok && inner.kind() == record {
				b.event(inner.object(), i, layers)
			}
		}
	}
	if !b.known && b.fault == nil {
		return false
	}
	*a = *b
	return true
}

// event is one piece of a stream.
func (a *answer) event(o object, at, layers int) {
	kind := o.get("type").text()
	if kind == "" {
		kind = o.get("event_type").text()
	}
	for _, e := range a.events {
		if e.key != "" && o.at(e.key).kind() == record || kind != "" && slices.Contains(e.kinds, kind) {
			if e.key == "amazon-bedrock-invocationMetrics" && len(o) > 1 {
				continue // beside a piece
			}
			a.known = true
			a.take(e, o, layers)
			return
		}
	}
	if o.get("generated_text").kind() == text && o.get("token").kind() == absent {
		a.choice(at) // texts beside each other, no pieces
		o = append(object{{"index", value(strconv.Itoa(at))}}, o...)
	}
	a.object(o, layers)
}

func (a *answer) take(e eventShape, o object, layers int) {
	c := a.choice(0)
	slot := ""
	if s := o.first(e.slot).word(); s != "" {
		slot = "block " + s
	}
	var parts []part
	if v := o.at(e.part); e.part != "" && v.kind() == record {
		parts = a.piece(v, deepest)
	}
	if v := o.at(e.turn); e.turn != "" && v.kind() == record {
		c.held = true
		parts = append(parts, a.message(v.object(), deepest)...)
	}
	if s := o.at(e.text).text(); e.text != "" && s != "" {
		parts = append(parts, part{kind: e.kind, text: s})
	}
	for _, p := range parts {
		if p.kind == ToolCall {
			p.slot = slot
			if p.text == "{}" {
				p.text = "" // its arguments follow
			}
		}
		c.add(p, true)
	}
	if v := o.at(e.whole); e.whole != "" && v.kind() == record {
		b := &answer{reader: a.reader, shapes: a.shapes, events: a.events}
		if b.object(v.object(), layers); b.known && (len(b.choices) > 0 && len(b.choices[0].parts) > 0 || b.fault != nil) {
			b.ends = joined("", b.ends)
			b.in.or(a.in)
			b.out.or(a.out)
			*a = *b
			a.streamed = true
		} else {
			a.ends = joined("", b.ends)
			b.in.or(a.in)
			b.out.or(a.out)
			a.in, a.out = b.in, b.out
		}
	}
	if s := o.at(e.ends).word(); e.ends != "" && s != "" {
		a.ends = s
	}
	a.in.take(o, e.in)
	a.out.take(o, e.out)
	a.failure(o)
}

func (c *counted) take(o object, paths []string) {
	for _, p := range paths {
		if n, ok := o.at(p).count(); ok {
			*c = counted{n, true}
			return
		}
	}
}

func (c *counted) or(other counted) {
	if !c.ok {
		*c = other
	}
}
