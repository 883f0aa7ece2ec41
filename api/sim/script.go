package sim

import (
	"strings"

	"korescope/api"
)

// script is the pen a scene writes with. Every act moves the clock on, so a
// scene reads like the conversation it makes.
type script struct {
	dice
	s       *session
	st      *story
	at      int64
	facts   facts
	history []turn
}

// told writes the session's story.
func (s *session) told() *story {
	st := &story{s: s, tasks: 1}
	p := &script{dice: dice{scramble(s.key ^ 0x7a1e)}, s: s, st: st, at: s.start}
	p.facts = newFacts(&p.dice, s)
	p.tagSession()
	if !s.odd && s.lang == "en" && !voice(s.channel) && !s.scene.mute && p.chance(35) {
		p.bot("Hello {name}, this is the assistant. How can I help?", "Hi! Ask me anything.", "Welcome back, {name}. What can I do for you?")
	}
	s.scene.tell(p)
	if p.agent() && !st.handed {
		p.asksForPerson()
	}
	p.finish()
	return st
}

// asksForPerson ends a conversation at the desk that its scene did not bring there.
func (p *script) asksForPerson() {
	if voice(p.s.channel) {
		p.dial()
		return
	}
	p.user("Can I talk to a person about something else?", "I have another question for a person please", "Agent please")
	p.toDesk()
	p.user("I would like to change my phone number to {phone}", "Can you send me the invoice of order {order} again?", "Is my {item} covered by the warranty?")
	p.desk("Done, you get a confirmation by mail.", "Of course, I have sent it to {mail}.")
}

// finish closes the story. A left conversation is closed after a while of
// silence, a finished one soon after its last word.
func (p *script) finish() {
	st := p.st
	st.end = p.s.start
	for i := range st.messages {
		if m := &st.messages[i]; !m.late && m.at > st.end {
			st.end = m.at
		}
	}
	st.end += int64(p.between(5, 900))
	switch p.s.outcome {
	case api.DropOff:
		st.closed = st.end + int64(p.between(150, 420))*1000
		if p.chance(40) && !voice(p.s.channel) && !p.s.scene.mute {
			p.at = st.closed
			p.bot("We have not heard from you for a while, so I have closed this chat. Write again at any time.",
				"This chat was closed because nobody answered. You are welcome back at any time.")
			st.messages[len(st.messages)-1].late = true
			st.closed = p.at + 500
		}
	default:
		st.closed = st.end + int64(p.between(8, 60))*1000
	}
	if st.odd.openTill > 0 {
		st.closed = st.odd.openTill
	}
}

// fill puts the session's facts into a phrase.
func (p *script) fill(phrase string) string {
	if !strings.Contains(phrase, "{") {
		return phrase
	}
	return p.facts.fill(phrase)
}

// user lets some seconds pass, the way people read and type, and says one of the phrases.
func (p *script) user(phrases ...string) {
	said := p.casual(p.fill(p.pick(phrases)))
	p.wait(3500+25*len(said), 9000+110*len(said))
	p.incoming(said)
}

// pair is a question and the answer that fits it.
type pair struct{ question, answer string }

// exchange lets the user ask one of the questions and returns its answer.
func (p *script) exchange(of []pair) string {
	one := of[p.below(len(of))]
	p.user(one.question)
	return one.answer
}

// exactly says the words without a typist's habits.
func (p *script) exactly(said string) {
	p.wait(3000, 12000)
	p.incoming(p.fill(said))
}

func (p *script) incoming(said string) {
	p.history = append(p.history, turn{role: "user", content: said})
	p.add(message{in: true, components: textParts(said), spoken: said, status: "received", source: 1})
}

// bot answers after a moment with one of the phrases.
func (p *script) bot(phrases ...string) {
	said := p.fill(p.pick(phrases))
	p.wait(500, 1900)
	p.outgoing(said)
}

func (p *script) outgoing(said string) {
	p.history = append(p.history, turn{role: "assistant", content: said})
	wire := said
	if p.s.channel == "korevg" && p.chance(35) {
		wire = ssml(said)
	}
	p.add(message{components: textParts(wire), spoken: said, status: "pending", source: 1})
}

func (p *script) wait(lo, hi int) { p.at += int64(p.between(lo, max(lo, hi))) }

func (p *script) add(m message) {
	m.at = p.at
	if m.stampOff == 0 && p.chance(30) {
		m.stampOff = int64(p.between(1, 14))
	}
	p.st.messages = append(p.st.messages, m)
}

// left reports that the user is gone at this point of a conversation that ends
// as a drop-off; pct is how likely this point is.
func (p *script) left(pct int) bool { return p.s.outcome == api.DropOff && p.chance(pct) }

func (p *script) drops() bool { return p.s.outcome == api.DropOff }
func (p *script) agent() bool { return p.s.outcome == api.Agent }

// casual types like people do: small letters, no full stop, now and then two
// letters swapped.
func (p *script) casual(said string) string {
	if p.s.lang != "en" || voice(p.s.channel) || len(said) < 3 {
		return said
	}
	if p.chance(45) && (said[1] < 'A' || said[1] > 'Z') {
		said = strings.ToLower(said[:1]) + said[1:]
	}
	if p.chance(60) {
		said = strings.TrimSuffix(said, ".")
	}
	if p.chance(7) {
		if i := 2 + p.below(len(said)-2); i+1 < len(said) && letter(said[i]) && letter(said[i+1]) {
			said = said[:i] + said[i+1:i+2] + said[i:i+1] + said[i+2:]
		}
	}
	return said
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' }

func textParts(said string) []obj {
	return []obj{ob("cT", "text", "data", ob("text", said), "thumbnails", []any{})}
}

func ssml(said string) string {
	said = strings.NewReplacer("&", "&amp;", "'", "&apos;", `"`, "&quot;").Replace(said)
	return `<speak><prosody rate="medium">` + said + `</prosody></speak>`
}

// tagSession gives the session the tags that such bots emit, in every JSON type.
func (p *script) tagSession() {
	p.st.userTags = []obj{ob("name", "tier", "value", p.pick([]string{"basic", "basic", "silver", "gold"}))}
	p.st.tags = []obj{ob("name", "build", "value", buildOf(p.s))}
	if voice(p.s.channel) {
		p.st.tags = append(p.st.tags, ob("name", "callerNumber", "value", p.s.user.phone), ob("name", "callId", "value", p.s.callID()))
	}
	if p.chance(40) {
		p.st.tags = append(p.st.tags, ob("name", "retries", "value", p.below(3)))
	}
	if p.chance(20) {
		p.st.tags = append(p.st.tags, ob("name", "env_type", "value", nil))
	}
}

func (p *script) tag(name string, value any) {
	p.st.tags = append(p.st.tags, ob("name", name, "value", value))
}

func buildOf(s *session) string {
	if s.broken {
		return "5.18.0"
	}
	return "5.17.2"
}
