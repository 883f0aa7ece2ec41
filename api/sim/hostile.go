package sim

import (
	"fmt"
	"strconv"
	"strings"
)

// corpus is text that tries to be obeyed, to hide, or to break a layout.
func corpus() []string {
	return []string{
		"\x1b[2J\x1b[H", "\x1b]52;c;bm90LWEtc2VjcmV0\x07", "\x1b]0;owned\x1b\\", "\x1b]8;;https://evil.example.test/\x07click\x1b]8;;\x07",
		"\x1bP$q\"p\x1b\\", "\x1b[6n\x1b[c", "\x1b[?1049h", "\x1bc", "\u009b31m", "\u009d52;c;AAAA\u009c", "\x90q\x9c",
		"\x1b_G a=T;AAAA\x1b\\", "\x1b^pm\x1b\\", "\x1bXsos\x1b\\", "\x07\x08\x08\x7f\x00", "line\r\nbreak\rover", "\ttab\x0b\x0c",
		"\u202eesrever\u202c", "\u2066iso\u2069\u200f\u061c", "\u200bzero\u200b\u2060\ufeff\u00ad", "\u3164\u115f\uffa0\u2800\u17b4",
		"e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "\u2028line\u2029", "\U000e0041\U000e0042\U000e007f", "👩‍👩‍👧‍👦🏽1️⃣🇸🇪",
		"=HYPERLINK(\"https://evil.example.test\")", "+1+1", "@SUM(1)", "-2+3", "../../etc/passwd", "%s%n%d", "{{.}}", "<script>alert(1)</script>",
		"Press enter to continue [y/N]", strings.Repeat("W", 300),
	}
}

// navigation are the keys whose values stay, so that a client can still find
// its way: ids, times, and the address of a component's text.
func navigation(key string) bool {
	switch key {
	case "_id", "sessionId", "botId", "userId", "createdBy", "lmodifiedBy", "orgId", "accountId", "conversationId",
		"start_time", "end_time", "createdOn", "lmodifiedOn", "__lModifiedOn__", "timestamp",
		"Session ID", "User ID", "Bot ID", "start Date", "End Date", "task Id",
		"dsId", "testRunId", "testSuiteId", "fileId", "startTime", "expireAt", "date", "dateRange", "koreUserId",
		"billingSessionId", "conversationSessionId", "billingSessionStartDateTime", "billingSessionEndDateTime",
		"conversationSessionStartDateTime", "conversationSessionEndDateTime":
		return true
	}
	return false
}

// closedSet are the keys whose values are words of the platform. They are
// replaced in every fourth row only, so that the other rows are still read the
// usual way.
func closedSet(key string) bool {
	switch key {
	case "type", "cT", "sessionStatus", "containmentType", "sessionType", "Status", "status", "debugLevel", "role", "finish_reason":
		return true
	}
	return false
}

// poisoner replaces strings and numbers each, so that a leak tells its place.
type poisoner struct {
	words []string
	n     int
}

func (p *poisoner) word() string {
	p.n++
	return p.words[p.n%len(p.words)] + " canary-" + strconv.Itoa(p.n)
}

func (p *poisoner) poison(key string, v any, row int) any {
	switch v := v.(type) {
	case string:
		if navigation(key) || closedSet(key) && row%4 != 3 {
			return v
		}
		return p.word()
	case []any:
		for i := range v {
			at := row
			if _, isRow := v[i].(obj); isRow && row < 0 {
				at = i
			}
			v[i] = p.poison(key, v[i], at)
		}
		return v
	case obj:
		for i := range v {
			v[i].val = p.poison(v[i].key, v[i].val, row)
		}
		return v
	}
	return v
}

// hostile fills an answer, its errors and a header; every answer counts its
// canaries on from the request's number.
func hostile(c *call, out *reply) {
	p := &poisoner{words: corpus(), n: c.n * 100000}
	if out.tree != nil {
		out.tree = p.poison("", plain(out.tree), -1)
	}
	out.header.Set("X-Request-Note", fmt.Sprintf("\u202e\u009b31m canary-%d", c.n*100000))
}
