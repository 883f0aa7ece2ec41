package payload

import (
	"strings"
)

// request gathers what was sent to a model.
type request struct {
	reader
	said      []Message
	settings  []Setting
	known     bool
	limit     int
	wantsJSON bool
}

func readRequest(raw []byte) *request {
	q := &request{reader: newReader()}
	v, ok := parse(raw)
	if !ok {
		if s := string(raw); Visible(s) { // cut, or never JSON
			q.say("prompt", []part{{kind: Words, text: s}})
		}
		return q
	}
	q.document(v, nestedMost)
	return q
}

func (q *request) document(v value, layers int) {
	switch v.kind() {
	case text:
		s := unquote(v)
		if inner, ok := nestedJSON(s); ok && layers > 0 {
			before := len(q.said)
			if q.document(inner, layers-1); len(q.said) > before {
				return
			}
		}
		if s != "" {
			q.say("prompt", []part{{kind: Words, text: s}})
		}
	case list:
		if q.conversation(v) {
			q.turns(v, "user")
		} else if pieces := v.items(); len(pieces) > 0 && pieces[0].kind() == text {
			q.turns(v, "prompt")
		}
	case record:
		q.object(v.object(), layers)
	}
}

// conversation reports that the list holds messages.
func (q *request) conversation(v value) bool {
	for _, e := range v.items() {
		if o := e.object(); o.get("role").kind() == text && (o.get("content").kind() != absent || o.get("parts").kind() != absent) {
			return true
		}
	}
	return false
}

func (q *request) object(o object, layers int) {
	used := map[string]bool{}
	for _, s := range requestShapes() {
		v := o.get(s.path)
		if v.hollow() {
			continue
		}
		role := s.role
		if role == "" {
			role = s.path
		}
		before := len(q.said)
		switch s.as {
		case turnsPart:
			q.turns(v, role)
		case wordsPart:
			q.say(role, q.content(v, deepest))
		case nestedPart:
			for _, e := range v.items() {
				if layers > 0 {
					q.document(e, layers-1)
				}
			}
		}
		if len(q.said) > before {
			used[fold(s.path)] = true
		}
	}
	if len(q.said) == 0 && layers > 0 {
		for _, key := range wrappers() {
			if v := o.get(key); v.kind() == record || v.kind() == text {
				if q.document(v, layers-1); len(q.said) > 0 {
					used[key] = true
					break
				}
			}
		}
	}
	q.set(o, used)
}

// turns reads a conversation; one odd turn costs that turn.
func (q *request) turns(v value, role string) {
	switch v.kind() {
	case list:
	case text: // a conversation kept as text, or a text
		if inner, ok := nestedJSON(unquote(v)); ok && q.conversation(inner) {
			v = inner
			break
		}
		q.say(role, q.content(v, deepest))
		return
	default:
		q.turn(v, role)
		return
	}
	items := v.items()
	if len(items) > 0 && items[0].kind() == numeric {
		q.say(role, []part{{kind: Words, text: v.line()}}) // tokens
		return
	}
	for _, e := range items {
		q.turn(e, role)
	}
}

func (q *request) turn(v value, role string) {
	o := v.object()
	if len(o) == 0 {
		q.say(role, q.content(v, deepest))
		return
	}
	own := o.first([]string{"role", "author", "speaker"}).word()
	if kind := o.get("type").text(); own == "" && kind != "" && kind != "message" {
		q.say(role, q.piece(v, deepest)) // a call or a result among the messages
		return
	}
	name := o.get("name").text()
	parts := q.message(o, deepest)
	if own == "" && len(parts) > 0 && parts[0].kind == Other {
		parts = []part{{kind: Words, text: v.line()}}
	}
	q.add(firstOf(own, role), name, parts)
}

func (q *request) say(role string, parts []part) {
	if len(parts) > 0 {
		q.add(role, "", parts)
	}
}

func (q *request) add(role, name string, parts []part) {
	q.known = true
	q.said = append(q.said, messages(role, name, parts, "\n")...)
}

// set takes what is no message for settings, in the order sent.
func (q *request) set(o object, used map[string]bool) {
	groups := map[string]bool{}
	for _, g := range settingGroups() {
		groups[fold(g)] = true
	}
	for _, m := range o {
		name := fold(m.key)
		switch {
		case used[name]:
		case groups[name] && m.val.kind() == record:
			for _, inner := range m.val.object() {
				q.settings = append(q.settings, Setting{inner.key, inner.val.said()})
				q.bound(inner)
			}
		default:
			q.settings = append(q.settings, Setting{m.key, m.val.said()})
			q.bound(m)
		}
	}
	for _, a := range jsonAsked() {
		v := o.at(a.path)
		if w := v.word(); a.prefix != "" && strings.HasPrefix(strings.ToLower(w), a.prefix) || a.prefix == "" && !v.hollow() {
			q.wantsJSON = true
		}
	}
}

// bound takes the limit of tokens.
func (q *request) bound(m member) {
	for _, name := range limits() {
		if n, ok := m.val.count(); ok && n > 0 && q.limit == 0 && fold(m.key) == fold(name) {
			q.limit = n
		}
	}
}
