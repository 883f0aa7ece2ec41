package sim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// debuglogs (reference 16): a bare array, oldest first, of one identity.

const (
	mostLines = 50
	linesKept = week // [SIM] how long lines are kept is not said

)

func listDebugLines(c *call) (any, *refusal) {
	identity, channel := c.in.text("identity"), c.in.text("channelType")
	if channel == "" {
		channel = c.in.text("channel") // the classic page's table
	}
	if channel == "" {
		channel = "rtm"
	}
	brief := c.in.flag("minimumInfo")
	skip, limit := c.offset()
	zone, err := time.LoadLocation(c.in.text("timezone"))
	s := c.optionalWindow()
	if err != nil || identity == "" || c.in.bad {
		return nil, invalidArguments()
	}
	s.from = max(s.from, c.ms()-linesKept.Milliseconds())
	all := linesOf(c.logSessions(identity, channel, s), s)
	p := c.cut(len(all), skip, limit)
	rows := make([]any, 0, p.hi-p.lo)
	for _, l := range all[p.lo:p.hi] {
		rows = append(rows, l.row(identity, channel, zone, brief))
	}
	return rows, nil
}

// optionalWindow reads fromDate and toDate, none of which is needed.
func (c *call) optionalWindow() span {
	from, _ := c.date("fromDate", false)
	to, has := c.date("toDate", true)
	if !has || to.After(c.now) {
		to = c.now
	}
	if from.Before(at(0)) {
		from = at(0)
	}
	return span{from.UnixMilli(), to.UnixMilli()}
}

// offset reads limit, at most and usually 50 [SIM], and offset. Whether offset counts rows or pages is a
// switch: the pages contradict each other.
func (c *call) offset() (skip, limit int) {
	skip, limit = c.paging(mostLines, mostLines)
	if c.w.strict.OffsetPages {
		skip *= limit
	}
	return skip, limit
}

// numbered is a line with its session and its place in that session's log.
type numbered struct {
	logLine
	s  *session
	no int
}

func linesOf(sessions []*session, s span) []numbered {
	var out []numbered
	for _, one := range sessions {
		for i, l := range one.told().debugLines() {
			if s.holds(l.at) {
				out = append(out, numbered{l, one, i})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b numbered) int { return cmp.Compare(a.at, b.at) })
	return out
}

// logIdentity is under which channel and identity the lines of a session are kept.
func (s *session) logIdentity() (channel, identity string) {
	switch {
	case s.channel == "smartassist":
		return s.channel, s.channelUID()
	case s.callID() != "":
		return s.channel, s.callID()
	case s.channel == "sms":
		return "twiliosms", accountID + "/" + s.user.phone
	}
	return s.channel, s.channelUID()
}

// logSessions finds the sessions of an identity that may have lines in the span.
func (c *call) logSessions(identity, channel string, s span) []*session {
	if channel == "genericsms" {
		channel = "twiliosms"
	}
	fits := func(one *session) bool {
		at, id := one.logIdentity()
		return at == channel && id == identity && c.there(one)
	}
	var found []*session
	if id, ok := strings.CutPrefix(identity, accountID+"/smartassist/"); ok {
		if one := c.lookup(id); one != nil && fits(one) {
			found = append(found, one)
		}
		return found
	}
	if voice(channel) {
		if one := c.calling(identity); one != nil && fits(one) {
			found = append(found, one)
		}
		return found
	}
	for one := range c.sessions(span{s.from - longestStory.Milliseconds() - lateWriting, s.to}, true) {
		if fits(one) {
			found = append(found, one)
		}
	}
	return found
}

// row: with a time zone the time is shifted and yet ends in Z.
func (l numbered) row(identity, channel string, zone *time.Location, brief bool) obj {
	_, shift := at(l.at).In(zone).Zone()
	out := ob("timestamp", stamp(l.at+int64(shift)*1000))
	if l.noInput >= 0 {
		out = out.with("nomatch_count", "0", "noinput_count", strconv.Itoa(l.noInput))
	}
	out = out.with("debugTitle", l.title)
	if l.message != "" {
		out = out.with("debugMessage", l.message)
	}
	out = out.with("debugLevel", l.word())
	if l.detail != "" && !brief {
		out = out.with("debugDetail", l.detail)
	}
	if channel == "twiliosms" || channel == "genericsms" {
		channel = "sms"
	}
	out = out.with("metaInfo", ob("channel", channel, "identity", identity))
	if l.spoken != "" && !brief {
		out = out.with("VGdebugDetail", heard(l.spoken))
	}
	return out
}

// word is the level in one of its letter cases.
func (l numbered) word() string {
	words := [][2]string{{"info", "Info"}, {"Warning", "warning"}, {"Error", "error"}}[l.level]
	return words[blend(l.s.key, 0x1e7e, uint64(l.no))%2]
}

// heard is what speech recognition made of an utterance. Offsets look like ticks
// of 100 ns.
func heard(said string) obj {
	plain := strings.ToLower(strings.Trim(said, ".!?"))
	var words []any
	ticks := 4200000
	for _, word := range strings.Fields(plain) {
		words = append(words, ob("word", word, "offset", ticks, "duration", 350000*len(word), "confidence", 0.97))
		ticks += 350000*len(word) + 600000
	}
	return ob("inputType", "voice", "inputMessage", said, "ASRVendor", "microsoft", "dialect", "en-US", "ASRConfidence", 0.87,
		"ASRConfidenceDetail", []any{ob("confidence", 0.87, "lexical", plain, "itn", plain, "masked_i_t_n", plain, "display", said, "words", orEmpty(words))})
}
