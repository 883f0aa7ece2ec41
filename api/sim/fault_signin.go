package sim

func signInFaults() []faultKind {
	return []faultKind{
		{"refuse-auth", "", "401, credentials not accepted", func(given []string) (effect, error) {
			return answering(badCredentials()), argsOf(given, 0).err
		}},
		{"scope-missing", "(op)", "401, the app lacks the scope of this call", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			op := a.word(0, "")
			return effect{before: func(c *call) *reply {
				if op != "" && c.op() != op {
					return nil
				}
				return refused(scopeMissing())
			}}, a.err
		}},
		{"clock-skew", "(d)", "the server's clock and Date header are off by d, and iat is checked", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			d := a.span(0, 10*minute)
			return effect{world: func(w *World) { w.strict.ClockSkew = d }}, a.err
		}},
		{"jti-required", "", "401 for a token without jti, or with one seen before", func(given []string) (effect, error) {
			return effect{world: func(w *World) { w.strict.RequireJTI = true }}, argsOf(given, 0).err
		}},
	}
}

func answering(no *refusal) effect {
	return effect{before: func(*call) *reply { return refused(no) }}
}
