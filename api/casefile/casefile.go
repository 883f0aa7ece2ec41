// Package casefile is a conversation with all that belongs to it, held in memory:
// what is pinned, and what a case folder holds. A [Source] answers from it as the
// platform would, so that everything that can be shown of the platform's answers
// can be shown of it too.
package casefile

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"slices"
	"time"

	"korescope/api"
)

// Case is one conversation or several. Calls have their payloads, lines their
// details.
type Case struct {
	Sessions []api.Session
	Messages []api.Message
	Calls    []api.LLMCall
	Lines    []api.DebugLine
	Rows     []api.Metric
}

// Encode writes a case so that nothing of it is lost, whatever the platform sent:
// payloads need not be JSON.
func (c Case) Encode() ([]byte, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(c); err != nil {
		return nil, fmt.Errorf("write a case: %w", err)
	}
	return b.Bytes(), nil
}

// Decode is Encode the other way. What a later version added is left out.
func Decode(b []byte) (Case, error) {
	var c Case
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&c); err != nil {
		return Case{}, fmt.Errorf("read a case: %w", err)
	}
	return c, nil
}

// Names are all names under which people stand in a case, each once: an erasure
// finds it by them.
func (c Case) Names() []string {
	var out []string
	for _, s := range c.Sessions {
		out = append(out, string(s.User))
	}
	for _, m := range c.Messages {
		out = append(out, string(m.User), m.ChannelID)
	}
	for _, l := range c.Calls {
		out = append(out, string(l.User))
	}
	for _, l := range c.Lines {
		out = append(out, l.Identity)
	}
	for _, m := range c.Rows {
		out = append(out, string(m.User), m.ChannelID)
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(s string) bool { return s == "" })
}

// Window holds everything that has a time, to the end of the last minute.
func (c Case) Window() api.Window {
	var from, to time.Time
	see := func(at time.Time) {
		if at.IsZero() {
			return
		}
		if from.IsZero() || at.Before(from) {
			from = at
		}
		if at.After(to) {
			to = at
		}
	}
	for _, s := range c.Sessions {
		see(s.Start)
		see(s.End)
	}
	for _, m := range c.Messages {
		see(m.Time)
	}
	for _, l := range c.Calls {
		see(l.Start)
		see(l.End)
	}
	for _, l := range c.Lines {
		see(l.Time)
	}
	for _, m := range c.Rows {
		see(m.At)
	}
	if from.IsZero() {
		return api.Window{}
	}
	return api.Between(from.Truncate(time.Minute), to.Truncate(time.Minute).Add(time.Minute))
}
