package api

import "context"

// Act is one call that changes something, as it is written down. Target names
// what is changed and holds nothing that a customer said; Users are kept apart,
// because a journal outlives what it tells of and has to write them as hashes.
type Act struct {
	Call   string // name of the endpoint
	Target string
	Users  []UserID
}

// Journal writes down every act, on the disk before it is sent and again with
// its answer. An act must not be sent when Begin fails. end is called once, with
// the id that the platform gave, if any, or with what went wrong.
type Journal interface {
	Begin(ctx context.Context, a Act) (end func(id JobID, err error), err error)
}
