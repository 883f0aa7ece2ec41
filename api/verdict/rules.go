package verdict

import (
	"slices"
	"strings"

	"korescope/api"
)

// rule is one way in which a conversation goes wrong. Each is named by what it
// says; none looks at what another found, except that a service which a debug
// line already names is not told again from the model's tools.
type rule struct {
	name string
	find func(scene) []Link
}

// rules is the table, in the order of what an engineer would look at first.
// Links of the same time keep this order.
func rules() []rule {
	return []rule{
		{"a service timed out or failed, as its debug line says", services},
		{"a tool that the model called answered with an error", tools},
		{"a model call needs a look: cut, refused, failed, blocked, empty", models},
		{"the engine reported an error of its own", engine},
		{"no intent was found for what the user said", notCaught},
		{"the bot said the same thing again after the user answered", repeats},
	}
}

// services reads failing service nodes from the engine's lines.
func services(s scene) []Link {
	var out []Link
	for _, l := range s.Lines {
		if subject, words, ok := serviceFault(l); ok {
			out = append(out, Link{Kind: Service, At: l.Time, Count: 1, Words: words, Subject: subject, Place: Place{Line: l.ID}})
		}
	}
	return out
}

func serviceFault(l api.DebugLine) (subject, words string, ok bool) {
	subject = l.Title
	if subject == "" {
		subject = "a service"
	}
	timeout := l.TimedOut() || api.SaysTimeout(string(l.Detail)) && len(l.Detail) < 1000
	lower := strings.ToLower(l.Message)
	switch {
	case !l.Bad() && !timeout:
		return "", "", false
	case timeout:
		words = subject + " timed out"
		if d := l.StatedLength(); d > 0 {
			words += " (" + lasted(d) + ")"
		}
		return subject, words, true
	case strings.Contains(lower, "service") || strings.Contains(lower, "webhook") || strings.Contains(lower, "http"):
		words = subject + " failed"
		if code := statusIn(l.Message); code != "" {
			words += " (" + code + ")"
		}
		return subject, words, true
	}
	return "", "", false
}

// statusIn is an HTTP status of failure that stands in words, "" when none does.
func statusIn(words string) string {
	for f := range strings.FieldsFuncSeq(words, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(f) == 3 && (f[0] == '4' || f[0] == '5') {
			return f
		}
	}
	return ""
}

// engine is what else the engine calls an error.
func engine(s scene) []Link {
	var out []Link
	for _, l := range s.Lines {
		if _, _, service := serviceFault(l); service || !l.Bad() || l.Unreadable != "" || noIntent(l.Message) {
			continue
		}
		subject := l.Title
		if subject == "" {
			subject = Fold(l.Message, "")
		}
		words := "error in " + l.Title
		if l.Title == "" {
			words = "error: " + short(l.Message, quote)
		}
		out = append(out, Link{Kind: Engine, At: l.Time, Count: 1, Words: words, Subject: subject, Place: Place{Line: l.ID}})
	}
	return out
}

// modelWords turns how a problem begins (api.LLMCall.Problem) into the words of
// a link; the first that fits holds.
func modelWords() []struct {
	begins string
	kind   Kind
	words  string // "" takes the problem's own
} {
	return []struct {
		begins string
		kind   Kind
		words  string
	}{
		{"cut", Cut, "answer "},
		{"refused", Refused, ""},
		{"guardrail", Guardrail, ""},
		{"provider error", ModelFailed, "model: "},
		{"empty answer", ModelFailed, "model: "},
		{"no answer", ModelFailed, "model: "},
		{"no response", ModelFailed, "model: "},
		{"not JSON", ModelFailed, "model answer "},
	}
}

func models(s scene) []Link {
	var out []Link
	for _, c := range s.Calls {
		if c.Problem == "" {
			continue
		}
		l := Link{Kind: ModelFailed, At: c.Start, Count: 1, Words: "model: " + c.Problem, Place: Place{Call: c.ID}}
		for _, row := range modelWords() {
			if strings.HasPrefix(c.Problem, row.begins) {
				l.Kind, l.Words = row.kind, row.words+c.Problem
				break
			}
		}
		if l.Subject = c.Prompt; l.Subject == "" {
			l.Subject = c.Description
		}
		if l.Kind != Cut && l.Kind != Refused {
			l.Subject += " " + Fold(c.Problem, "")
		}
		out = append(out, l)
	}
	return out
}

// noIntent is how the engine says that it did not understand.
func noIntent(words string) bool {
	words = strings.ToLower(words)
	for _, one := range []string{
		"no intent", "intent not", "unidentified intent", "unhandled utterance", "not identified", "could not identify", "failed to identify", "default fallback",
	} {
		if strings.Contains(words, one) {
			return true
		}
	}
	return false
}

func notCaught(s scene) []Link {
	var out []Link
	for _, l := range s.Lines {
		if noIntent(l.Message) || noIntent(l.Title) {
			out = append(out, Link{Kind: NotCaught, At: l.Time, Count: 1, Words: "intent not understood", Place: Place{Line: l.ID}})
		}
	}
	return out
}

// fewWords is how long a turn of the bot must be to be told as said again: "Ok."
// and "Please wait" are said often and mean nothing.
const fewWords = 4

// repeats finds turns of the bot that come again although the user answered in
// between.
func repeats(s scene) []Link {
	type said struct {
		turn  int
		known bool
	}
	before := map[string]said{}
	turn := 0
	var out []Link
	for i, m := range s.talk {
		if m.Direction == api.FromUser {
			if i > 0 && s.talk[i-1].Direction != api.FromUser {
				turn++
			}
			continue
		}
		key := Fold(m.Text, m.Language)
		if m.Direction != api.FromBot || len(strings.Fields(key)) < fewWords {
			continue
		}
		if b := before[key]; b.known && b.turn < turn {
			words := "bot repeated itself"
			if strings.HasSuffix(strings.TrimSpace(m.Text), "?") {
				words = "bot asked again"
			}
			out = append(out, Link{Kind: Repeated, At: m.Time, Count: 1, Words: words, Subject: key, Place: Place{Message: m.ID}})
		}
		before[key] = said{turn: turn, known: true}
	}
	return out
}

// persons are words by which people ask for a person, in lower case and as a
// whole, in the languages that the platform's customers write most.
func persons() []string {
	return []string{
		"agent", "human", "real person", "a person", "representative", "operator", "somebody", "someone", "staff", "supervisor", "manager",
		"mitarbeiter", "mitarbeiterin", "mensch", "menschen", "berater", "jemandem", "jemanden",
		"humain", "conseiller", "conseillère", "quelqu'un", "une personne",
		"humano", "persona", "agente", "asesor", "alguien", "atendente", "pessoa",
		"operatore", "persona reale", "medewerker", "mens", "इंसान", "एजेंट",
	}
}

// personsUnspaced are the same in scripts that put no blanks between words.
func personsUnspaced() []string {
	return []string{"担当者", "人工", "客服", "转人工", "상담원"}
}

// wishes are words beside which those are a wish, and not, say, "the agent on the
// phone told me".
func wishes() []string {
	return []string{
		"talk", "speak", "speaking", "chat", "connect", "transfer", "want", "need", "give", "get", "please", "can", "could",
		"sprechen", "reden", "verbinden", "möchte", "bitte", "parler", "voudrais", "hablar", "quiero", "falar", "quero",
		"parlare", "voglio", "spreken", "wil",
	}
}

// fewSaid is how many words are a wish by themselves: "agent please".
const fewSaid = 3

func asksForPerson(said string) bool {
	words := strings.FieldsFunc(strings.ToLower(said), func(r rune) bool { return strings.ContainsRune(" \t\n.,;:!?¡¿()\"…", r) })
	plain := " " + strings.Join(words, " ") + " "
	has := func(list []string) bool {
		return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(plain, " "+w+" ") })
	}
	if has(persons()) {
		return len(words) <= fewSaid || has(wishes())
	}
	return slices.ContainsFunc(personsUnspaced(), func(w string) bool { return strings.Contains(plain, w) })
}
