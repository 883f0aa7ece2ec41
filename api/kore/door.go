package kore

import (
	"context"
	"sync/atomic"

	"korescope/api"
)

// Rule of this file: what changes something leaves through one door. act writes
// the journal, before the call and after it; put sends no such call that does not
// come with the line that act began, and none twice with the same line.

// begun stands for a line of the journal whose call was not sent yet.
type begun struct {
	call  string
	spent atomic.Bool
}

// act carries out one call that changes something. What the profile does not
// allow is not written down: nothing of it is sent.
func (c *Client) act(ctx context.Context, a api.Act, send func(*begun) (api.JobID, error)) error {
	if err := c.permitted(c.table[a.Call]); err != nil {
		return err
	}
	end, err := c.o.Journal.Begin(ctx, a)
	if err != nil {
		return err
	}
	id, err := send(&begun{call: a.Call})
	end(id, err)
	return err
}

// written refuses a call that changes something and has no line of its own.
func (q question) written(e api.Endpoint) error {
	if e.Effect != api.Write {
		return nil
	}
	if q.line == nil || q.line.call != e.Name || q.line.spent.Swap(true) {
		return misuse("a call that changes something has to be in the journal first")
	}
	return nil
}
