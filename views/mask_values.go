package views

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"korescope/api"
	"korescope/api/payload"
)

func (m *Masker) tags(ts []api.Tag) []api.Tag {
	out := slices.Clone(ts)
	for i, t := range out {
		out[i].Name = m.Text(t.Name)
		v := TagValue(t)
		switch {
		case v == "":
		case payload.SecretName(t.Name):
			out[i].Value = quote(dots)
		case m.personal(t.Name):
			out[i].Value = quote(m.Whole(v))
		default:
			out[i].Value = m.JSON(t.Value)
		}
	}
	return out
}

// JSON masks every string in a JSON value, names of fields as well, also inside
// strings that hold JSON, and hides what stands under a key that names a secret.
// Numbers stay, but for long ones under a key that names something about a
// person. Order and shape are kept. What is no JSON is masked as text and comes
// back as a string. Without a Masker only secret fields are hidden, and a value
// that has none comes back as it is.
func (m *Masker) JSON(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 || m == nil && !secretive(raw) {
		return raw
	}
	out, hid, ok := m.mask(raw, nested)
	switch {
	case !ok:
		return quote(m.Text(string(raw)))
	case !hid:
		return raw
	}
	return out
}

// nested is how many layers of JSON inside strings are opened.
const nested = 4

// mask writes the value anew and says whether anything of it was hidden.
func (m *Masker) mask(raw []byte, layers int) (out json.RawMessage, hid, ok bool) {
	if !json.Valid(raw) {
		return nil, false, false
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	w := jsonMask{m: m, layers: layers}
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			return w.out, w.hid, true
		}
		if err != nil {
			return nil, false, false
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
	hid    bool
}

type level struct {
	object, wantKey, any bool
	hide                 bool // a secret's name was read, or stands above
	personal             bool // the name of something about a person was read, or stands above
	name                 string
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
		w.open = append(w.open, level{object: v == '{', wantKey: v == '{', hide: top.hide, personal: top.personal, name: top.name})
		return
	case string:
		w.hide(v, w.text(v, *top))
	case json.Number:
		switch {
		case top.hide:
			w.hide(v.String(), dots)
		case w.m != nil && (top.personal && longNumber(v) || telling(v)):
			w.hide(v.String(), tail(v.String()))
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
	w.hide(name, w.m.Text(name))
	w.out = append(w.out, ':')
	var above level
	if len(w.open) > 1 {
		above = w.open[len(w.open)-2]
	}
	top.any, top.wantKey, top.name = true, false, name
	top.hide = above.hide || payload.SecretName(name)
	top.personal = above.personal || w.m.personal(name)
}

// done says that a value has ended; inside an object a key follows.
func (w *jsonMask) done() {
	if top := w.top(); top.object {
		top.wantKey = true
	}
}

// hide writes what is shown instead of s.
func (w *jsonMask) hide(s, shown string) {
	w.hid = w.hid || s != shown
	w.out = append(w.out, quote(shown)...)
}

func (w *jsonMask) text(s string, at level) string {
	switch {
	case s == "":
		return s
	case at.hide:
		return dots
	case w.m == nil:
	case personField(at.name):
		return w.m.Person(s)
	case identityField(at.name):
		return w.m.LogIdentity(s)
	case contactField(at.name):
		return w.m.Whole(s)
	}
	if t := strings.TrimSpace(s); w.layers > 0 && len(t) > 1 && (t[0] == '{' || t[0] == '[') {
		if inner, hid, ok := w.m.mask([]byte(t), w.layers-1); ok && hid {
			return string(inner)
		} else if ok {
			return s
		}
	}
	return w.m.Text(hidePairs(s))
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

// telling reports a number that is neither a count nor a time: as long as that
// only a phone number, a card or an account is.
func telling(n json.Number) bool {
	s := n.String()
	if strings.Trim(s, "0123456789") != "" || len(s) < 11 {
		return false
	}
	// Times since 1970 in thousandths of a second, in millionths and in billionths.
	return s[0] != '1' || len(s) != 13 && len(s) != 16 && len(s) != 19
}
