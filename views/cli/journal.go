package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
	"korescope/views/output"
)

// journal is the append-only file of calls that change something: one line
// before a call is sent and one with its answer, each on the disk before
// anything else happens. Several processes write to it; a line is one write.
type journal struct {
	dir     string // state folder
	profile string
	host    string
	bot     string
	clock   func() time.Time
	hash    func(api.UserID) string       // stands for a user
	late    func(id api.JobID, err error) // the second line could not be written
}

const journalName = "journal.jsonl"

// entry is one line. Answer is null while the call is under way.
type entry struct {
	When      string  `json:"when"` // RFC 3339 UTC
	Profile   string  `json:"profile"`
	Host      string  `json:"host"`
	Bot       string  `json:"bot"`
	Call      string  `json:"call"`
	Target    string  `json:"target"`
	RequestID string  `json:"requestId"` // of this program, the same in both lines
	Answer    *string `json:"answer"`
	Chain     string  `json:"chain,omitempty"` // sum of the line before; lines of older versions have none
}

// Begin writes an act down; what it gives writes its answer.
func (j journal) Begin(_ context.Context, a api.Act) (func(api.JobID, error), error) {
	target := a.Target
	for i, u := range a.Users {
		target += map[bool]string{true: ": ", false: ", "}[i == 0] + j.hash(u)
	}
	done, err := j.begin(a.Call, target)
	if err != nil {
		return nil, &views.UsageError{Text: "nothing was sent, because the journal of changes cannot be kept: " + err.Error(), Err: err}
	}
	return func(id api.JobID, err error) {
		if lost := done(answerWords(id, err)); lost != nil && j.late != nil {
			j.late(id, lost)
		}
	}, nil
}

// answerWords is an answer for the journal: what was made, or which sort of
// failure it was. It holds nothing that a customer said.
func answerWords(id api.JobID, err error) string {
	var e *api.Error
	switch {
	case err == nil && id == "":
		return "done"
	case err == nil:
		return "done: " + string(id)
	case errors.As(err, &e) && e.Status != 0:
		return fmt.Sprintf("%s (HTTP %d)", e.Kind, e.Status)
	}
	return api.KindOf(err).String()
}

// begin writes that a call is about to be sent. The call must not be sent when
// that fails. done writes its answer.
func (j journal) begin(call, target string) (done func(answer string) error, err error) {
	e, err := j.entry(call, target)
	if err == nil {
		err = j.write(e)
	}
	if err != nil {
		return nil, err
	}
	return func(answer string) error {
		e.Answer = &answer
		return j.write(e)
	}, nil
}

// note writes what is about to be done here, where nobody answers: one line.
func (j journal) note(call, target, what string) error {
	e, err := j.entry(call, target)
	if err != nil {
		return err
	}
	e.Answer = &what
	return j.write(e)
}

func (j journal) entry(call, target string) (entry, error) {
	id := make([]byte, 8)
	if _, err := rand.Read(id); err != nil {
		return entry{}, fmt.Errorf("draw an id for the journal: %w", err)
	}
	return entry{
		Profile: j.profile, Host: j.host, Bot: j.bot, Call: call, Target: target, RequestID: hex.EncodeToString(id),
	}, nil
}

func (j journal) write(e entry) error {
	if j.dir == "" {
		return errors.New("there is no state folder: neither HOME nor XDG_STATE_HOME is set")
	}
	e.When = j.clock().UTC().Format("2006-01-02T15:04:05.000Z")
	return appendLine(filepath.Join(j.dir, journalName), func(chain string) ([]byte, error) {
		e.Chain = chain
		line, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("write the journal: %w", err)
		}
		if line = output.Escape(nil, line); len(line) >= longestLine {
			// The next line's sum could not be made of it.
			return nil, fmt.Errorf("write the journal: a line of %d bytes is too long; name fewer at once", len(line))
		}
		return line, nil
	})
}

// Calls of the journal that nobody answers: what was shown or taken away here.
const (
	showMasked   = "show masked"   // one value, for some seconds
	showUnmasked = "show unmasked" // everything that a command or the dashboard shows
	exportCall   = "export"
)

// audit notes what is about to be shown or taken away here.
func (d *desk) audit(call, target, what string) error {
	if err := d.journal().note(call, target, what); err != nil {
		return &views.UsageError{Text: "the journal cannot be kept: " + err.Error(), Err: err}
	}
	return nil
}

// reveal notes that a masked value is about to be shown: what it is and what it
// belongs to, never the value. Without the note it is not shown.
func (d *desk) reveal(h ui.Hidden) error {
	return d.audit(showMasked, text.Join(" of ", h.What, h.Of).String(), "shown")
}

// unmasks notes that --no-mask lifts a mask in what; without the note it is not
// shown. Commands that print what the platform said lift none.
func (d *desk) unmasks(what string) error {
	if !d.named {
		return nil
	}
	return d.audit(showUnmasked, what, "shown")
}

// exportedAtOnce is how many sessions a line of the journal names.
const exportedAtOnce = 500

// exports notes what is about to be written for others, and where to. Unmasked
// nothing leaves without the note; masked the person hears of it.
func (c *caseFile) exports(to string) error {
	masked := "masked"
	if c.mask == nil {
		masked = "NOT masked"
	}
	ids := make([]string, len(c.sessions))
	for i, s := range c.sessions {
		ids[i] = c.d.stands("session", string(s.ID)) // an erasure does not reach the journal
	}
	for some := range slices.Chunk(ids, exportedAtOnce) {
		err := c.d.audit(exportCall, strings.Join(some, ", "), c.format+", "+masked+", "+to)
		switch {
		case err != nil && c.mask == nil:
			return err
		case err != nil:
			c.p.talk.say(text.Format("this export stands in no journal: %s", c.d.sentence(err)))
			return nil
		}
	}
	return nil
}
