package api

import (
	"encoding/json"
	"strings"
	"time"
)

// Containment says how a session ended. The platform counts an open session as
// self service until it closes it, so the value of an open one is provisional.
type Containment string

// The containment types; Undetermined is what an absent value means.
const (
	Undetermined Containment = ""
	DropOff      Containment = "dropOff"
	SelfService  Containment = "selfService"
	Agent        Containment = "agent"
)

// ParseContainment accepts any letter case, as the platform's own pages
// disagree about it ("selfService", "selfservice"). Unknown words are kept.
func ParseContainment(s string) Containment {
	for _, c := range []Containment{DropOff, SelfService, Agent} {
		if strings.EqualFold(s, string(c)) {
			return c
		}
	}
	return Containment(s)
}

// Session states and kinds as the platform spells them. Both are open sets.
const (
	StatusActive       = "active"
	StatusClosed       = "closed"
	KindInteractive    = "interactive"
	KindNonInteractive = "non-interactive"
)

// Tag is a name with any JSON value: string, number, boolean, null or object.
type Tag struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

// Session is one conversation session, as listed by getSessions (reference 7).
type Session struct {
	ID          SessionID
	Bot         BotID
	User        UserID
	Channel     string
	Start, End  time.Time // zero when absent; End of an open session is provisional
	Languages   []string
	Kind        string // KindInteractive, KindNonInteractive, ""
	Containment Containment
	Status      string // StatusActive, StatusClosed, ""
	Developer   Maybe[bool]
	Messages    Maybe[int]
	Tasks       Maybe[int]
	UserTags    []Tag
	SessionTags []Tag
	AltText     []Tag // captions of pressed buttons and the like (tags.altText)

	// TaskNames and Slowest are what its messages say, as far as they were read:
	// the tasks that spoke, and the longest latency in ms. The platform's list of
	// sessions has neither.
	TaskNames []string
	Slowest   Maybe[int]
	// Why is its verdict in words where somebody asked the disk for it, else "".
	Why string

	// Row tells rows that came without an id apart; made here, "" for all others.
	Row string
	// Raw is the row as it came; empty in lists read from the cache.
	Raw json.RawMessage
	// Unreadable says why the row could not be understood; then only Raw and
	// whatever could be read are set, and the row still stands in the list.
	Unreadable string
}

// Key tells sessions apart, also rows that came without an id.
func (s Session) Key() string {
	if s.ID != "" {
		return string(s.ID)
	}
	return "?" + s.Row
}

// Lost reports a row of which nothing can be used: it names no session.
func (s Session) Lost() bool { return s.ID == "" }

// Duration is End minus Start; not known when one of them is absent or when
// End lies before Start.
func (s Session) Duration() Maybe[time.Duration] {
	if s.Start.IsZero() || s.End.IsZero() || s.End.Before(s.Start) {
		return Maybe[time.Duration]{}
	}
	return Known(s.End.Sub(s.Start))
}

// Final reports that the containment type will not change any more. Rows from
// before 2023 carry no status: those are final when they carry a type.
func (s Session) Final() bool {
	switch strings.ToLower(s.Status) {
	case StatusClosed:
		return true
	case "":
		return s.Containment != Undetermined
	}
	return false
}

// Open reports a session that the platform has not closed yet.
func (s Session) Open() bool { return strings.EqualFold(s.Status, StatusActive) }

// SessionQuery asks for sessions. IDs, when given, wins over everything else,
// as it does on the platform. The zero value of a field asks for no filter.
type SessionQuery struct {
	Window      Window
	Containment Containment
	User        UserID
	CallID      string // external call id of an agent desktop
	IDs         IDList // any number; asked in fifties
	Limit       int    // rows wanted, newest first; 0 for all
}
