package sessions_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"korescope/api"
	"korescope/ui"
	"korescope/views/filter"
	"korescope/views/viewtest"
)

// In a long list the letter is there before the rows, the last one wins, and what
// is found in the end is what the filter finds.
func TestFilteringALongList(t *testing.T) {
	all := many(120_000)
	m := listing(t, all)
	if h := m.Typed(ui.FindPrompt, "r"); h.Text.String() != "? of 120000; asks nothing of the platform" {
		t.Errorf("said at once: %s", h.Text)
	}
	first := m.Search()
	if !strings.Contains(picture(m), "120,000") {
		t.Error("the list of before is gone")
	}
	m.Typed(ui.FindPrompt, "rtm 7324")
	second := m.Search()
	run(m, first, nil)
	if h := m.Found(); h.Text.String() != "? of 120000; asks nothing of the platform" {
		t.Errorf("a letter that is no longer there was shown: %s", h.Text)
	}
	steps := 0
	run(m, second, func() bool {
		if h := m.Found().Text.String(); strings.HasPrefix(h, ">=") {
			steps++
		}
		return false
	})
	if h := m.Found(); h.Text.String() != "40000 of 120000; asks nothing of the platform" || steps == 0 {
		t.Errorf("in the end after %d steps: %s", steps, h.Text)
	}
	for _, typed := range []string{"rtm 7324", "rtm 73241", "rtm", "-rtm", "", "ivr 00ff", "ivr 00ff u-", "msgs:1", "msgs:12", "nowhere", "bad:x", "12:59"} {
		h := m.Typed(ui.FindPrompt, typed)
		run(m, m.Search(), nil)
		_, keep, err := filter.Sessions(time.UTC).Compile(typed)
		if err != nil {
			if !h.Bad {
				t.Errorf("%q is taken", typed)
			}
			continue
		}
		n := 0
		for _, s := range all {
			if keep(s) {
				n++
			}
		}
		if got := m.Found().Text.String(); !strings.HasPrefix(got, fmt.Sprintf("%d of ", n)) {
			t.Errorf("%q: %s, want %d", typed, got, n)
		}
	}
}

// Leaving the prompt brings back what was in force, entering puts it in force.
func TestALongListGoesBack(t *testing.T) {
	m := listing(t, many(20_000))
	enter := func(s string) {
		m.Typed(ui.FindPrompt, s)
		cmd := m.Search()
		run(m, tea.Batch(cmd, m.Entered(ui.FindPrompt, s)), nil)
	}
	enter("rtm")
	if !strings.Contains(picture(m), "6667 of 20000 match") {
		t.Errorf("entered:\n%s", picture(m))
	}
	m.Typed(ui.FindPrompt, "ivr")
	cmd := m.Search()
	m.Typed(ui.FindPrompt, "rtm") // what leaving the prompt tells
	run(m, cmd, nil)
	run(m, m.Search(), nil)
	if !strings.Contains(picture(m), "6667 of 20000 match") {
		t.Errorf("left:\n%s", picture(m))
	}
	if !m.Close() || !strings.Contains(picture(m), "all 20,000") || strings.Contains(picture(m), "match") {
		t.Errorf("closed:\n%s", picture(m))
	}
	var none []api.Session
	if got := listing(t, none); !strings.Contains(picture(got), "no sessions") {
		t.Errorf("no rows:\n%s", picture(got))
	}
}

// pages gives an answer that grows in the memory of the one before, then one that
// does not.
type pages struct{ listOf }

func (p pages) Cached(context.Context, api.SessionQuery) (api.Answer[[]api.Session], error) {
	return api.Answer[[]api.Session]{}, viewtest.NotCached()
}

func (p pages) Refresh(context.Context, api.SessionQuery, api.Lane) iter.Seq2[api.Answer[[]api.Session], error] {
	return func(yield func(api.Answer[[]api.Session], error) bool) {
		for n := 1000; n <= len(p.rows); n += 1000 {
			if !yield(api.Answer[[]api.Session]{Value: p.rows[:n], Origin: api.FromNetwork}, nil) {
				return
			}
		}
		yield(api.Answer[[]api.Session]{Value: slices.Clone(p.rows[1:]), Origin: api.FromNetwork, Done: true}, nil)
	}
}

// Rows that come while a filter is on are counted and filtered once each.
func TestAGrowingListIsFilteredAsItGrows(t *testing.T) {
	m := screen(t, pages{listOf{many(12_000)}}, "type:dropOff -ivr")
	var seen []string
	run(m, m.Start(seat(t)), func() bool {
		p := picture(m)
		line := strings.Split(p, "\n")[1]
		if len(seen) == 0 || seen[len(seen)-1] != line {
			seen = append(seen, line)
		}
		return false
	})
	if len(seen) < 12 || !strings.Contains(seen[1], "167 of 1000") || !strings.Contains(seen[len(seen)-2], "2000 of 12000") || !strings.Contains(seen[len(seen)-1], "2000 of 11999") {
		t.Errorf("seen one after the other:\n%s", strings.Join(seen, "\n"))
	}
}
