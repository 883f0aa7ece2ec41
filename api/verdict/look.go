package verdict

import (
	"strconv"
	"time"

	"korescope/api"
)

// scene is the evidence as the rules want it.
type scene struct {
	Evidence
	talk []api.Message // what people and the bot said: no events, no control messages
}

func look(e Evidence) scene {
	s := scene{Evidence: e}
	for _, m := range e.Messages {
		if m.Direction != api.Control && m.Kind != api.KindEvent {
			s.talk = append(s.talk, m)
		}
	}
	return s
}

// longWait is how long a person must have waited for the bot for the wait to be
// named as what drove them away. Ten seconds is where attention leaves a
// dialogue; half a second less lets a service's limit of ten seconds count.
const longWait = 9500 * time.Millisecond

// quote is how many letters of the bot's last words a verdict repeats.
const quote = 48

// end says how the conversation ended, false when its causes tell already or it
// has not ended.
func (s scene) end(fault bool) (Link, bool) {
	if s.Session.Containment == api.Agent {
		return s.handed(), true
	}
	if s.Session.Open() || s.Session.Containment != api.DropOff {
		if fault {
			return Link{}, false
		}
		return Link{Kind: NoFault, Count: 1, Words: s.noFault()}, true
	}
	if len(s.talk) == 0 {
		words := "left before a word was said"
		if s.Read&Messages == 0 {
			words = "left"
		}
		return Link{Kind: Left, Count: 1, Words: prefixed(fault, s.noFault(), words)}, true
	}
	last := s.talk[len(s.talk)-1]
	link := Link{Kind: Left, At: last.Time, Count: 1, Place: Place{Message: last.ID}}
	switch wait := s.lastWait(); {
	case last.Direction == api.FromUser:
		link.Kind, link.Words = NoAnswer, "no answer to the last words"
		return link, true
	case wait >= longWait:
		link.Kind, link.Words = Waited, "left after a wait of "+lasted(wait)
		return link, true
	case fault:
		link.Words = "left"
	default:
		link.Words = s.noFault() + ": the user left"
		if stayed := s.Session.End.Sub(last.Time); !s.Session.End.IsZero() && !last.Time.IsZero() && stayed >= 0 && stayed < time.Hour {
			link.Words += " " + lasted(stayed)
		}
		link.Words += ` after "` + short(last.Text, quote) + `"`
	}
	return link, true
}

func prefixed(fault bool, none, words string) string {
	if fault {
		return words
	}
	return none + ": the user " + words
}

// noFault says what was looked at, so that it is not taken for more.
func (s scene) noFault() string {
	switch {
	case s.Read == Messages|Calls|Lines || s.Read == Messages|Calls:
		return "no fault seen"
	case s.Read&Messages != 0:
		return "no fault seen in the messages"
	}
	return "no fault seen in what was read"
}

// handed is the end of a conversation that went to a person.
func (s scene) handed() Link {
	l := Link{Kind: Person, Count: 1, Words: "handed to a person"}
	for _, m := range s.talk {
		if m.Direction == api.FromUser && asksForPerson(m.Text) {
			l.At, l.Words, l.Place = m.Time, "asked for a person", Place{Message: m.ID}
			return l
		}
	}
	return l
}

// lastWait is how long the bot took for its last answer.
func (s scene) lastWait() time.Duration {
	i := len(s.talk) - 1
	if s.talk[i].Direction != api.FromBot {
		return 0
	}
	for i > 0 && s.talk[i-1].Direction == api.FromBot {
		i--
	}
	if i == 0 || s.talk[i-1].Direction != api.FromUser || s.talk[i].Time.IsZero() || s.talk[i-1].Time.IsZero() {
		return 0
	}
	return s.talk[i].Time.Sub(s.talk[i-1].Time)
}

// lasted writes a length of time as people say it: "10.5 s", "3 min".
func lasted(d time.Duration) string {
	if d < 2*time.Minute {
		return strconv.FormatFloat(d.Round(100*time.Millisecond).Seconds(), 'f', -1, 64) + " s"
	}
	return itoa(int(d.Round(time.Minute)/time.Minute)) + " min"
}
