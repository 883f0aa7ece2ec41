package feed_test

import (
	"testing"
	"time"

	"korescope/views/viewtest"
)

func TestPeekAsksTheDiskAlone(t *testing.T) {
	for name, fresh := range map[string]bool{"old": false, "fresh": true} {
		d := sit(t)
		d.r.Has([]int{1, 2}, viewtest.Noon().Add(-time.Hour), fresh)
		d.all(d.f.Peek("k"))
		a, ok := d.f.Answer()
		if !ok || len(a.Value) != 2 || d.f.Loading() || d.f.Err() != nil || len(d.r.Asked) != 0 || len(d.r.Looked) != 1 {
			t.Errorf("%s: %v %v, asked %d", name, a, ok, len(d.r.Asked))
		}
	}
	d := sit(t)
	d.all(d.f.Peek("k"))
	if _, ok := d.f.Answer(); ok || d.f.Loading() || d.f.Err() != nil || len(d.r.Asked) != 0 {
		t.Error("an empty disk is no answer and no failure")
	}
	// What the disk has stays while the network is asked for the same.
	d = sit(t)
	d.r.Has([]int{1}, viewtest.Noon().Add(-time.Hour), false)
	d.all(d.f.Peek("k"))
	ask := d.f.Ask("k")
	if _, ok := d.f.Answer(); !ok {
		t.Error("asking lets go of what was peeked")
	}
	d.r.Says([]int{1, 2, 3}, viewtest.Noon())
	d.all(ask)
	if a, _ := d.f.Answer(); len(a.Value) != 3 || len(d.r.Asked) != 1 {
		t.Errorf("%v", a)
	}
}
