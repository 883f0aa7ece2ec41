package payload

import (
	"fmt"
	"strconv"
	"strings"
)

// part is a piece of a message.
type part struct {
	kind Kind
	word string // the provider's own word for it
	name string // of a tool
	text string
	slot string // pieces of a stream with the same slot are one
}

// String is the piece as it is read: a call of a tool as name(arguments).
func (p part) String() string {
	switch p.kind {
	case ToolCall:
		return strings.TrimSpace(p.word + " " + p.name + "(" + p.text + ")")
	case ToolResult, Other:
		return joined(" ", p.word, p.name, p.text)
	}
	return p.text
}

// named is the name of a member before its value in text. What its name tells to
// be a secret, or somebody's name, has quotes and a colon, so that it is known for
// one by whoever hides such values.
func named(key string) string {
	if words := NameWords(key); SecretName(key) || len(words) > 1 && words[len(words)-1] == "name" {
		return strconv.Quote(key) + ":"
	}
	return key
}

func joined(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

// deepest bounds messages inside messages; what lies deeper is shown as JSON.
const deepest = 6

// reader turns values into pieces; it holds the table of them.
type reader struct{ parts []partShape }

func newReader() reader { return reader{parts: partShapes()} }

// content reads a text, a piece, or a list of pieces.
func (r reader) content(v value, depth int) []part {
	switch v.kind() {
	case absent, null:
		return nil
	case text:
		if s := unquote(v); s != "" {
			return []part{{kind: Words, text: s}}
		}
		return nil
	case record:
		return r.piece(v, depth)
	case list:
		var out []part
		plain := true
		for _, e := range v.items() {
			plain = plain && (e.kind() == numeric || e.kind() == list)
		}
		if items := v.items(); plain && len(items) > 0 {
			return []part{{kind: Words, text: v.line()}}
		}
		for _, e := range v.items() {
			out = append(out, r.content(e, depth)...)
		}
		return out
	}
	return []part{{kind: Words, text: string(v)}}
}

// piece reads an object in a content: by its type, by a key it has, as a message
// of its own, else as JSON.
func (r reader) piece(v value, depth int) []part {
	o := v.object()
	if len(o) == 0 {
		return nil
	}
	if depth <= 0 {
		return []part{{kind: Words, text: v.line()}}
	}
	kind := o.get("type").text()
	if kind != "" {
		for _, s := range r.parts {
			for _, t := range s.types {
				if t == fold(kind) {
					return r.shaped(s, o, v, kind, depth)
				}
			}
		}
	}
	for _, s := range r.parts {
		if inner := o.get(s.key); s.key != "" && (inner.kind() == record || inner.kind() == list) {
			return r.shaped(s, inner.object(), inner, kind, depth)
		}
	}
	if said := o.get("text"); said.kind() == text && (kind == "" || len(o) == 2) {
		if o.get("thought").kind() == yes {
			return []part{{kind: Reasoning, text: unquote(said)}}
		}
		return r.content(said, depth)
	}
	if o.get("parts").kind() == list || o.get("role").kind() == text && everyMemberKnown(o) {
		return r.message(o, depth-1)
	}
	return []part{{kind: Words, text: v.line()}}
}

func everyMemberKnown(o object) bool {
	for _, m := range o {
		if memberOf(fold(m.key)) == unknownMember {
			return false
		}
	}
	return true
}

// shaped reads a piece of a known kind; v is what holds it, o its members.
func (r reader) shaped(s partShape, o object, v value, kind string, depth int) []part {
	p := part{kind: s.kind, word: s.word}
	if s.word == "type" {
		p.word = kind
	}
	switch {
	case s.kind == silent:
		return nil
	case s.kind == nested:
		return r.message(o, depth-1)
	case s.kind == Other:
		p.text = media(v)
		return []part{p}
	case len(s.text) == 0:
		p.text = v.said()
		return []part{p}
	}
	p.name = o.first(s.name).word()
	said := o.first(s.text)
	if p.text = said.said(); s.kind != ToolCall {
		p.text = r.flat(r.content(said, depth-1))
	}
	switch {
	case p.text != "" || p.name != "":
		return []part{p}
	case o.get(strings.Split(s.text[0], ".")[0]).kind() == absent && s.kind == Words:
		return []part{{kind: Words, text: v.line()}} // not what its type says
	}
	return nil
}

// flat is pieces as one text, each on lines of its own.
func (reader) flat(parts []part) string {
	out := make([]string, 0, len(parts))
	for _, p := range parts {
		out = append(out, p.String())
	}
	return strings.Join(out, "\n")
}

// mediaMost is how much of a long word inside a picture or file is shown.
const mediaMost = 64

// media is a picture or a file as JSON, its long strings counted in place of
// being shown.
func media(v value) string {
	var b strings.Builder
	for i := 0; i < len(v); {
		if v[i] != '"' {
			if c := v[i]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
				b.WriteByte(c)
			}
			i++
			continue
		}
		end := passString(v, i)
		if s := unquote(v[i:end]); len(s) > 2*mediaMost && !strings.Contains(s, " ") {
			b.Write(requote(fmt.Sprintf("%s… (%d characters)", s[:mediaMost], len(s))))
		} else {
			b.Write(v[i:end])
		}
		i = end
	}
	return b.String()
}

// message reads an object that says something: its members in the order sent.
// Members of no known meaning are shown as JSON, unless they stand beside.
func (r reader) message(o object, depth int) []part {
	if depth < 0 {
		return nil
	}
	var out, odd []part
	for _, m := range o {
		name := fold(m.key)
		switch memberOf(name) {
		case contentMember:
			out = append(out, r.content(m.val, depth)...)
		case messageMember:
			if m.val.kind() == record {
				out = append(out, r.message(m.val.object(), depth-1)...)
			} else {
				out = append(out, r.content(m.val, depth)...)
			}
		case reasoningMember:
			if said := r.flat(r.content(m.val, depth)); said != "" {
				out = append(out, part{kind: Reasoning, text: said})
			}
		case refusalMember:
			if s := m.val.said(); s != "" {
				out = append(out, part{kind: Refusal, text: s})
			}
		case callsMember:
			out = append(out, r.calls(m.key, m.val)...)
		case soundMember:
			if s := m.val.object().get("transcript").text(); s != "" {
				out = append(out, part{kind: Other, word: "audio", text: s})
			} else if !m.val.hollow() {
				out = append(out, part{kind: Other, word: "audio", text: media(m.val)})
			}
		case unknownMember:
			if !m.val.hollow() {
				odd = append(odd, part{kind: Other, word: named(m.key), text: media(m.val)})
			}
		}
	}
	if len(out) == 0 {
		return odd
	}
	return out
}

// calls reads one call of a tool or a list of them.
func (r reader) calls(key string, v value) []part {
	items := v.items()
	if v.kind() == record {
		items = []value{v}
	}
	var out []part
	for i, e := range items {
		o := e.object()
		p := part{
			kind: ToolCall, word: o.get("type").text(),
			name: o.first([]string{"function.name", "name", "function"}).text(),
			text: o.first([]string{"function.arguments", "arguments", "input", "args", "parameters", "function.parameters", "custom.input"}).said(),
		}
		if p.name == "" {
			p.name = o.at("custom.name").text()
		}
		if v.kind() == record {
			p.word = key
		}
		if e.hollow() {
			continue
		}
		if p.name == "" && p.text == "" && o.get("index").kind() == absent {
			p = part{kind: Other, word: key, text: e.said()}
		}
		at := i
		if n, ok := o.get("index").count(); ok {
			at = n
		}
		p.slot = fmt.Sprintf("call %d", at)
		out = append(out, p)
	}
	return out
}
