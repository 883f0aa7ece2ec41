package cache

import (
	"context"

	"korescope/api"
	"korescope/api/payload"
)

// What a call's payloads tell (why it ended, what is wrong with it, the
// provider's counts) is stored beside them, because lists are read without
// payloads. Rows that an older reader wrote carry its version: lists read them
// anew at once, and the background writes them.

// stale reports a row whose payloads an older version read.
func stale(reading int64) bool { return reading < payload.Version }

// rereadCall reads the payloads of a row anew; they are left in the call.
func rereadCall(c *conn, rid int64, l api.LLMCall) (api.LLMCall, error) {
	_, request, response, err := payloads(c, rid)
	if err != nil {
		return l, err
	}
	l.Request, l.Response = request, response
	switch {
	case l.Unreadable != "": // not looked into
		return l, nil
	case request == nil && response == nil: // nothing better is known
		if l.Problem == "no response" { // the word of the first version
			l.Problem = "no answer"
		}
		return l, nil
	}
	return payload.Apply(l), nil
}

// rereadCalls writes what the newest reader makes of rows that an older one
// wrote, in steps, so that nobody waits long for the lock.
func (s *Store) rereadCalls(ctx context.Context) error {
	var due int64
	err := s.read(ctx, "look for old readings", func(c *conn) (err error) {
		due, err = c.number("SELECT count(*) FROM (SELECT 1 FROM call WHERE reading < ? LIMIT 1)", payload.Version)
		return err
	})
	for more := due > 0; err == nil && more; {
		err = s.write(ctx, "read model calls anew", func(c *conn) (err error) {
			more, err = rereadSomeCalls(c)
			return err
		})
	}
	return err
}

func rereadSomeCalls(c *conn) (more bool, err error) {
	scan := &callScan{words: newWords()}
	err = c.rows("SELECT "+callColumns+" FROM call WHERE reading < ? LIMIT ?", []any{payload.Version, batch}, scan.row)
	if err != nil {
		return false, err
	}
	for _, row := range scan.stale {
		l, err := rereadCall(c, row.rid, scan.out[row.at])
		if err != nil {
			return false, err
		}
		err = c.exec("UPDATE call SET finish = ?, problem = ?, request_tokens = ?, response_tokens = ?, tokens_from = ?, reading = ? WHERE rid = ?",
			l.Finish, l.Problem, maybeInt(l.RequestTokens), maybeInt(l.ResponseTokens), string(l.TokensFrom), payload.Version, row.rid)
		if err != nil {
			return false, err
		}
		if err := index(c, row.rid, callWords(l), true); err != nil {
			return false, err
		}
	}
	return len(scan.stale) == batch, nil
}
