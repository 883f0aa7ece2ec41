package kore

import (
	"encoding/json"
	"strings"

	"korescope/api"
)

// cardLists are the names under which templates keep their entries. Types other
// than buttons and quick replies are not documented; their titles and texts
// are taken where they usually stand.
func cardLists() []string { return []string{"elements", "cards", "items", "list", "listItems"} }

// card folds a template: its text, the titles of its entries, its choices.
func (f *fold) card(doc, payload row, kind string) {
	f.template = kind
	if f.template == "" {
		f.template = "template"
	}
	f.agent = f.agent || strings.EqualFold(kind, "live_agent")
	for _, key := range []string{"heading", "title", "text"} {
		if words := payload.text(key); words != "" {
			f.words(words)
		}
	}
	form := doc.sub("formData")
	if form == nil {
		form = payload.sub("formData")
	}
	if form != nil {
		// The link of a form and the button that opens it hold a token.
		f.form = true
		f.say("[form: " + cardName(form) + "]")
		return
	}
	for _, key := range cardLists() {
		for _, raw := range payload.list(key) {
			f.entry(raw)
		}
	}
	f.choices(payload)
}

func cardName(form row) string {
	for _, key := range []string{"displayName", "name"} {
		if s := form.text(key); s != "" {
			return s
		}
	}
	return "unnamed"
}

func (f *fold) words(s string) {
	if speech, ok := unspeak(s); ok {
		s = speech
	}
	if strings.TrimSpace(s) != "" {
		f.spoken = true
	}
	f.say(closeLinks(s))
}

func (f *fold) entry(raw json.RawMessage) {
	if s := textOf(raw); s != "" {
		f.words("- " + s)
		return
	}
	e, ok := readRow(raw)
	if !ok {
		return
	}
	var parts []string
	for _, key := range []string{"title", "text", "subtitle", "description", "value"} {
		if s := e.text(key); s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) > 0 {
		f.words("- " + strings.Join(parts, ": "))
	}
	f.choices(e)
}

// choices takes buttons and quick replies in order.
func (f *fold) choices(r row) {
	for _, key := range []string{"buttons", "quick_replies"} {
		for _, raw := range r.list(key) {
			b, ok := readRow(raw)
			if !ok {
				continue
			}
			o := api.Option{Title: b.text("title", "text", "label"), Value: b.text("payload", "value")}
			if link := b.text("url", "link", "fallback_url"); link != "" {
				o.Value = hostOf(link)
			} else if strings.Contains(o.Value, "://") {
				o.Value = closeLinks(o.Value)
			}
			if o != (api.Option{}) {
				f.options = append(f.options, o)
			}
		}
	}
}
