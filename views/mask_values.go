package views

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"korescope/api"
)

// Session is a masked copy: the user and the values of tags. The raw row is
// left out.
func (m *Masker) Session(s api.Session) api.Session {
	s.User = api.UserID(m.Identity(string(s.User)))
	s.UserTags, s.SessionTags = m.tags(s.UserTags), m.tags(s.SessionTags)
	if m.strict {
		s.Channel, s.Unreadable = m.Text(s.Channel), m.Text(s.Unreadable)
		s.Kind, s.Status, s.Containment = m.Text(s.Kind), m.Text(s.Status), api.Containment(m.Text(string(s.Containment)))
		s.Languages = m.words(s.Languages)
	}
	s.Raw = nil
	return s
}

// Message is a masked copy: text, options, tags, the user and the address at
// the channel. The raw row is left out.
func (m *Masker) Message(msg api.Message) api.Message {
	msg.User = api.UserID(m.Identity(string(msg.User)))
	msg.ChannelID = m.Whole(msg.ChannelID)
	msg.Text = m.Text(msg.Text)
	msg.Options = slices.Clone(msg.Options)
	for i, o := range msg.Options {
		msg.Options[i] = api.Option{Title: m.Text(o.Title), Value: m.Text(o.Value)}
	}
	msg.Tags = m.tags(msg.Tags)
	if m.strict {
		msg.Channel, msg.Template, msg.Language = m.Text(msg.Channel), m.Text(msg.Template), m.Text(msg.Language)
		msg.Unreadable, msg.Status = m.Text(msg.Unreadable), m.Text(msg.Status)
		msg.Kind = api.MessageKind(m.Text(string(msg.Kind)))
	}
	msg.Raw = nil
	return msg
}

// Call is a masked copy: the user and both payloads at every depth. The raw row
// is left out.
func (m *Masker) Call(c api.LLMCall) api.LLMCall {
	c.User = api.UserID(m.Identity(string(c.User)))
	c.Request, c.Response = m.JSON(c.Request), m.JSON(c.Response)
	c.Problem = m.Text(c.Problem)
	if m.strict {
		for _, word := range []*string{
			&c.Status, &c.Feature, &c.Prompt, &c.Integration, &c.Model, &c.Channel, &c.Task, &c.Description, &c.Finish, &c.Unreadable,
		} {
			*word = m.Text(*word)
		}
	}
	c.Raw = nil
	return c
}

func (m *Masker) words(list []string) []string {
	out := slices.Clone(list)
	for i := range out {
		out[i] = m.Text(out[i])
	}
	return out
}

func (m *Masker) tags(ts []api.Tag) []api.Tag {
	out := slices.Clone(ts)
	for i, t := range out {
		if m.strict {
			out[i].Name = m.Text(t.Name)
		}
		if !m.names.MatchString(t.Name) && !m.doors.MatchString(t.Name) {
			out[i].Value = m.JSON(t.Value)
			continue
		}
		if v := TagValue(t); v != "" {
			out[i].Value = quote(m.Whole(v))
		}
	}
	return out
}

// JSON masks every string in a JSON value, also inside strings that hold JSON,
// and hides what stands under a key that names a secret. Numbers stay, but for
// long ones under a key that names something about a person. Order and shape are
// kept. What is no JSON is masked as text and comes back as a string.
func (m *Masker) JSON(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return raw
	}
	out, ok := m.mask(raw, nested)
	if !ok {
		return quote(m.Text(string(raw)))
	}
	return out
}

// nested is how many layers of JSON inside strings are opened.
const nested = 4

func (m *Masker) mask(raw []byte, layers int) (json.RawMessage, bool) {
	if !json.Valid(raw) {
		return nil, false
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	w := jsonMask{m: m, layers: layers}
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			return w.out, true
		}
		if err != nil {
			return nil, false
		}
		w.token(tok)
	}
}

// jsonMask writes tokens as they come, so that order is kept and nothing is
// held but one level of state for each open bracket.
type jsonMask struct {
	m      *Masker
	layers int
	out    []byte
	open   []level
}

type level struct {
	object, wantKey, any bool
	hide                 bool // a secret's name was read, or stands above
	personal             bool // the name of something about a person was read, or stands above
}

func (w *jsonMask) token(tok json.Token) {
	if d, ok := tok.(json.Delim); ok && (d == '}' || d == ']') {
		w.open = w.open[:len(w.open)-1]
		w.out = append(w.out, byte(d))
		w.done()
		return
	}
	top := w.top()
	if top.object && top.wantKey {
		w.key(tok.(string))
		return
	}
	if !top.object && top.any {
		w.out = append(w.out, ',')
	}
	top.any = true
	switch v := tok.(type) {
	case json.Delim:
		w.out = append(w.out, byte(v))
		w.open = append(w.open, level{object: v == '{', wantKey: v == '{', hide: top.hide, personal: top.personal})
		return
	case string:
		w.out = append(w.out, w.text(v, top.hide)...)
	case json.Number:
		switch {
		case top.hide:
			w.out = append(w.out, quote(dots)...)
		case top.personal && longNumber(v):
			w.out = append(w.out, quote(tail(v.String()))...)
		default:
			w.out = append(w.out, v...)
		}
	case bool:
		w.out = strconv.AppendBool(w.out, v)
	case nil:
		w.out = append(w.out, "null"...)
	}
	w.done()
}

func (w *jsonMask) top() *level {
	if len(w.open) == 0 {
		w.open = append(w.open, level{})
	}
	return &w.open[len(w.open)-1]
}

func (w *jsonMask) key(name string) {
	top := w.top()
	if top.any {
		w.out = append(w.out, ',')
	}
	shown := name
	if w.m.strict {
		shown = w.m.Text(name)
	}
	w.out = append(append(w.out, quote(shown)...), ':')
	var above level
	if len(w.open) > 1 {
		above = w.open[len(w.open)-2]
	}
	top.any, top.wantKey = true, false
	top.hide = above.hide || w.m.doors.MatchString(name)
	top.personal = above.personal || w.m.names.MatchString(name)
}

// done says that a value has ended; inside an object a key follows.
func (w *jsonMask) done() {
	if top := w.top(); top.object {
		top.wantKey = true
	}
}

func (w *jsonMask) text(s string, hidden bool) []byte {
	if hidden && s != "" {
		return quote(dots)
	}
	if t := strings.TrimSpace(s); w.layers > 0 && len(t) > 1 && (t[0] == '{' || t[0] == '[') {
		if inner, ok := w.m.mask([]byte(t), w.layers-1); ok {
			return quote(string(inner))
		}
	}
	return quote(w.m.Text(s))
}

func quote(s string) []byte {
	b, err := appendJSON(nil, s)
	if err != nil {
		return []byte(`""`)
	}
	return b
}

// longNumber reports as many digits as a phone number has.
func longNumber(n json.Number) bool {
	digits := 0
	for _, r := range n.String() {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits >= 7
}
