package kore

import (
	"encoding/json"
	"strings"

	"korescope/api"
)

// pressed reports the types of things that are pressed.
func pressed(kind string) bool {
	kind = plainName(kind)
	switch kind {
	case "button", "postback", "weburl", "imback", "messageback", "openurl", "openapp", "submit", "reply", "phonenumber", "signin":
		return true
	}
	return strings.HasPrefix(kind, "action") && kind != "actions" && kind != "actionset"
}

// choices takes what can be chosen, in order. A list of lists is a keyboard, an
// object that is no choice itself holds some.
func (o *outline) choices(raw json.RawMessage, depth int) {
	if depth > outlineDepth {
		o.f.more++
		return
	}
	for _, one := range oneOrMore(raw) {
		if r, ok := readRow(one); ok {
			if held := o.holdsChoices(r); held {
				o.object(r, depth+1)
				continue
			}
			o.choice(one)
			continue
		}
		if looksJSON(one) {
			o.choices(one, depth+1)
		} else if s := textOf(one); s != "" {
			o.f.options = append(o.f.options, api.Option{Title: s})
		}
	}
}

func (o *outline) holdsChoices(r row) bool {
	for key, raw := range r {
		if !looksJSON(raw) || plainName(key) == "reply" {
			continue
		}
		switch o.kind.roleOf(key) {
		case roleChoices, roleEntries:
			return true
		case roleUnknown, roleBlocks, roleHidden, roleWords, rolePicture, roleColumns, roleRows, roleMiniRows, roleAxis, roleSeries, roleTabs, roleFact:
		}
	}
	return false
}

func (o *outline) choice(raw json.RawMessage) {
	b, ok := readRow(raw)
	if !ok {
		return
	}
	if b.sub("card") != nil {
		o.f.more++ // shown when it is pressed
	}
	for _, wrap := range []string{"reply", "action", "suggestion", "parameters", "postback"} {
		if inner := b.sub(wrap); inner != nil && firstWords(b, "title", "text", "label") == "" {
			b = inner
		}
	}
	c := api.Option{Title: firstWords(b, "title", "label", "text", "displayText", "display_text", "reviewText", "name", "value", "caption", "starId", "numberId", "smileyId", "id"), Value: b.text("payload", "value", "id", "callback_data", "postbackData")}
	if kind := b.text("content_type"); c.Title == "" && kind != "" && kind != "text" {
		c.Title = kind
	}
	if link := b.text("url", "link", "fallback_url", "href", "uri", "web_url"); link != "" {
		c.Value = hostOf(link)
	} else if strings.Contains(c.Value, "://") {
		c.Value = closeLinks(c.Value)
	}
	c.Title = closeLinks(c.Title)
	if c == (api.Option{}) {
		return
	}
	if note := firstWords(b, "description", "subtitle"); note != "" && c.Title != "" {
		c.Title += ": " + closeLinks(note)
	}
	o.f.options = append(o.f.options, c)
}

// firstWords is the text under the first of some keys, or the text that an
// object there wraps.
func firstWords(r row, names ...string) string {
	for _, name := range names {
		raw, _ := r.find(name)
		if s := textOf(raw); s != "" {
			return s
		}
		if in, ok := readRow(raw); ok {
			if s := in.text("text", "title", "content", "plainText"); s != "" {
				return s
			}
		}
	}
	return ""
}
