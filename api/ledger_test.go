package api_test

import (
	"testing"
	"time"

	"korescope/api"

	"pgregory.net/rapid"
)

func TestWaitIsZeroExactlyWhenThereIsRoom(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ago := func(ds ...time.Duration) (out []time.Time) {
		for _, d := range ds {
			out = append(out, now.Add(-d))
		}
		return out
	}
	l := api.Limits{PerMinute: 2, PerHour: 3}
	for _, c := range []struct {
		name string
		lane api.Lane
		sent []time.Time
		want time.Duration
	}{
		{"nothing sent", api.Person, nil, 0},
		{"room for one more", api.Person, ago(10 * time.Second), 0},
		{"minute full", api.Person, ago(10*time.Second, 5*time.Second), 50*time.Second + api.LimitMargin},
		{"unsorted", api.Person, ago(5*time.Second, 10*time.Second), 50*time.Second + api.LimitMargin},
		{"margin still counts", api.Person, ago(61*time.Second, 5*time.Second), 500 * time.Millisecond},
		{"minute over", api.Person, ago(62*time.Second, 5*time.Second), 0},
		{"hour full", api.Person, ago(50*time.Minute, 40*time.Minute, 30*time.Minute), 10*time.Minute + api.LimitMargin},
		{"overfull hour", api.Person, ago(50*time.Minute, 40*time.Minute, 30*time.Minute, 20*time.Minute), 20*time.Minute + api.LimitMargin},
		{"read ahead has half of the hour too", api.ReadAhead, ago(10 * time.Second), 59*time.Minute + 50*time.Second + api.LimitMargin},
		{"clock set back a little", api.Person, ago(-10*time.Second, -5*time.Second), time.Minute + api.LimitMargin},
		{"clock set back by hours", api.Person, ago(-3*time.Hour, -3*time.Hour, -3*time.Hour), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := l.Wait(c.lane, c.sent, now); got != c.want {
				t.Errorf("wait %v, want %v", got, c.want)
			}
		})
	}
}

func TestLanesLeaveRoomForTheMoreUrgent(t *testing.T) {
	for _, c := range []struct {
		lane api.Lane
		have api.Limits
		want api.Limits
	}{
		{api.Person, api.Limits{}, api.Limits{PerMinute: 60, PerHour: 1800}},
		{api.Follow, api.Limits{}, api.Limits{PerMinute: 50, PerHour: 1700}},
		{api.ReadAhead, api.Limits{}, api.Limits{PerMinute: 30, PerHour: 900}},
		{api.Follow, api.Limits{PerMinute: 1, PerHour: 1}, api.Limits{PerMinute: 1, PerHour: 1}},
		{api.ReadAhead, api.Limits{PerMinute: 1, PerHour: 1}, api.Limits{PerMinute: 1, PerHour: 1}},
	} {
		if got := c.have.For(c.lane); got != c.want {
			t.Errorf("lane %d of %+v: %+v, want %+v", c.lane, c.have, got, c.want)
		}
	}
}

// Whoever waits as told never passes a rolling limit, and never waits longer
// than needed: after the wait there is room.
func TestWaitNeverPassesARollingWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := api.Limits{PerMinute: rapid.IntRange(1, 20).Draw(t, "minute"), PerHour: rapid.IntRange(1, 60).Draw(t, "hour")}
		now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		var sent []time.Time
		for range rapid.IntRange(1, 150).Draw(t, "requests") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "pause")) * time.Millisecond)
			lane := api.Lane(rapid.IntRange(0, 2).Draw(t, "lane"))
			if d := l.Wait(lane, sent, now); d > 0 {
				now = now.Add(d)
				if again := l.Wait(lane, sent, now); again != 0 {
					t.Fatalf("waited %v as told, then asked to wait %v", d, again)
				}
			}
			sent = append(sent, now)
		}
		for i := range sent {
			minute, hour := 0, 0
			for _, s := range sent[i:] {
				if s.Sub(sent[i]) < time.Minute {
					minute++
				}
				if s.Sub(sent[i]) < time.Hour {
					hour++
				}
			}
			if minute > l.PerMinute || hour > l.PerHour {
				t.Fatalf("%d in a minute, %d in an hour, limits %+v", minute, hour, l)
			}
		}
	})
}
