package sim

import (
	"time"

	"korescope/api"
)

// session is one conversation before it is told: what can be known without
// writing its dialogue. Filters work on this.
type session struct {
	bot     *bot
	place   place
	key     uint64
	start   int64 // Unix ms
	id      string
	user    user
	channel string
	lang    string
	scene   scene
	outcome api.Containment // how it will end
	broken  bool            // began after the publish
	dev     bool
	odd     bool
}

// bot is one assistant of the account with its own timeline and plot.
type bot struct {
	id    api.BotID
	name  string
	no    uint64
	line  timeline
	plot  plot
	users int // size of its audience
	odd   map[int]scene
}

// scene is one kind of conversation.
type scene struct {
	name     string
	channels []string // where it happens; nil for the bot's usual mix
	lang     string
	outcome  api.Containment // fixed outcome; "" when the plot decides
	mute     bool            // nobody answers: a non-interactive session
	user     int             // a fixed user of the audience, 0 for any
	tell     func(*script)
}

// plot decides which scene a session is and how it ends.
type plot func(d *dice, broken bool) (scene, api.Containment)

// publishAt is the moment of the publish that began the incident.
func (b *bot) publishAt() int64 { return b.line.anchor + publishSlot*slotMS }

// cast decides the facts of the session at a place.
func (b *bot) session(p place, at int64) *session {
	s := &session{bot: b, place: p, key: b.line.key(p.slot, p.k), start: at, broken: at >= b.publishAt()}
	s.id = objectID(at/1000, scramble(s.key^0x5e55))
	d := dice{s.key}
	s.scene, s.outcome = b.plot(&d, s.broken)
	rank := b.line.rank(p.slot, p.k)
	if odd, found := b.odd[rank]; found {
		s.scene, s.odd = odd, true
		s.outcome = api.SelfService
	}
	if s.scene.outcome != "" {
		s.outcome = s.scene.outcome
	}
	s.lang = "en"
	if s.scene.lang != "" {
		s.lang = s.scene.lang
	}
	s.channel = usualChannel(&d)
	if s.scene.channels != nil {
		s.channel = d.pick(s.scene.channels)
	}
	no := 1 + d.below(b.users)
	if s.scene.user > 0 {
		no = s.scene.user
	}
	s.user = person(b, no)
	s.dev = rank > 90 && d.below(60) == 0
	return s
}

func usualChannel(d *dice) string {
	switch n := d.below(100); {
	case n < 66:
		return "rtm"
	case n < 78:
		return "wfacebook"
	case n < 88:
		return "msteams"
	case n < 94:
		return "sms"
	case n < 97:
		return "facebook"
	}
	return "slack"
}

// voice reports a channel that has a call id.
func voice(channel string) bool {
	return channel == "korevg" || channel == "ivrVoice" || channel == "audiocodes" || channel == "smartassist"
}

// callID is the external call id of an agent desktop. Its first digits are the
// start in Unix seconds, so that a call is found without an index.
func (s *session) callID() string {
	if !voice(s.channel) {
		return ""
	}
	id := []byte(uuid("", s.key^0xca11))
	copy(id, s.id[:8])
	return string(id)
}

// state is a session as the platform would describe it at a moment.
type state struct {
	end      int64
	open     bool
	messages int
	tasks    int
	outcome  api.Containment // "" while undetermined
}

// over is the latest moment at which anything of the session can have happened.
func (s *session) over() int64 {
	if s.odd {
		return s.start + longestStory.Milliseconds() + lateWriting
	}
	return s.start + usualStory.Milliseconds()
}

// settled reports that a session is certainly closed without telling it.
func (s *session) settled(now int64) bool {
	return now-s.start > (longestStory + latestClose).Milliseconds()
}

// at describes the session at a moment. An open session is counted as self
// service by the platform, or carries no containment type yet: both are seen.
func (st *story) at(now int64) state {
	out := state{end: st.end, tasks: st.tasks, outcome: st.s.outcome, open: now < st.closed}
	for i := range st.messages {
		if st.messages[i].at <= now {
			out.messages++
		}
	}
	if !out.open {
		return out
	}
	out.end = st.s.start
	for i := range st.messages {
		if m := &st.messages[i]; m.at <= now && m.at > out.end {
			out.end = m.at
		}
	}
	out.outcome = api.SelfService
	if st.s.key&1 == 0 || st.odd.noContainment {
		out.outcome = api.Undetermined
	}
	return out
}

// containment is the outcome shown now, told only when it is still open.
func (s *session) containment(now int64) api.Containment {
	if s.settled(now) {
		return s.outcome
	}
	return s.told().at(now).outcome
}

func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// stamp is a time as the platform writes it.
func stamp(ms int64) string { return at(ms).Format("2006-01-02T15:04:05.000Z") }

// wholeSecond is a time in the fields that have no milliseconds.
func wholeSecond(ms int64) string { return at(ms).Format("2006-01-02T15:04:05.000Z")[:20] + "000Z" }
