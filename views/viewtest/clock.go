package viewtest

import "time"

// Clock stands still until it is moved.
type Clock struct{ at time.Time }

// NewClock stands at Noon.
func NewClock() *Clock { return &Clock{at: Noon()} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time { return c.at }

// Move sets the clock forward.
func (c *Clock) Move(d time.Duration) { c.at = c.at.Add(d) }

// Noon is the moment at which all invented data is looked at: 14:47 in the zone
// of the tests.
func Noon() time.Time { return time.Date(2031, 3, 12, 13, 47, 0, 0, time.UTC) }

// Zone is the profile's zone.
func Zone() *time.Location { return time.FixedZone("CET", 3600) }
