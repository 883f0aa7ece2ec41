package views

import (
	"encoding/json"
	"strings"

	"korescope/api"
	"korescope/api/payload"
	"korescope/ui/text"
)

// Where a value of the platform becomes something to see or to hand on, it is
// masked and cleaned, by the methods below and nowhere else: a screen keeps
// values as they came, for its requests, and calls these for its cells, headings
// and copies. With Env.Mask nil nothing is hidden but secret fields of payloads.
//
// Those that give [text.Safe] are for cells; those that give a string keep the
// letters as they were sent, for copies and records.

// Text is free text on one line.
func (e Env) Text(s string) text.Safe { return text.Clean(e.Masked(s)) }

// Lines is free text with its own line breaks; see [text.CleanLines].
func (e Env) Lines(s string, most int) []text.Safe { return text.CleanLines(e.Masked(s), most) }

// ID is an id of the platform, whole.
func (e Env) ID(id string) text.Safe { return text.Clean(e.MaskedID(id)) }

// ShortID is an id of the platform, cut to what tells two of them apart.
func (e Env) ShortID(id string) text.Safe { return ShortID(e.MaskedID(id)) }

// User is a user id, whole.
func (e Env) User(u api.UserID) text.Safe { return text.Clean(e.MaskedUser(u)) }

// ShortUser is a user id, cut to what tells two of them apart.
func (e Env) ShortUser(u api.UserID) text.Safe { return ShortID(e.MaskedUser(u)) }

// Identity is a name under which the engine keeps debug lines.
func (e Env) Identity(s string) text.Safe { return text.Clean(e.MaskedIdentity(s)) }

// Person is the name of a person who works with the bot.
func (e Env) Person(name string) text.Safe { return text.Clean(e.MaskedPerson(name)) }

// Tags is tags as words: tier=gold retries=2.
func (e Env) Tags(ts []api.Tag) text.Safe { return text.Clean(TagText(e.tags(ts))) }

// Masked is free text: what is found in it is hidden.
func (e Env) Masked(s string) string {
	if e.hides(s) {
		return e.noted(text.Lit("text"), s, e.Mask.Text(s))
	}
	return s
}

// MaskedID is an id of the platform. One that is made of something about a
// person is hidden.
func (e Env) MaskedID(id string) string {
	if e.hides(id) {
		return e.noted(text.Lit("id"), id, e.Mask.ID(id))
	}
	return id
}

// MaskedUser is a user id. The platform's own pseudonyms stay.
func (e Env) MaskedUser(u api.UserID) string {
	if e.hides(string(u)) {
		return e.noted(text.Lit("user id"), string(u), e.Mask.Identity(string(u)))
	}
	return string(u)
}

// MaskedIdentity is an identity of debug lines.
func (e Env) MaskedIdentity(s string) string {
	if e.hides(s) {
		return e.noted(text.Lit("identity"), s, e.Mask.LogIdentity(s))
	}
	return s
}

// MaskedPerson is the name of a person.
func (e Env) MaskedPerson(name string) string {
	if e.hides(name) {
		return e.noted(text.Lit("name of a person"), name, e.Mask.Person(name))
	}
	return name
}

// Payload is a JSON value for people: secret fields are dots at every depth,
// whatever the profile says, and personal data is masked when there is a mask.
func (e Env) Payload(raw json.RawMessage) json.RawMessage {
	if e.Bare != "" && string(raw) == e.Bare {
		return raw
	}
	shown := e.Mask.JSON(raw)
	e.noted(text.Lit("value"), string(raw), string(shown))
	return shown
}

// PayloadText is a text that may be JSON, for people. Text that is none is free
// text.
func (e Env) PayloadText(s string) string {
	t := strings.TrimSpace(s)
	if len(t) > 1 && (t[0] == '{' || t[0] == '[') && json.Valid([]byte(t)) {
		return string(e.Payload(json.RawMessage(t)))
	}
	if e.Bare != "" && s == e.Bare {
		return s
	}
	return e.noted(text.Lit("text"), s, e.bared(hidePairs(s)))
}

// bared is free text of which something is hidden already.
func (e Env) bared(s string) string {
	if e.Mask == nil {
		return s
	}
	return e.Mask.Text(s)
}

// Named is the value of a setting or of a field, for people: its name says how it
// is hidden.
func (e Env) Named(name, value string) string {
	switch {
	case e.Bare != "" && value == e.Bare:
	case payload.SecretName(name):
		return e.noted(text.Lit("value"), value, dots)
	case e.Mask != nil:
		if shown, hidden := e.Mask.behind(name, value); hidden {
			return e.noted(text.Lit("value"), value, shown)
		}
	}
	return e.PayloadText(value)
}

// Tree is how a payload is shown as a tree.
func (e Env) Tree() func(key, value string) (string, bool) {
	mask := TreeMask(e.Mask)
	return func(key, value string) (string, bool) {
		if e.Bare != "" && value == e.Bare {
			return "", false
		}
		return mask(key, value)
	}
}

// Unmasked is the environment without its mask, for what compares and searches
// and shows nothing.
func (e Env) Unmasked() Env {
	e.Mask = nil
	return e
}

func (e Env) hides(s string) bool { return e.Mask != nil && s != "" && s != e.Bare }

func (e Env) tags(ts []api.Tag) []api.Tag {
	if e.Mask == nil {
		return ts
	}
	out := e.Mask.tags(ts)
	for i, t := range ts {
		v := TagValue(t)
		if e.Bare != "" && v == e.Bare {
			out[i].Value = t.Value
			continue
		}
		e.noted(text.Lit("tag"), v, TagValue(out[i]))
	}
	return out
}

func (e Env) texts(all []string) []string {
	if e.Mask == nil || all == nil {
		return all
	}
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = e.Masked(s)
	}
	return out
}
