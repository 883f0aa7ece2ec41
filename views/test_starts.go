package views

import "korescope/api"

// TestStarts are runs to begin, exactly once: a route outlives its screen, and
// coming back to it must not run the suites again. It belongs to the event loop.
type TestStarts struct{ runs []api.TestStart }

// StartTests makes runs to begin.
func StartTests(runs ...api.TestStart) *TestStarts { return &TestStarts{runs: runs} }

// Take gives the runs to whoever asks first, and nothing after that.
func (s *TestStarts) Take() []api.TestStart {
	if s == nil {
		return nil
	}
	runs := s.runs
	s.runs = nil
	return runs
}
