package kore

import (
	"encoding/json"
	"strings"
)

// document reads JSON inside a text. False when it is none of the known shapes;
// then nothing was taken, and it is shown as the text it is.
func (f *fold) document(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) > maxInner || s == "" {
		return false
	}
	if s[0] == '"' { // encoded twice
		if s = strings.TrimSpace(textOf(json.RawMessage(s))); s == "" {
			return false
		}
	}
	if !looksJSON([]byte(s)) || tooDeep([]byte(s)) {
		return false
	}
	if s[0] != '[' {
		doc, ok := readRow(json.RawMessage(s))
		return ok && f.doc(doc)
	}
	var list []json.RawMessage
	if json.Unmarshal([]byte(s), &list) != nil || len(list) == 0 {
		return false
	}
	return f.verbs(list) || f.docs(list)
}

// docs reads a list of documents; all of them must be known.
func (f *fold) docs(list []json.RawMessage) bool {
	whole := *f
	whole.lines, whole.options = f.lines[:len(f.lines):len(f.lines)], f.options[:len(f.options):len(f.options)]
	for _, raw := range list {
		doc, ok := readRow(raw)
		if !ok || !whole.doc(doc) {
			return false
		}
	}
	*f = whole
	return true
}

// doc reads one document of any known shape.
func (f *fold) doc(doc row) bool {
	if strings.EqualFold(doc.text("type"), "command") {
		f.voice = true
		raw, _ := doc.find("data")
		if !f.verbs(oneOrMore(raw)) {
			f.say("[" + strings.TrimSpace("voice command "+doc.text("command")) + "]")
		}
		return true
	}
	return f.templateDoc(doc) || f.mediaDoc(doc) || f.textDoc(doc) || f.wrappedDoc(doc)
}

// templateDoc reads a template of the platform or of a channel.
func (f *fold) templateDoc(doc row) bool {
	name, payload, ok := templateIn(doc)
	if ok {
		f.card(doc, payload, name)
	}
	return ok
}

// wrappedDoc looks for a document inside one: {"message": {...}} and the like.
func (f *fold) wrappedDoc(doc row) bool {
	for _, key := range []string{"attachment", "message", "payload", "activity", "template", "messages"} {
		raw, ok := doc.find(key)
		if !ok {
			continue
		}
		if all := oneOrMore(raw); len(all) > 0 && f.docs(all) {
			// Words beside what was wrapped are said too.
			if words := doc.text("text"); words != "" {
				f.words(words)
			}
			return true
		}
	}
	return false
}

// templateIn finds the template in a document, and its name.
func templateIn(doc row) (name string, payload row, ok bool) {
	kind := doc.text("type")
	payload = doc.sub("payload")
	switch name := payload.text("template_type", "templateType"); {
	case name != "":
		return name, payload, true
	case strings.EqualFold(kind, "template") && payload != nil:
		return "template", payload, true
	case strings.EqualFold(kind, "template") && doc.sub("template") != nil: // LINE, WhatsApp
		payload = doc.sub("template")
		if name = payload.text("type", "name"); name == "" {
			name = "template"
		}
		return name, payload, true
	}
	for _, known := range channelShapes() {
		if name, payload, ok := known(doc); ok {
			return name, payload, true
		}
	}
	return "", nil, false
}

// channelShapes are the documents that channels take, and bare payloads.
func channelShapes() []func(row) (string, row, bool) {
	return []func(row) (string, row, bool){
		func(d row) (string, row, bool) {
			name := d.text("template_type", "templateType")
			return name, d, name != ""
		},
		func(d row) (string, row, bool) {
			is := strings.EqualFold(d.text("type"), adaptiveCard) || strings.Contains(d.text("$schema"), "adaptivecards.io")
			return "AdaptiveCard", d, is
		},
		func(d row) (string, row, bool) {
			in := d.sub("interactive")
			return "interactive", in, in != nil
		},
		func(d row) (string, row, bool) {
			in := d.sub("contents")
			return "flex", in, in != nil && strings.EqualFold(d.text("type"), "flex")
		},
		func(d row) (string, row, bool) { return "blocks", d, listed(d, "blocks") },
		func(d row) (string, row, bool) { return attachmentName(d), d, listed(d, "attachments") },
		func(d row) (string, row, bool) {
			for _, key := range []string{"richCard", "reply_markup", "contentMessage", "cards", "card"} {
				if in := d.sub(key); in != nil {
					return key, d, true
				}
			}
			return "", nil, false
		},
		func(d row) (string, row, bool) {
			for _, key := range []string{"buttons", "quick_replies", "quickReplies", "suggestions", "elements", "suggestedActions", "cards", "actions"} {
				if listed(d, key) || d.sub("suggestedActions") != nil {
					return "template", d, true
				}
			}
			return "", nil, false
		},
	}
}

func listed(d row, key string) bool {
	raw, _ := d.find(key)
	return len(raw) > 2 && raw[0] == '[' && !nothing(raw)
}

// attachmentName is the kind of card that is attached: hero, adaptive.
func attachmentName(d row) string {
	for _, raw := range d.list("attachments") {
		if a, ok := readRow(raw); ok {
			if kind := a.text("contentType"); strings.Contains(kind, ".card.") {
				return kind[strings.LastIndexByte(kind, '.')+1:]
			}
		}
	}
	return "attachments"
}

// card tells a template: its words, its lists, its choices.
func (f *fold) card(doc, payload row, name string) {
	f.template = name
	f.agent = f.agent || strings.EqualFold(name, "live_agent")
	kind := kindNamed(name)
	o := &outline{f: f, kind: kind}
	form := doc.sub("formData")
	if form == nil {
		form = payload.sub("formData")
	}
	if form == nil {
		o.whole(payload)
		return
	}
	// The link of a form and the button that opens it hold a token.
	for _, key := range []string{"heading", "title", "text"} {
		if words := payload.text(key); words != "" {
			f.words(words)
		}
	}
	f.form = true
	shown := form.text("displayName", "name")
	if shown == "" {
		shown = "unnamed"
	}
	f.say("[form: " + shown + "]")
}

// mediaDoc reads a picture or recording in a document, and a message with one.
func (f *fold) mediaDoc(doc row) bool {
	kind := strings.ToLower(doc.text("type"))
	payload := doc.sub("payload")
	if payload == nil && isMedia(kind) && doc.text("url", "link", "fileUrl") != "" {
		payload = doc
	}
	if payload == nil {
		return false
	}
	if isMedia(kind) {
		f.media = true
		f.say(mediaLabel(kind, payload))
		f.words(payload.text("text", "title", "caption"))
		return true
	}
	found := false
	for _, kind := range []string{"image", "video", "audio", "file"} {
		link := payload.text(kind+"Url", kind+"_url")
		if link == "" {
			continue
		}
		if !found {
			f.words(payload.text("text", "title", "label"))
		}
		found, f.media = true, true
		f.say(mediaLabel(kind, row{"url": mustText(link), "fileName": payload["fileName"]}))
	}
	return found
}

func mustText(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	return b
}

// textDoc reads a document that only wraps words, {"text": "..."}, bare or under
// payload.
func (f *fold) textDoc(doc row) bool {
	if in := doc.sub("payload"); in != nil {
		doc = in
	}
	said := ""
	for key, raw := range doc {
		switch k := plainName(key); {
		case k == "text" || k == "message" && said == "":
			said = textOf(raw)
		case hiddenKey(k) || nothing(raw):
		default:
			return false
		}
	}
	if said == "" {
		return false
	}
	f.words(said)
	return true
}
