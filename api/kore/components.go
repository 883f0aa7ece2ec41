package kore

import (
	"encoding/json"
	"html"
	"net/url"
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
	agent    bool
	form     bool
	voice    bool
	media    bool
	other    bool
	spoken   bool // any plain text
}

// foldComponents reads all components, not only the first, and the bare text
// of the flat shape. What a user typed is taken literally: people type braces.
func foldComponents(r row, d api.Direction) *fold {
	f := &fold{}
	if _, flat := r["text"]; flat {
		f.text(r, d)
	}
	for _, raw := range r.list("components") {
		c, ok := readRow(raw)
		if !ok {
			continue
		}
		data := c.sub("data")
		switch kind := c.text("cT"); kind {
		case "", "text", "NLResponse":
			f.text(data, d)
		case "image", "audio", "video", "attachment", "filelink", "contact", "location":
			f.media = true
			f.say("[" + kind + "]")
			f.plain(data.text("text"), d)
		default:
			f.other = true
			f.say("[" + kind + "]")
			f.plain(data.text("text"), d)
		}
	}
	return f
}

func (f *fold) kind() api.MessageKind {
	switch {
	case f.form:
		return api.KindForm
	case f.template != "" && !f.agent:
		return api.KindTemplate
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

// text takes data.text: words, or a JSON document inside the string.
func (f *fold) text(data row, d api.Direction) {
	raw, _ := data.find("text")
	s := textOf(raw)
	if s == "" && looksJSON(raw) {
		s = string(raw)
	}
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
		f.voice = true
		f.say(speech)
		return
	}
	f.spoken = true
	f.say(closeLinks(s))
}

// document reads one level of JSON inside a text. False when it is none of the
// known shapes; then it is shown as the text it is.
func (f *fold) document(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) > maxInner || !looksJSON([]byte(s)) || tooDeep([]byte(s)) {
		return false
	}
	if s[0] == '[' {
		var verbs []json.RawMessage
		return json.Unmarshal([]byte(s), &verbs) == nil && f.verbs(verbs)
	}
	doc, ok := readRow(json.RawMessage(s))
	if !ok {
		return false
	}
	payload := doc.sub("payload")
	kind := payload.text("template_type", "templateType")
	switch {
	case strings.EqualFold(doc.text("type"), "command"):
		f.voice = true
		if !f.verbs(doc.list("data")) {
			f.say("[" + strings.TrimSpace("voice command "+doc.text("command")) + "]")
		}
		return true
	case kind != "" || strings.EqualFold(doc.text("type"), "template"):
		f.card(doc, payload, kind)
		return true
	case payload != nil && isMedia(doc.text("type")):
		f.media = true
		f.say("[" + doc.text("type") + "]")
		f.say(closeLinks(payload.text("text", "title")))
		return true
	}
	return false
}

func isMedia(kind string) bool {
	switch strings.ToLower(kind) {
	case "image", "audio", "video", "attachment", "file":
		return true
	}
	return false
}

// verbs reads the commands of the voice gateway. False when the list is not
// made of them.
func (f *fold) verbs(list []json.RawMessage) bool {
	var said, silent []string
	for _, raw := range list {
		v, ok := readRow(raw)
		if !ok || v.text("verb") == "" {
			return false
		}
		words := append(v.sub("say").texts("text"), v.texts("text")...)
		if len(words) == 0 {
			silent = append(silent, v.text("verb"))
		}
		said = append(said, words...)
	}
	if len(said)+len(silent) == 0 {
		return false
	}
	f.voice = true
	for _, s := range said {
		if speech, ok := unspeak(s); ok {
			s = speech
		}
		f.say(closeLinks(s))
	}
	if len(said) == 0 {
		f.say("[" + strings.Join(silent, ", ") + "]")
	}
	return true
}

// unspeak takes the words out of speech markup.
func unspeak(s string) (string, bool) {
	if !strings.HasPrefix(strings.TrimSpace(s), "<speak") && !strings.Contains(s, "<prosody") {
		return s, false
	}
	var b strings.Builder
	inTag := false
	for _, r := range s {
		switch {
		case r == '<':
			inTag = true
			b.WriteByte(' ')
		case r == '>' && inTag:
			inTag = false
		case !inTag:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(html.UnescapeString(b.String())), " "), true
}

// hostOf is all of a link that is kept: the rest may hold a token.
func hostOf(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// closeLinks cuts the links in a text behind their host.
func closeLinks(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "://")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := i + 3
		for end < len(s) && !strings.ContainsRune(" \t\r\n\"'<>)]}", rune(s[end])) {
			end++
		}
		scheme := strings.LastIndexFunc(s[:i], func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '+' && r != '-' && r != '.'
		}) + 1
		link := s[scheme:end]
		b.WriteString(s[:scheme])
		b.WriteString(shortLink(link))
		s = s[end:]
	}
}

func shortLink(link string) string {
	host := hostOf(link)
	scheme, rest, _ := strings.Cut(link, "://")
	if host == "" {
		return scheme + "://…"
	}
	if strings.EqualFold(rest, host) {
		return link
	}
	return scheme + "://" + host + "/…"
}
