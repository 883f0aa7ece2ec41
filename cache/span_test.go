package cache

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"korescope/api"
)

func TestAddSpan(t *testing.T) {
	far := mergeWithin + 1
	for _, c := range []struct {
		name string
		have []span
		add  span
		want []span
	}{
		{"first", nil, span{10, 20, 15, 21}, []span{{10, 20, 15, 21}}},
		{"empty", nil, span{10, 10, 10, 21}, nil},
		{"settled beyond its end", nil, span{10, 20, 99, 21}, []span{{10, 20, 20, 21}}},
		{"settled before its start", nil, span{10, 20, 5, 21}, []span{{10, 20, 10, 21}}},
		{"touching, earlier settled: one", []span{{0, 10, 10, 11}}, span{10, 20, 15, 21}, []span{{0, 20, 15, 11}}},
		{"touching, earlier loose: two", []span{{0, 10, 8, 11}}, span{10, 20, 15, 21}, []span{{0, 10, 8, 11}, {10, 20, 15, 21}}},
		{"touching, read long apart: two", []span{{0, 10, 10, 11}}, span{10, 20, 15, 11 + far}, []span{{0, 10, 10, 11}, {10, 20, 15, 11 + far}}},
		{"over the loose end", []span{{0, 10, 8, 11}}, span{8, 20, 15, 21}, []span{{0, 20, 15, 11}}},
		{"inside, read much later", []span{{0, 30, 25, 31}}, span{10, 20, 20, 31 + far}, []span{{0, 10, 10, 31}, {10, 20, 20, 31 + far}, {20, 30, 25, 31}}},
		{"over all", []span{{0, 10, 10, 11}, {20, 30, 30, 31}}, span{0, 40, 40, 50 + far}, []span{{0, 40, 40, 50 + far}}},
		{"apart", []span{{0, 10, 10, 11}}, span{20, 30, 30, 31}, []span{{0, 10, 10, 11}, {20, 30, 30, 31}}},
	} {
		if got := addSpan(c.have, c.add); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestLook(t *testing.T) {
	win := func(a, b int) api.Window { return api.Between(at(a), at(b)) }
	sp := func(a, b, settled, read int) span {
		return span{at(a).UnixMilli(), at(b).UnixMilli(), at(settled).UnixMilli(), at(read).UnixMilli()}
	}
	for _, c := range []struct {
		name           string
		spans          []span
		missing, holes []api.Window
		covered        api.Window
	}{
		{"nothing", nil, []api.Window{win(-60, 0)}, []api.Window{win(-60, 0)}, api.Window{}},
		{"all", []span{sp(-90, 10, 10, 20)}, nil, nil, win(-60, 0)},
		{"loose end", []span{sp(-90, 0, -1, 0)}, []api.Window{win(-1, 0)}, nil, win(-60, 0)},
		{"older part", []span{sp(-90, -30, -30, 0)}, []api.Window{win(-30, 0)}, []api.Window{win(-30, 0)}, win(-60, -30)},
		{"newer part", []span{sp(-30, 0, 0, 0)}, []api.Window{win(-60, -30)}, []api.Window{win(-60, -30)}, win(-30, 0)},
		{"hole", []span{sp(-90, -40, -40, 0), sp(-20, 0, 0, 0)}, []api.Window{win(-40, -20)}, []api.Window{win(-40, -20)}, win(-20, 0)},
		{"two questions", []span{sp(-90, -30, -90, 0), sp(-40, 0, 0, 0)}, []api.Window{win(-60, -40)}, nil, win(-60, 0)},
		{"elsewhere", []span{sp(-200, -100, -100, 0)}, []api.Window{win(-60, 0)}, []api.Window{win(-60, 0)}, api.Window{}},
	} {
		v := look(c.spans, win(-60, 0))
		if !slices.Equal(v.missing, c.missing) || !slices.Equal(v.holes, c.holes) || v.covered != c.covered {
			t.Errorf("%s: missing %v holes %v covered %v", c.name, v.missing, v.holes, v.covered)
		}
	}
}

// A model of single instants: after any readings, an instant is read and
// settled exactly when some reading said so and no later one took it back.
func TestSpansAgreeWithInstants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spans []span
		var read, settled [40]bool
		now := int64(0)
		for range rapid.IntRange(1, 12).Draw(t, "readings") {
			now += rapid.Int64Range(1, 50).Draw(t, "later")
			from := rapid.Int64Range(0, 38).Draw(t, "from")
			s := span{from: from, to: rapid.Int64Range(from+1, 39).Draw(t, "to"), at: now}
			s.settled = rapid.Int64Range(from, s.to).Draw(t, "settled")
			for i := s.from; i < s.to; i++ {
				read[i], settled[i] = true, i < s.settled
			}
			spans = addSpan(spans, s)
		}
		for i := range int64(40) {
			_, isSettled, isRead := best(spans, i, i+1)
			if isRead != read[i] || isSettled != settled[i] {
				t.Fatalf("instant %d: read %v settled %v, want %v %v in %v", i, isRead, isSettled, read[i], settled[i], spans)
			}
		}
		for i := 1; i < len(spans); i++ {
			if spans[i].from < spans[i-1].to {
				t.Fatalf("overlap in %v", spans)
			}
		}
	})
}

func TestWithout(t *testing.T) {
	w := api.Between(at(0), at(60))
	gap := func(a, b int) api.Gap { return api.Gap{Window: api.Between(at(a), at(b))} }
	for _, c := range []struct {
		gaps []api.Gap
		want []api.Window
	}{
		{nil, []api.Window{w}},
		{[]api.Gap{gap(10, 20)}, []api.Window{api.Between(at(0), at(10)), api.Between(at(20), at(60))}},
		{[]api.Gap{gap(-10, 20), gap(50, 90)}, []api.Window{api.Between(at(20), at(50))}},
		{[]api.Gap{gap(-10, 90)}, nil},
		{[]api.Gap{gap(60, 90)}, []api.Window{w}},
	} {
		if got := without(w, c.gaps); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v", c.gaps, got)
		}
	}
}

func TestNewestReadingCounts(t *testing.T) {
	_, _, read := best([]span{{0, 10, 10, 1}}, 3, 11)
	if read {
		t.Error("a span that ends earlier does not cover")
	}
	if got := earlier(time.Time{}, 5); got.UnixMilli() != 5 {
		t.Error(got)
	}
}
