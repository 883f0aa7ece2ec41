package viewtest

import (
	"encoding/json"
	"fmt"
	"time"

	"korescope/api"
)

// SessionRoom is the id space of the invented sessions: n makes one of them.
func SessionRoom(n int) api.SessionID {
	return api.SessionID(fmt.Sprintf("7324%04xb5d0e8f1a2c3%04x", 0x1000+n*7, n))
}

// UserRoom is the same for users.
func UserRoom(n int) api.UserID {
	return api.UserID(fmt.Sprintf("u-3c1d%04x-7a52-5b0e-9d44-86f0e2a1%04x", n*31%65536, n))
}

// Sessions are thirty-six sessions of the last day, newest first: a day of
// ordinary ones with a bad last hour, and one of each odd kind.
func Sessions() []api.Session {
	var out []api.Session
	at := Noon().Add(-90 * time.Second)
	for i := range 30 {
		out = append(out, ordinary(i, at))
		at = at.Add(-time.Duration(3+i*3) * time.Minute)
	}
	return append(out, odd(at)...)
}

func ordinary(i int, at time.Time) api.Session {
	s := api.Session{
		ID: SessionRoom(i), Bot: "st-1f6c", User: UserRoom(i), Channel: []string{"rtm", "ivr", "whatsapp"}[i%3],
		Start: at, End: at.Add(time.Duration(20+i*37%400) * time.Second),
		Languages: []string{[]string{"en", "de"}[i%2]}, Kind: api.KindInteractive,
		Status: api.StatusClosed, Developer: api.Known(false),
		Messages: api.Known(4 + i*5%23), Tasks: api.Known(1 + i%4),
		SessionTags: []api.Tag{{Name: "intent", Value: json.RawMessage(`"refund"`)}},
	}
	s.Containment = []api.Containment{api.SelfService, api.SelfService, api.Agent, api.SelfService, api.DropOff}[i%5]
	switch {
	case i == 0:
		s.Status, s.Containment = api.StatusActive, api.SelfService
	case i < 10 && i%4 != 3:
		s.Containment = api.DropOff
	}
	return s
}

// odd are sessions that miss something or hold something unusual.
func odd(at time.Time) []api.Session {
	next := func(n int) api.Session {
		return api.Session{
			ID: SessionRoom(100 + n), Bot: "st-1f6c", User: UserRoom(100 + n), Channel: "rtm",
			Start: at.Add(-time.Duration(n) * 10 * time.Minute), End: at.Add(-time.Duration(n)*10*time.Minute + time.Minute),
			Containment: api.SelfService, Status: api.StatusClosed, Messages: api.Known(3),
		}
	}
	noType := next(0)
	noType.Containment, noType.Messages = api.Undetermined, api.Maybe[int]{}
	backwards := next(1)
	backwards.End = backwards.Start.Add(-time.Minute)
	nobody := next(2)
	nobody.User, nobody.Channel, nobody.End, nobody.Containment = "", "", time.Time{}, api.DropOff
	person := next(3)
	person.User, person.Languages = "p.lindqvist@example.test", []string{"sv", "en"}
	person.UserTags = []api.Tag{{Name: "tier", Value: json.RawMessage(`{"name":"gold","since":2027}`)}}
	unknown := next(4)
	unknown.Containment, unknown.Developer, unknown.Messages = "escalatedToFax", api.Known(true), api.Known(12_310)
	return []api.Session{noType, backwards, nobody, person, unknown, Unreadable()}
}

// Unreadable is a row that could not be understood.
func Unreadable() api.Session {
	return api.Session{
		ID: SessionRoom(199), Start: Noon().Add(-23*time.Hour - 50*time.Minute),
		Unreadable: "startTime is an array", Raw: json.RawMessage(`{"sessionId":[1]}`),
	}
}

// HostileSessions are rows whose every text tries something.
func HostileSessions() []api.Session {
	var out []api.Session
	for i, word := range Hostile() {
		s := ordinary(i+1, Noon().Add(-time.Duration(i+1)*7*time.Minute))
		s.ID = SessionRoom(300 + i)
		s.User, s.Channel, s.Languages = api.UserID(word), word, []string{word}
		s.Status = api.StatusClosed
		tag, err := json.Marshal(word)
		if err == nil {
			s.SessionTags = []api.Tag{{Name: word, Value: tag}}
		}
		if i%3 == 0 {
			s.Containment = api.Containment(word)
		}
		out = append(out, s)
	}
	return out
}

// LongSessions hold the longest words there may be.
func LongSessions() []api.Session {
	var out []api.Session
	for i := range 8 {
		s := ordinary(i+1, Noon().Add(-time.Duration(i+1)*7*time.Minute))
		s.ID = SessionRoom(400 + i)
		s.User = "firstname.lastname-doublename@subsidiary.department.example.test"
		s.Channel, s.Languages = "microsoftteamsconnectorV2", []string{"zh-Hant-TW", "pt-BR", "sr-Latn-RS"}
		s.End = s.Start.Add(99*time.Hour + 59*time.Minute + 58*time.Second)
		s.Messages, s.Tasks = api.Known(1_234_567), api.Known(98_765)
		s.SessionTags = append(s.SessionTags, api.Tag{
			Name:  "lastIntentThatWasRecognisedByTheEngineWithoutAnyDoubt",
			Value: json.RawMessage(`"ChangeTheDeliveryAddressOfAnOrderThatHasAlreadyBeenHandedToTheCarrier"`),
		})
		out = append(out, s)
	}
	return out
}

// Tails are the ends of the first conversations, and of none of the others.
func Tails(rows []api.Session) map[api.SessionID]api.Tail {
	const seen = "no fault seen in the messages"
	out := map[api.SessionID]api.Tail{}
	for i, s := range rows {
		switch i % 6 {
		case 5:
			out[s.ID] = api.Tail{Read: true, Why: seen}
		case 4:
			out[s.ID] = api.Tail{Read: true, User: "hello? is anybody there", Why: "no answer to the last words", Fault: true}
		case 3:
		default:
			t := api.Tail{
				Read: true, User: "my parcel 40718 never came, I want my money back",
				Bot: "I am sorry, I did not get that. Could you say it in other words, or shall I connect you to a person?",
				Why: "GetOrder timed out 2x (10 s) > answer cut at 512 tokens > bot asked again > left", Fault: true,
			}
			switch {
			case i%6 == 2:
				t.Why, t.Fault = seen, false
			case s.Containment != api.DropOff:
				t.Why = "refused by content filter > asked for a person"
			}
			out[s.ID] = t
		}
	}
	return out
}
