package kore

import (
	"encoding/json"
	"strings"

	"korescope/api"
)

// maxInner is the longest text that is tried as a JSON document.
const maxInner = 256 << 10

// fold gathers the components of one message into readable parts (reference
// 8.6).
type fold struct {
	lines    []string
	options  []api.Option
	template string
	more     int // parts of templates that neither lines nor options show
	agent    bool
	form     bool
	voice    bool
	moved    bool // a voice command hands the caller over
	media    bool
	other    bool
	spoken   bool // any words
}

// foldComponents reads all components, not only the first, and the bare text
// of the flat shape. What a user typed is taken literally: people type braces.
func foldComponents(r row, d api.Direction) *fold {
	f := &fold{}
	if _, flat := r["text"]; flat {
		f.text(r, d)
	}
	all, _ := r.find("components")
	for _, raw := range oneOrMore(all) {
		c, ok := readRow(raw)
		if !ok {
			if len(raw) > 0 && raw[0] == '"' { // words in place of a component
				f.content(raw, d)
			}
			continue
		}
		f.component(c, d)
	}
	return f
}

func (f *fold) component(c row, d api.Direction) {
	raw, _ := c.find("data")
	data := c.sub("data")
	words, hasWords := data.find("text")
	if data == nil && !hasWords {
		words = raw // words in place of the data
	}
	kind := c.text("cT")
	switch kind {
	case "", "text", "NLResponse":
		if !hasWords && data != nil && d != api.FromUser && f.doc(data) {
			return
		}
		f.content(words, d)
		return
	}
	// Whatever a component calls itself: a template in it is a template.
	if d != api.FromUser && (f.document(plainText(words)) || !hasWords && data != nil && f.templateDoc(data)) {
		return
	}
	if isMedia(kind) {
		f.media = true
		f.say(mediaLabel(kind, data))
	} else {
		f.other = true
		f.say("[" + kind + "]")
	}
	f.plain(textOf(words), d)
}

// mediaLabel stands for what cannot be shown: what it is, and its name, place
// or host.
func mediaLabel(kind string, data row) string {
	name := data.text("fileName", "filename", "name", "title", "displayName")
	switch {
	case kind == "location":
		name = data.text("address", "formattedAddress", "formatted_address", "name", "title")
		lat, long := data.text("latitude", "lat"), data.text("longitude", "long", "lng")
		if name == "" && lat != "" && long != "" {
			name = lat + ", " + long
		}
	case name == "":
		name = hostOf(data.text("url", "link", "fileUrl", "href", kind+"Url"))
	}
	return "[" + strings.TrimSpace(kind+" "+closeLinks(name)) + "]"
}

func isMedia(kind string) bool {
	switch strings.ToLower(kind) {
	case "image", "audio", "video", "attachment", "file", "filelink", "contact", "location", "document", "sticker", "gif":
		return true
	}
	return false
}

func (f *fold) kind() api.MessageKind {
	switch {
	case f.form:
		return api.KindForm
	case f.template != "" && !f.agent:
		return api.KindTemplate
	case f.moved && !f.spoken:
		return api.KindEvent
	case f.voice:
		return api.KindVoice
	case f.media:
		return api.KindMedia
	case f.spoken:
		return api.KindText
	case f.other:
		return api.KindEvent
	}
	return api.KindEmpty
}

func (f *fold) say(s string) {
	if s = strings.TrimSpace(s); s != "" {
		f.lines = append(f.lines, s)
	}
}

// words are said by the bot: speech markup is taken off, links end at their
// host.
func (f *fold) words(s string) {
	if speech, ok := unspeak(s); ok {
		s = speech
	}
	if strings.TrimSpace(s) != "" {
		f.spoken = true
	}
	f.say(closeLinks(s))
}

// plainText is a text, or the JSON that stands in its place.
func plainText(raw json.RawMessage) string {
	if s := textOf(raw); s != "" || !looksJSON(raw) {
		return s
	}
	return string(raw)
}

// text takes what stands under text.
func (f *fold) text(data row, d api.Direction) {
	raw, _ := data.find("text")
	f.content(raw, d)
}

// content takes words, or a JSON document inside the string.
func (f *fold) content(raw json.RawMessage, d api.Direction) {
	s := plainText(raw)
	if d != api.FromUser && f.document(s) {
		return
	}
	f.plain(s, d)
}

func (f *fold) plain(s string, d api.Direction) {
	if strings.TrimSpace(s) == "" {
		return
	}
	if d == api.FromUser {
		f.spoken = true
		f.lines = append(f.lines, s)
		return
	}
	if speech, ok := unspeak(s); ok {
		f.voice, f.spoken = true, true
		f.say(speech)
		return
	}
	f.spoken = true
	f.say(closeLinks(s))
}
