package sim

import "korescope/api"

func limitFaults() []faultKind {
	return []faultKind{
		{"limit", "(minute,hour)", "other numbers for the two rolling windows", func(given []string) (effect, error) {
			a := argsOf(given, 2)
			l := api.Limits{PerMinute: a.number(0, 5, 1, 1e6), PerHour: a.number(1, 100, 1, 1e6)}
			return effect{world: func(w *World) { w.limiter.limits = l }}, a.err
		}},
		{"limit-status", "(code)", "refusals for the rate come with this status", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			code := a.number(0, 403, 200, 599)
			return effect{world: func(w *World) { w.strict.LimitStatus = code }}, a.err
		}},
		{"limit-text", "(old|minute|hour)", "refusals for the rate use this generation of the text", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			text := a.oneOf(0, "old", "old", "minute", "hour")
			return effect{world: func(w *World) { w.strict.LimitText = LimitText(text) }}, a.err
		}},
		{"retry-after", "(seconds|date|VALUE)", "refusals for the rate carry this Retry-After: computed seconds, a date, or the value as written", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			value := a.word(0, "seconds")
			return effect{world: func(w *World) { w.strict.RetryAfter = value }}, a.err
		}},
		{"foreign-traffic", "(n)", "colleagues send n requests a minute on the same bots", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			n := a.number(0, 40, 0, 1e6)
			return effect{world: func(w *World) { w.limiter.foreign = n }}, a.err
		}},
		{"hour-exhausted", "(left)", "the hour of every bot starts with so few requests left, and is free again an hour later", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			left := a.number(0, 0, 0, 1e6)
			return effect{world: func(w *World) { w.limiter.spent = max(0, w.limiter.limits.PerHour-left) }}, a.err
		}},
	}
}
