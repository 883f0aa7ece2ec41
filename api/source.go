package api

import (
	"context"
	"iter"
)

// Lane is how urgent a request is. Each lane leaves room in the shared budget
// for the more urgent ones.
type Lane uint8

// The lanes, most urgent first.
const (
	Person    Lane = iota // somebody is looking at an empty place
	Follow                // the rest of what they asked for
	ReadAhead             // what they may ask for next
)

// SessionSource lists sessions.
type SessionSource interface {
	// Sessions yields pages, newest slice first. An error ends the iteration;
	// a part that had to be given up is a Gap in a page instead, so that the
	// rest is still read.
	Sessions(ctx context.Context, q SessionQuery, lane Lane) iter.Seq2[Page[Session], error]
}

// MessageSource reads what was said.
type MessageSource interface {
	Messages(ctx context.Context, q MessageQuery, lane Lane) iter.Seq2[Page[Message], error]
	UserMessages(ctx context.Context, q UserQuery, lane Lane) iter.Seq2[Page[Message], error]
	CallMessages(ctx context.Context, q CallQuery, lane Lane) iter.Seq2[Page[Message], error]
}

// LLMSource lists model calls with their payloads.
type LLMSource interface {
	LLMCalls(ctx context.Context, q LLMQuery, lane Lane) iter.Seq2[Page[LLMCall], error]
}

// Source is everything the platform is asked for today.
type Source interface {
	SessionSource
	MessageSource
	LLMSource
}
