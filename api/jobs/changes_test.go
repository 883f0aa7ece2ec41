package jobs

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"korescope/api"
)

// stage is a platform whose publish status follows a script.
type stage struct {
	api.Changer

	shows   []api.Change // answers of the status, the last one for ever
	asked   int
	sent    int
	answers error // of a start
	erased  []api.ChangePart
}

func (s *stage) PublishStatus(context.Context) (api.Change, error) {
	c := s.shows[min(s.asked, len(s.shows)-1)]
	s.asked++
	if c.Word == "none" {
		return c, &api.Error{Kind: api.Refused, Said: "Invalid request id"}
	}
	return c, nil
}

func (s *stage) Publish(context.Context, api.PublishStart) (api.Change, error) {
	s.sent++
	return api.Change{State: api.JobRunning}, s.answers
}

func (s *stage) EraseUsers(context.Context, api.Erasure) (api.Change, error) {
	s.sent++
	return api.Change{ID: "eud-1", State: api.JobRunning}, s.answers
}

func (s *stage) EraseStatus(_ context.Context, id api.JobID, _ []api.UserID) (api.Change, error) {
	return api.Change{ID: id, State: api.JobSucceeded, Parts: s.erased}, nil
}

func shown(id, word string) api.Change {
	state, _ := api.JobWord(word)
	return api.Change{ID: api.JobID(id), Word: word, State: state}
}

// bench is an engine whose clock moves by waiting.
func workbench(store Store, s *stage) Changes {
	now := time.Date(2026, 3, 10, 15, 30, 0, 0, time.UTC)
	e := New(store, func() time.Time { return now }, func(ctx context.Context, d time.Duration) error {
		now = now.Add(d)
		return ctx.Err()
	}, func() float64 { return 0.5 })
	return Changes{Engine: e, Changer: s, Bot: "st-1", Hash: func(u api.UserID) string { return "hash-of-" + string(u[:1]) }}
}

func last(t *testing.T, all iter.Seq2[api.Change, error]) (api.Change, error) {
	t.Helper()
	var is api.Change
	var err error
	for is, err = range all {
	}
	return is, err
}

func TestWhichPublishIsOurs(t *testing.T) {
	for name, c := range map[string]struct {
		shows []api.Change
		state api.JobState
		id    api.JobID
		sent  int
		kind  api.Kind
	}{
		"ours after the one before": {
			[]api.Change{shown("ds-old", "successful"), shown("ds-old", "successful"), shown("ds-new", "inprogress"), shown("ds-new", "successful")},
			api.JobSucceeded, "ds-new", 1, 0,
		},
		"the one before failed":             {[]api.Change{shown("ds-old", "failed"), shown("ds-old", "failed"), shown("ds-new", "successful")}, api.JobSucceeded, "ds-new", 1, 0},
		"the first ever":                    {[]api.Change{{Word: "none"}, {Word: "none"}, shown("ds-new", "successful")}, api.JobSucceeded, "ds-new", 1, 0},
		"ours fails":                        {[]api.Change{shown("ds-old", "successful"), shown("ds-new", "failed")}, api.JobFailed, "ds-new", 1, 0},
		"another takes its place":           {[]api.Change{shown("ds-old", "successful"), shown("ds-new", "inprogress"), shown("ds-other", "successful")}, api.JobUnknown, "ds-new", 1, 0},
		"one is under way already":          {[]api.Change{shown("ds-old", "inprogress")}, api.JobRunning, "ds-old", 0, api.Unavailable},
		"a word that nobody knows":          {[]api.Change{shown("ds-old", "successful"), shown("ds-new", "PONDERING")}, api.JobUnknown, "ds-new", 1, 0},
		"never shown":                       {[]api.Change{shown("ds-old", "successful")}, api.JobUnknown, "", 1, 0},
		"an odd word before blocks nothing": {[]api.Change{shown("ds-old", "PONDERING"), shown("ds-new", "successful")}, api.JobSucceeded, "ds-new", 1, 0},
	} {
		s := &stage{shows: c.shows}
		is, err := last(t, workbench(nil, s).Publish(t.Context(), api.PublishStart{Comment: "x"}))
		if is.State != c.state || is.ID != c.id || s.sent != c.sent || api.KindOf(err) != c.kind {
			t.Errorf("%s: %+v, %v, %d sent", name, is, err, s.sent)
		}
	}
}

// A lost answer is said, kept as unknown and never sent again by itself.
func TestALostAnswerOfAChange(t *testing.T) {
	s := &stage{shows: []api.Change{shown("ds-old", "successful")}, answers: &api.Error{Kind: api.OutcomeUnknown}}
	store := NewMemory()
	c := workbench(store, s)
	is, err := last(t, c.Publish(t.Context(), api.PublishStart{Comment: "x"}))
	if api.KindOf(err) != api.OutcomeUnknown || is.State != api.JobUnknown || s.sent != 1 {
		t.Errorf("%+v, %v", is, err)
	}
	open, err := c.Open(t.Context())
	all, _ := store.ListJobs(t.Context(), api.PublishJob, 0)
	if err != nil || len(open) != 0 || len(all) != 1 {
		t.Errorf("%d open, %d kept, %v", len(open), len(all), err)
	}
}

// What was started is found again by the next run of the program.
func TestAChangeSurvivesARestart(t *testing.T) {
	s := &stage{shows: []api.Change{shown("ds-old", "successful"), shown("ds-new", "inprogress")}}
	store := NewMemory()
	for is, err := range workbench(store, s).Publish(t.Context(), api.PublishStart{Comment: "x"}) {
		if err != nil {
			t.Fatal(err)
		}
		if is.ID != "" {
			break
		}
	}
	s.shows = append(s.shows, shown("ds-new", "successful"))
	s.asked = len(s.shows)
	c := workbench(store, s)
	open, err := c.Open(t.Context())
	if err != nil || len(open) != 1 {
		t.Fatalf("%+v, %v", open, err)
	}
	if now := ChangeNow(open[0]); now.ID != "ds-new" || now.State != api.JobRunning || now.Call != api.Publish {
		t.Errorf("%+v", now)
	}
	if is, err := last(t, c.Resume(t.Context(), open[0])); err != nil || is.State != api.JobSucceeded || s.sent != 1 {
		t.Errorf("%+v, %v", is, err)
	}
}

// Once an erasure is over nothing of its record names anybody, however the
// following ended.
func TestAnErasureForgetsItsUsers(t *testing.T) {
	s := &stage{erased: []api.ChangePart{{Name: "u-ana", State: api.JobSucceeded}, {Name: "ana@example.test", State: api.JobSucceeded}}}
	for _, leave := range []bool{false, true} {
		store := NewMemory()
		c := workbench(store, s)
		named := false
		for is, err := range c.Erase(t.Context(), api.Erasure{Users: []api.UserID{"u-ana", "ana@example.test"}}) {
			if err != nil {
				t.Fatal(err)
			}
			if is.State.Over() {
				named = is.Parts[0].Name == "u-ana"
				if leave {
					break
				}
			}
		}
		all, err := store.ListJobs(t.Context(), api.EraseJob, 0)
		if err != nil || len(all) != 1 || !named {
			t.Fatalf("%+v, %v, %v", all, err, named)
		}
		if kept := all[0].Question + string(all[0].Result); strings.Contains(kept, "u-ana") || strings.Contains(kept, "example.test") || !strings.Contains(kept, "hash-of-") {
			t.Errorf("%s", kept)
		}
		if left, err := c.Unscrubbed(t.Context()); err != nil || len(left) != 0 {
			t.Errorf("%+v, %v", left, err)
		}
	}
}

// Until the users are removed here the record goes on naming them; then whoever
// keeps the record is told that it names nobody.
func TestAnErasureIsTriedAgainHere(t *testing.T) {
	s := &stage{erased: []api.ChangePart{{Name: "u-ana", State: api.JobSucceeded}}}
	c := workbench(NewMemory(), s)
	full, removed, settled := true, 0, 0
	c.Forget = func(_ context.Context, is api.Change, users []api.UserID) error {
		removed++
		if full {
			return errors.New("the disk is full")
		}
		if len(users) != 1 || is.Parts[0].Name != "u-ana" {
			t.Errorf("%q, %+v", users, is)
		}
		return nil
	}
	c.Settle = func(context.Context, api.JobID) { settled++ }
	for _, err := range c.Erase(t.Context(), api.Erasure{Users: []api.UserID{"u-ana"}}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	left, err := c.Unscrubbed(t.Context())
	if err != nil || len(left) != 1 || removed != 1 || settled != 0 {
		t.Fatalf("%d left, %v, %d tries, %d settled", len(left), err, removed, settled)
	}
	full = false
	c.Finish(t.Context(), left[0], ChangeNow(left[0]), Users(left[0]))
	if left, err = c.Unscrubbed(t.Context()); err != nil || len(left) != 0 || removed != 2 || settled != 1 {
		t.Errorf("%d left, %v, %d tries, %d settled", len(left), err, removed, settled)
	}
}

func TestAPublishThatCannotBeLookedAt(t *testing.T) {
	s := &blind{stage: &stage{}}
	c := workbench(nil, s.stage)
	c.Changer = s
	_, err := last(t, c.Publish(t.Context(), api.PublishStart{Comment: "x"}))
	if api.KindOf(err) != api.ScopeMissing || s.sent != 0 {
		t.Errorf("%v, %d sent", err, s.sent)
	}
}

type blind struct{ *stage }

func (b *blind) PublishStatus(context.Context) (api.Change, error) {
	return api.Change{}, errors.Join(&api.Error{Kind: api.ScopeMissing})
}
