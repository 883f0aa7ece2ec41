package api

// EventKind says what happened to a session that is followed.
type EventKind string

// The kinds of event.
const (
	EventNew     EventKind = "new"     // it was not there before
	EventClosed  EventKind = "closed"  // it was open and is not any more
	EventChanged EventKind = "changed" // its containment type is another one, or it was opened again
)

// SessionEvent is one thing that happened while sessions were followed.
type SessionEvent struct {
	Kind EventKind
	// Was is the containment type before; Undetermined when there was none, and
	// always for a new one.
	Was     Containment
	Session Session
}
