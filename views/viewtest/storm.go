package viewtest

import (
	"math/rand/v2"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/keymap"
)

// randomActions is how many actions a storm sends after each of the table's, and
// wider how much wider each size of a sweep is than the one before; in the short
// form, which runs with the race detector, there is less of both: nothing in them
// runs beside anything else.
func randomActions() int {
	if testing.Short() {
		return 150
	}
	return 1000
}

func wider(w int) int {
	if testing.Short() {
		return 1 + w
	}
	return 1 + w/8
}

// Actions are those of the whole table, each once.
func Actions() []keymap.Action {
	var out []keymap.Action
	met := map[keymap.Action]bool{}
	for _, b := range keymap.Defaults() {
		if !met[b.Action] {
			met[b.Action] = true
			out = append(out, b.Action)
		}
	}
	return out
}

// Storm sends the screen every action there is and then many at random,
// at sizes from 40x10 to 200x60, with find texts, pauses and late messages
// between them, and checks the picture all along. Nothing may panic, wait, draw
// past an edge or differ when it is drawn twice.
func (s *Stage) Storm(seed uint64) {
	s.t.Helper()
	dice := rand.New(rand.NewPCG(seed, seed+1))
	actions := Actions()
	for _, a := range actions {
		s.Do(a)
		s.calm(a)
		s.Check()
	}
	for i := range randomActions() {
		a := actions[dice.IntN(len(actions))]
		s.Do(a)
		s.calm(a)
		switch dice.IntN(24) {
		case 0:
			s.Size(40+dice.IntN(161), 10+dice.IntN(51))
		case 1:
			s.Rest()
		case 2:
			s.Keys("/")
			s.Send(tea.PasteMsg{Content: typed()[dice.IntN(len(typed()))]})
			s.Check()
			s.Keys([]string{"enter", "esc"}[dice.IntN(2)])
		case 3:
			s.Keys("esc")
		case 4:
			s.Clock.Move(41 * time.Second)
		}
		if i%8 == 0 {
			s.Check()
		}
	}
	s.Check()
}

// typed is what a storm types into prompts.
func typed() []string {
	return append(Hostile(), "", "order", "type:agent", "model:", "-", "\"", "[", "(?i)refund", "7d", "dur:>1m", "2031-03-11..2031-03-12")
}

// calm closes the prompt that an action opened.
func (s *Stage) calm(a keymap.Action) {
	s.t.Helper()
	if a != keymap.SetWindow || s.app.View().Cursor == nil {
		return
	}
	if s.Keys("esc"); s.app.View().Cursor != nil {
		s.t.Fatal("the prompt does not close")
	}
}

// Sweep draws the screen at every size from the smallest to a large one.
func (s *Stage) Sweep() {
	s.t.Helper()
	for w := 1; w <= 200; w += wider(w) {
		for _, h := range []int{1, 9, 10, 11, 19, 24, 60} {
			s.Size(w, h)
			s.Check()
		}
	}
}

// Storms runs a storm in each state, each with a seed of its own.
func Storms(t *testing.T, states map[string]func(t *testing.T) *Stage) {
	t.Helper()
	for name, open := range states {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			seed := uint64(0)
			for _, r := range name {
				seed = seed*31 + uint64(r)
			}
			s.Storm(seed)
			s.Sweep()
		})
	}
}
