package views

import (
	"slices"

	"korescope/api"
)

// Test is a masked copy: what was typed, expected and said in every step, and
// why a run failed. The raw rows are left out.
func (m *Masker) Test(r api.TestRun) api.TestRun {
	r.Failure, r.Raw = m.Text(r.Failure), nil
	r.Steps = slices.Clone(r.Steps)
	for i, s := range r.Steps {
		s.Input, s.Raw = m.Text(s.Input), nil
		s.Expected, s.Actual, s.Failed = m.texts(s.Expected), m.texts(s.Actual), m.texts(s.Failed)
		r.Steps[i] = s
	}
	return r
}

func (m *Masker) texts(all []string) []string {
	out := slices.Clone(all)
	for i, s := range out {
		out[i] = m.Text(s)
	}
	return out
}
