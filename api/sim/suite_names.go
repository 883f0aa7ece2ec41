package sim

// SuiteNames are the test suites that a world has from the start. The platform
// has no call that lists them, so a profile names them.
func SuiteNames() []string {
	var out []string
	for _, s := range builtIn(&bot{}) {
		out = append(out, s.name)
	}
	return out
}
