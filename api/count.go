package api

import (
	"errors"
	"fmt"
)

// Count holds what came of a list against what was announced: by a total, by
// "more follows", by a number that a neighbouring answer gave. Its zero value
// finds nothing wrong.
type Count struct {
	Came      int
	Announced Maybe[int]
	About     bool // the announcement is a hint of another call, not of this list
	More      bool // more was said to follow, and nothing came
	Torn      bool // rows moved while pages were read, so some may have been skipped
	Lost      int  // rows that came and could not be read at all
}

// Whole reports that nothing is known to be missing.
func (c Count) Whole() bool {
	return c.Lost == 0 && !c.More && !c.Torn && (!c.Announced.Known || c.Came >= c.Announced.Value)
}

// String says what is missing: "8 of 500", "12 of about 40", "3 of 60 could not
// be read". It is empty for a whole list.
func (c Count) String() string {
	short := c.Announced.Known && c.Came < c.Announced.Value
	of := "of"
	if c.About {
		of = "of about"
	}
	switch {
	case short:
		return fmt.Sprintf("%d %s %d came", c.Came, of, c.Announced.Value)
	case c.More:
		return fmt.Sprintf("%d came, and more was said to follow", c.Came)
	case c.Torn:
		return fmt.Sprintf("%d came; rows moved meanwhile, so some may be missing", c.Came)
	case c.Lost > 0:
		return fmt.Sprintf("%d of %d could not be read", c.Lost, max(c.Came, c.Lost))
	}
	return ""
}

// Short is the error of a list that did not come whole; nil for one that did.
// endpoint is a name of the endpoint table, "" where there is none.
func (c Count) Short(endpoint string) error {
	if c.Whole() {
		return nil
	}
	return &Error{Kind: Incomplete, Endpoint: endpoint, Err: errors.New(c.String())}
}
