package cli

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

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

// begin writes that a call is about to be sent. The call must not be sent when
// that fails. done writes its answer.
func (j journal) begin(call, target string) (done func(answer string) error, err error) {
	id := make([]byte, 8)
	if _, err := rand.Read(id); err != nil {
		return nil, fmt.Errorf("draw an id for the journal: %w", err)
	}
	e := entry{
		Profile: j.profile, Host: j.host, Bot: j.bot, Call: call, Target: target, RequestID: hex.EncodeToString(id),
	}
	if err := j.write(e); err != nil {
		return nil, err
	}
	return func(answer string) error {
		e.Answer = &answer
		return j.write(e)
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
		return output.Escape(nil, line), nil
	})
}
