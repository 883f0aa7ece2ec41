package sim

import (
	"time"

	"korescope/api"
)

// Options make a world. The zero value is the believable default: seed 0, the
// real clock, two weeks of traffic, the platform's limits, nothing strict.
type Options struct {
	Seed     uint64
	Now      func() time.Time // nil for the real clock
	Sessions int              // how many before the anchor, spread over 13 days; 0 for the default of about 172 a day
	Faults   []Fault          // see ParseFaults
	Limits   api.Limits       // zero means 60 a minute and 1800 an hour
	Strict   Strict
	TestStep time.Duration // how long a step of a test run takes; 0 for 1.5 s
	JobTime  time.Duration // how long a report or an import takes; 0 for 2.5 s
}

// Strict are the switches of section 29: ways in which the platform may behave
// that its pages leave open. The zero value is the usual behaviour.
type Strict struct {
	RequireJTI    bool          // refuse a token without jti, or with one seen before
	LimitText     LimitText     // wording of a refusal for the rate
	RetryAfter    string        // written as the Retry-After header of such a refusal; "seconds" computes it; "" sends none
	LimitStatus   int           // its status; 0 for 429
	OldestFirst   bool          // messages oldest first when forward is not asked for
	DateEndOfDay  bool          // a bare dateTo means the end of that day, not its midnight
	RefuseOverMax bool          // 412 for a limit over the maximum, instead of a silent cap
	SkipSessions  bool          // skip of the message calls counts sessions, not messages
	LLMDelay      bool          // model rows appear 45 s after their end
	LLMHits       bool          // model rows come as {"hits":[...]} instead of a bare array
	SkipIgnored   bool          // skip of getLLMUsageLogs is not read: every page is the first
	GuardRows     bool          // guardrails write rows of their own in the instant of the call they guard
	TotalLie      int           // added to every total; it never falls below 0
	TrailingMore  bool          // moreAvailable on the last page, followed by an empty one
	NotServed     []string      // path patterns that answer 405, to test fallbacks
	OffsetPages   bool          // offset of debug logs, bots and roles is a page number, not a count of rows
	ShortResults  bool          // finished test runs without nlpVersion, errorDetails and executionResults
	BillingDay    bool          // billed sessions write the day before the month
	GroupByApp    bool          // the billing summary wants groupByApp and does not know groupByBot
	NoChannel     bool          // no channel of any bot is enabled, so that nothing can be published
	ClockSkew     time.Duration // the server's clock is off by this, and iat is checked
}

// LimitText is one generation of the texts of section 5.
type LimitText string

// The wordings; the zero value is the current page's pair, minute or hour by
// what was passed.
const (
	TextCurrent LimitText = ""
	TextOld     LimitText = "old"
	TextMinute  LimitText = "minute"
	TextHour    LimitText = "hour"
)

func (t LimitText) words(hour bool) string {
	switch {
	case t == TextOld:
		return "Rate limit for this API has been reached. Please try again after some time."
	case t == TextHour, t == TextCurrent && hour:
		return "You've exceeded the hourly rate limit. Please wait for sometime before retrying."
	}
	return "You've exceeded the per-minute rate limit. Please wait for sometime before retrying."
}
