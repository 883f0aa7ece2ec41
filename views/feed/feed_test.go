package feed_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"go.uber.org/goleak"

	"korescope/api"
	"korescope/ui"
	"korescope/views/feed"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type (
	reader = viewtest.Reader[string, []int]
	step   = viewtest.Step[[]int]
	loaded = feed.Loaded[[]int]
)

// desk is a feed with its reader, driven by hand.
type desk struct {
	t    *testing.T
	g    *viewtest.Guard
	r    *reader
	f    *feed.Feed[string, []int]
	stop context.CancelFunc
}

func sit(t *testing.T) *desk {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	g := &viewtest.Guard{}
	r := viewtest.NewReader[string, []int](t, g)
	f := feed.New(ui.Seat{Addr: 7, Ctx: ctx}, 3, r)
	return &desk{t: t, g: g, r: r, f: f, stop: cancel}
}

// reply runs the command and gives its message without applying it.
func (d *desk) reply(cmd tea.Cmd) loaded {
	d.t.Helper()
	msg, ok := d.g.Cmd(cmd)().(loaded)
	if !ok {
		d.t.Fatal("the command gave no reply")
	}
	return msg
}

// step runs one command and applies its reply.
func (d *desk) step(cmd tea.Cmd) tea.Cmd {
	d.t.Helper()
	_, next := d.f.Apply(d.reply(cmd))
	return next
}

// all runs the command and everything that follows.
func (d *desk) all(cmd tea.Cmd) {
	d.t.Helper()
	for cmd != nil {
		cmd = d.step(cmd)
	}
}

// shows compares everything the feed says with what is wanted.
func (d *desk) shows(want []int, has, loading bool, kind api.Kind) {
	d.t.Helper()
	a, ok := d.f.Answer()
	if len(a.Value) != len(want) || ok != has || d.f.Loading() != loading {
		d.t.Errorf("has %v %v, loading %v; want %v %v, %v", ok, a.Value, d.f.Loading(), has, want, loading)
	}
	for i := range min(len(want), len(a.Value)) {
		if a.Value[i] != want[i] {
			d.t.Errorf("has %v, want %v", a.Value, want)
		}
	}
	if err := d.f.Err(); (err != nil) != (kind != 0) || err != nil && api.KindOf(err) != kind {
		d.t.Errorf("failure %v, want %v", err, kind)
	}
}

func page(done bool, v ...int) step {
	return step{Answer: api.Answer[[]int]{Value: v, At: viewtest.Noon(), Origin: api.FromNetwork, Done: done}}
}

func failure(k api.Kind, v ...int) step {
	s := step{Err: &api.Error{Kind: k}}
	if len(v) > 0 {
		s.Answer = page(false, v...).Answer
	}
	return s
}

func (d *desk) script(steps ...step) { d.r.Net = func(string) []step { return steps } }

func TestWhatAFeedShows(t *testing.T) {
	old := viewtest.Noon().Add(-time.Hour)
	for _, c := range []struct {
		name    string
		disk    func(*reader)
		net     []step
		want    []int
		has     bool
		kind    api.Kind
		network int
	}{
		{"fresh disk asks nobody", func(r *reader) { r.Has([]int{1}, old, true) }, nil, []int{1}, true, 0, 0},
		{"stale disk is renewed", func(r *reader) { r.Has([]int{1}, old, false) }, []step{page(true, 1, 2)}, []int{1, 2}, true, 0, 1},
		{"nothing on disk", nil, []step{page(true, 5)}, []int{5}, true, 0, 1},
		{"an empty answer is one", nil, []step{page(true)}, nil, true, 0, 1},
		{"pages grow", nil, []step{page(false, 1), page(false, 1, 2), page(true, 1, 2, 3)}, []int{1, 2, 3}, true, 0, 1},
		{"failure with nothing here", nil, []step{failure(api.Unreachable)}, nil, false, api.Unreachable, 1},
		{"failure keeps the disk's answer", func(r *reader) { r.Has([]int{1}, old, false) }, []step{failure(api.Unreachable)}, []int{1}, true, api.Unreachable, 1},
		{"failure keeps the pages before it", nil, []step{page(false, 1, 2), failure(api.Unavailable)}, []int{1, 2}, true, api.Unavailable, 1},
		{"failure beside an answer", nil, []step{failure(api.Limited, 4)}, []int{4}, true, api.Limited, 1},
		{"a stopped read is no failure", func(r *reader) { r.Has([]int{1}, old, false) }, []step{failure(api.Cancelled)}, []int{1}, true, 0, 1},
		{"an iteration that just ends", nil, []step{page(false, 1)}, []int{1}, true, 0, 1},
		{"a broken disk does not hide the platform", func(r *reader) {
			r.Disk = func(string) (api.Answer[[]int], error) { return api.Answer[[]int]{}, errors.New("disk is full") }
		}, []step{page(true, 8)}, []int{8}, true, 0, 1},
		{"a broken disk and no network", func(r *reader) {
			r.Disk = func(string) (api.Answer[[]int], error) { return api.Answer[[]int]{}, errors.New("disk is full") }
		}, []step{failure(api.Unreachable)}, nil, false, api.Unreachable, 1},
		{"offline: not cached on both sides", nil, []step{failure(api.NotCached)}, nil, false, api.NotCached, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := sit(t)
			if c.disk != nil {
				c.disk(d.r)
			}
			d.script(c.net...)
			cmd := d.f.Ask("k")
			if !d.f.Loading() || d.r.Reads() != 0 {
				t.Error("asking read something by itself")
			}
			d.all(cmd)
			d.shows(c.want, c.has, false, c.kind)
			if len(d.r.Looked) != 1 || len(d.r.Asked) != c.network {
				t.Errorf("read the disk %d times, the platform %d times", len(d.r.Looked), len(d.r.Asked))
			}
		})
	}
}

func TestAnswersBetweenPages(t *testing.T) {
	d := sit(t)
	d.r.Has([]int{1}, viewtest.Noon(), false)
	d.script(page(false, 2), page(true, 2, 3))
	next := d.step(d.f.Ask("k"))
	d.shows([]int{1}, true, true, 0)
	next = d.step(next)
	d.shows([]int{2}, true, true, 0)
	if d.step(next) != nil {
		t.Error("something follows the last page")
	}
	d.shows([]int{2, 3}, true, false, 0)
}

// A failed reading of what was complete leaves it complete, with its age, also
// when some pages came.
func TestAFailureKeepsWhatWasWhole(t *testing.T) {
	for name, steps := range map[string][]step{
		"at once":       {failure(api.Limited)},
		"with a remark": {failure(api.Limited, 9)},
		"after a page":  {page(false, 9), failure(api.Unreachable, 9)},
	} {
		t.Run(name, func(t *testing.T) {
			d := sit(t)
			d.script(page(true, 1, 2, 3))
			d.all(d.f.Ask("k"))
			before, _ := d.f.Answer()
			d.script(steps...)
			d.all(d.f.Again())
			d.shows([]int{1, 2, 3}, true, false, api.KindOf(steps[len(steps)-1].Err))
			if a, _ := d.f.Answer(); a.Partial || !a.Done || !a.At.Equal(before.At) {
				t.Errorf("done %v, partial %v, of %v", a.Done, a.Partial, a.At)
			}
			d.script(failure(api.Limited, 5))
			d.all(d.f.Ask("other"))
			d.shows([]int{5}, true, false, api.Limited)
		})
	}
}

func TestAStaleStampIsDropped(t *testing.T) {
	d := sit(t)
	d.script(page(true, 1))
	late := d.reply(d.f.Renew("k"))
	d.script(page(true, 2))
	d.all(d.f.Renew("k"))
	if changed, next := d.f.Apply(late); changed || next != nil {
		t.Error("a reply to an earlier question was taken")
	}
	d.shows([]int{2}, true, false, 0)

	other := late
	other.Stamp.Feed++
	if changed, _ := d.f.Apply(other); changed {
		t.Error("a reply to another feed was taken")
	}
	d.script(failure(api.Unavailable))
	lateError := d.reply(d.f.Again())
	d.script(page(true, 3))
	cmd := d.f.Again()
	if changed, _ := d.f.Apply(lateError); changed {
		t.Error("a failure of an earlier question was taken")
	}
	d.all(cmd)
	d.shows([]int{3}, true, false, 0)
}

func TestARepliesAddress(t *testing.T) {
	d := sit(t)
	d.script(page(true, 1))
	l := d.reply(d.f.Renew("k"))
	if l.To() != 7 || l.Stamp.Feed != 3 || l.Stamp.Owner != 7 {
		t.Errorf("stamp %+v", l.Stamp)
	}
}

func TestStopEndsTheIteration(t *testing.T) {
	d := sit(t)
	d.script(page(false, 1), page(false, 1, 2), page(true, 1, 2, 3))
	next := d.step(d.f.Renew("k"))
	d.f.Stop()
	d.shows([]int{1}, true, false, 0)
	late := d.reply(next)
	if changed, more := d.f.Apply(late); changed || more != nil {
		t.Error("a page came after the stop")
	}
	d.shows([]int{1}, true, false, 0)
}

// Nobody pulls again after a question was dropped between two pages: the
// iteration must end all the same.
func TestADroppedQuestionEndsByItself(t *testing.T) {
	for name, drop := range map[string]func(*desk){
		"stop":         func(d *desk) { d.f.Stop() },
		"new question": func(d *desk) { _ = d.f.Ask("other") },
		"screen left":  func(d *desk) { d.stop() },
	} {
		t.Run(name, func(t *testing.T) {
			ended := make(chan struct{})
			g := &viewtest.Guard{}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			f := feed.New(ui.Seat{Addr: 1, Ctx: ctx}, 1, endless{ended: ended})
			d := &desk{t: t, g: g, f: f, stop: cancel}
			_ = d.step(f.Renew("k"))
			d.shows([]int{1}, true, true, 0)
			drop(d)
			<-ended
		})
	}
}

// endless yields pages until it is told to stop.
type endless struct{ ended chan struct{} }

func (endless) Cached(context.Context, string) (api.Answer[[]int], error) {
	return api.Answer[[]int]{}, viewtest.NotCached()
}

func (e endless) Refresh(context.Context, string, api.Lane) iter.Seq2[api.Answer[[]int], error] {
	return func(yield func(api.Answer[[]int], error) bool) {
		defer close(e.ended)
		for yield(page(false, 1).Answer, nil) {
			continue
		}
	}
}

func TestTheLastPageEndsTheIteration(t *testing.T) {
	for name, steps := range map[string][]step{
		"done":    {page(true, 1), page(true, 2)},
		"failure": {failure(api.Unavailable), page(true, 2)},
	} {
		t.Run(name, func(t *testing.T) {
			d := sit(t)
			d.script(steps...)
			d.all(d.f.Renew("k"))
			if d.r.Ended() != 1 {
				t.Errorf("%d iterations ended", d.r.Ended())
			}
		})
	}
}

func TestKeysAndWhatIsKept(t *testing.T) {
	answered := func(t *testing.T) *desk {
		t.Helper()
		d := sit(t)
		d.script(page(true, 1))
		d.all(d.f.Ask("first"))
		return d
	}
	t.Run("asking another key lets go", func(t *testing.T) {
		d := answered(t)
		_ = d.f.Ask("second")
		d.shows(nil, false, true, 0)
		if d.f.Key() != "second" {
			t.Errorf("key %q", d.f.Key())
		}
	})
	t.Run("asking the same key keeps", func(t *testing.T) {
		d := answered(t)
		_ = d.f.Ask("first")
		d.shows([]int{1}, true, true, 0)
	})
	t.Run("renewing keeps whatever the key", func(t *testing.T) {
		d := answered(t)
		cmd := d.f.Renew("second")
		d.shows([]int{1}, true, true, 0)
		d.script(page(true, 2))
		d.all(cmd)
		d.shows([]int{2}, true, false, 0)
		if got := d.r.Asked; len(got) != 2 || got[1] != "second" {
			t.Errorf("asked %v", got)
		}
		if len(d.r.Looked) != 1 {
			t.Error("renewing looked on disk")
		}
	})
	t.Run("asking lets go of the failure too", func(t *testing.T) {
		d := sit(t)
		d.script(failure(api.Unavailable))
		d.all(d.f.Ask("first"))
		d.shows(nil, false, false, api.Unavailable)
		_ = d.f.Ask("second")
		d.shows(nil, false, true, 0)
	})
	t.Run("a success clears the failure", func(t *testing.T) {
		d := answered(t)
		d.script(failure(api.Unavailable))
		d.all(d.f.Again())
		d.shows([]int{1}, true, false, api.Unavailable)
		d.script(page(true, 2))
		d.all(d.f.Again())
		d.shows([]int{2}, true, false, 0)
	})
	t.Run("nothing asked", func(t *testing.T) {
		d := sit(t)
		if d.f.Asked() {
			t.Error("asked at the start")
		}
		_ = d.f.Ask("k")
		if !d.f.Asked() {
			t.Error("not asked after a question")
		}
	})
}

func TestLanes(t *testing.T) {
	d := sit(t)
	d.script(page(true, 1))
	d.all(d.f.Ask("k"))
	d.f.InLane(api.ReadAhead)
	d.all(d.f.Ask("l"))
	if d.r.Lanes[0] != api.Person || d.r.Lanes[1] != api.ReadAhead {
		t.Errorf("lanes %v", d.r.Lanes)
	}
}
