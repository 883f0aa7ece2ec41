package follow

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"korescope/api"
)

const (
	// AlertSpan is the time over which an alert looks back.
	AlertSpan = 30 * time.Minute
	// AlertLeast is how many conversations must have ended before a share means
	// anything.
	AlertLeast = 10
)

// Alert is a limit on how conversations end: a share of those that ended in the
// last [AlertSpan], or their number.
type Alert struct {
	Type  api.Containment
	Above bool
	Limit float64
	Share bool // Limit is in percent
}

// ParseAlert reads NAME>N% or NAME>N, with < for below; NAME is dropOff,
// selfService or agent. The error says what is wanted.
func ParseAlert(s string) (Alert, error) {
	m := regexp.MustCompile(`^\s*([A-Za-z]+)\s*([<>])\s*([0-9]+(?:\.[0-9]+)?)\s*(%?)\s*$`).FindStringSubmatch(s)
	if m == nil {
		return Alert{}, fmt.Errorf("an alert is for example dropOff>25%% or agent>40, not %q", s)
	}
	a := Alert{Type: api.ParseContainment(m[1]), Above: m[2] == ">", Share: m[4] == "%"}
	switch a.Type {
	case api.DropOff, api.SelfService, api.Agent:
	default:
		return Alert{}, fmt.Errorf("an alert is about dropOff, selfService or agent, not %q", m[1])
	}
	a.Limit, _ = strconv.ParseFloat(m[3], 64) // the pattern lets nothing else through
	if a.Share && a.Limit > 100 {
		return Alert{}, fmt.Errorf("a share of %s %% is never reached", m[3])
	}
	return a, nil
}

// String is the alert as it is typed.
func (a Alert) String() string {
	op, unit := "<", ""
	if a.Above {
		op = ">"
	}
	if a.Share {
		unit = "%"
	}
	return string(a.Type) + op + strconv.FormatFloat(a.Limit, 'f', -1, 64) + unit
}

// Watch decides when an alert fires. It is for one goroutine.
type Watch struct {
	Alert
	ended map[api.SessionID]ending
	holds bool // it fired and has not gone back since
	Fired int
}

type ending struct {
	at  time.Time
	how api.Containment
}

// NewWatch makes a Watch.
func NewWatch(a Alert) *Watch { return &Watch{Alert: a, ended: map[api.SessionID]ending{}} }

// See takes in sessions. It says what crossed the limit, once for each crossing;
// "" when nothing did.
func (w *Watch) See(now time.Time, all ...api.Session) string {
	for _, s := range all {
		at := s.End
		if at.IsZero() {
			at = s.Start
		}
		if s.Final() {
			w.ended[s.ID] = ending{at, s.Containment}
		} else {
			delete(w.ended, s.ID)
		}
	}
	n, of := 0, 0
	for id, e := range w.ended {
		if now.Sub(e.at) > AlertSpan {
			delete(w.ended, id)
			continue
		}
		of++
		if e.how == w.Type {
			n++
		}
	}
	over := w.over(n, of)
	fires := over && !w.holds
	w.holds = over
	if !fires {
		return ""
	}
	w.Fired++
	var b strings.Builder
	fmt.Fprintf(&b, "alert %s: %d of the %d conversations that ended in the last %d min are %s",
		w.Alert, n, of, int(AlertSpan.Minutes()), w.Type)
	if w.Share {
		fmt.Fprintf(&b, " (%d%%)", (100*n+of/2)/of)
	}
	return b.String()
}

func (w *Watch) over(n, of int) bool {
	v := float64(n)
	if w.Share || !w.Above {
		if of < AlertLeast {
			return false
		}
	}
	if w.Share {
		v = 100 * float64(n) / float64(of)
	}
	if w.Above {
		return v > w.Limit
	}
	return v < w.Limit
}
