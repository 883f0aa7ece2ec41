package kore

import (
	"encoding/json"
	"html"
	"strings"
	"unicode"
)

// verbs reads the commands of the voice gateway. False when the list is not
// made of them. What is spoken is the text; a command that moves the caller
// elsewhere is told too, with no more of its target than the host.
func (f *fold) verbs(list []json.RawMessage) bool {
	var said, silent []string
	moved := false
	for _, raw := range list {
		v, ok := readRow(raw)
		verb := v.text("verb")
		if !ok || verb == "" {
			return false
		}
		words := append(v.sub("say").texts("text"), v.texts("text")...)
		said = append(said, words...)
		f.spoken = f.spoken || len(words) > 0
		switch {
		case moves(verb):
			moved = true
			said = append(said, strings.TrimSpace("["+verb+"] "+targetOf(v)))
		case len(words) == 0:
			silent = append(silent, verb)
		}
	}
	if len(said)+len(silent) == 0 {
		return false
	}
	f.voice, f.moved = true, f.moved || moved
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

// moves reports verbs that take the caller to somebody else.
func moves(verb string) bool {
	switch strings.ToLower(verb) {
	case "sip:refer", "sip:redirect", "sip:bye", "sip:decline", "refer", "dial", "transfer", "agent_transfer", "enqueue", "conference", "bridge":
		return true
	}
	return false
}

// targetOf is the host that a caller is sent to.
func targetOf(verb row) string {
	raw, _ := verb.find("referTo", "target", "to", "destination", "uri", "number", "sipUri")
	if s := textOf(raw); s != "" {
		return farEnd(s)
	}
	for _, one := range oneOrMore(raw) {
		if t, ok := readRow(one); ok {
			if host := farEnd(t.text("sipUri", "uri", "address", "number")); host != "" {
				return host
			}
		}
	}
	return ""
}

// nobodyTyped knows the pseudo-messages that stand under the user's name: the
// engine and the voice gateway wrote them. Any channel has those that have a
// name of their own; a name made like one is believed on voice channels only,
// where nobody speaks in capitals and underscores.
func nobodyTyped(text, channel string) bool {
	text = strings.TrimSpace(text)
	switch strings.NewReplacer(" ", "", "_", "").Replace(text) {
	case "MAXNOINPUT", "MAXNOMATCH", "WelcomeTask", "StartFlow", "CallTerminationHandler", "ONCONNECTEVENT", "OnConnectEvent":
		return true
	}
	return voiceChannel(channel) && (constantName(text) || flowName(text))
}

func voiceChannel(name string) bool {
	switch strings.ToLower(name) {
	case "korevg", "ivr", "ivrvoice", "audiocodes", "twiliovoice", "smartassist", "voice", "sip":
		return true
	}
	return false
}

// constantName reports NO_INPUT and the like.
func constantName(s string) bool {
	if !strings.Contains(s, "_") {
		return false
	}
	for _, r := range s {
		if r != '_' && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return true
}

// flowName reports the name of a flow, task or handler: StartFlow, Call End
// Handler.
func flowName(s string) bool {
	named := false
	for _, last := range []string{"Flow", "Task", "Handler", "Event"} {
		named = named || strings.HasSuffix(s, last) && s != last
	}
	if !named {
		return false
	}
	start := true
	for _, r := range s {
		switch {
		case r == ' ' || r == '_':
			start = true
		case !unicode.IsLetter(r) && !unicode.IsDigit(r), start && !unicode.IsUpper(r):
			return false
		default:
			start = false
		}
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
