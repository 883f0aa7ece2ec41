package sim

import (
	"net/http"
	"time"

	"korescope/api"
)

// spoil is what the job faults do. Hit when a job is started, it stays with the
// job; hit when a status is asked for, it changes that answer only.
type spoil struct {
	stuck, fail, lost, flap, expired, other bool
	slow                                    time.Duration
	word                                    string
}

func (s spoil) and(t spoil) spoil {
	if t.word == "" {
		t.word = s.word
	}
	return spoil{
		s.stuck || t.stuck, s.fail || t.fail, s.lost || t.lost, s.flap || t.flap, s.expired || t.expired, s.other || t.other,
		max(s.slow, t.slow), t.word,
	}
}

func jobFaults() []faultKind {
	plain := func(mark func(*spoil)) func([]string) (effect, error) {
		return func(given []string) (effect, error) {
			return effect{aim: func(c *call) { mark(&c.spoil) }}, argsOf(given, 0).err
		}
	}
	return []faultKind{
		{"job-stuck", "", "the job stays at 40 percent", plain(func(s *spoil) { s.stuck = true })},
		{"job-fail", "", "the job ends as failed", plain(func(s *spoil) { s.fail = true })},
		{"job-lost", "", "the platform does not know the id that it gave", plain(func(s *spoil) { s.lost = true })},
		{"job-flap", "", "at every second look the percentage is 15 lower", plain(func(s *spoil) { s.flap = true })},
		{"job-slow", "(d)", "the job takes d longer", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			d := a.span(0, 10*minute)
			return effect{aim: func(c *call) { c.spoil.slow = d }}, a.err
		}},
		{"job-result-expired", "", "the job runs, but its result is forgotten as soon as it is there", plain(func(s *spoil) { s.expired = true })},
		{"job-unknown-word", "(word)", "the job never says another status than this word", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			word := a.word(0, "AWAITING_CAPACITY")
			return effect{aim: func(c *call) { c.spoil.word = word }}, a.err
		}},
		{"commit-then-drop", "", "what has an effect is carried out, then the connection closes without an answer", func(given []string) (effect, error) {
			return effect{send: func(c *call, rw http.ResponseWriter, _ *reply) bool {
				if !c.acted {
					return false
				}
				hangUp(rw, nil, false)
				return true
			}}, argsOf(given, 0).err
		}},
		{"no-channel", "", "no channel of any bot is enabled, so that nothing can be published", func(given []string) (effect, error) {
			return effect{world: func(w *World) { w.strict.NoChannel = true }}, argsOf(given, 0).err
		}},
		{"other-publish", "", "another caller's publish takes the place of the one just started", plain(func(s *spoil) { s.other = true })},
		{"other-billing-job", "", "another caller's billing job takes the place of the one just started", plain(func(s *spoil) { s.other = true })},
	}
}

// colleague starts a billing job of another caller in the same scope, over the
// last week by day. The desk is locked.
func (c *call) colleague(scope string, bots []*bot) {
	ask := &billingAsk{bots: bots, window: span{c.ms() - week.Milliseconds(), c.ms()}, period: "date_day", units: allUnits()}
	j := c.file(api.BillingJob, "ds-", ask)
	j.by, j.spoil = uuid("u-", blend(c.w.desk.seed, 0xc011)), spoil{}
	c.w.desk.latest[scope] = j
}
