package sim

import (
	"testing"
)

func BenchmarkNew100k(b *testing.B) {
	c := newClock()
	for b.Loop() {
		if _, err := New(Options{Sessions: 100_000, Now: c.now}); err != nil {
			b.Fatal(err)
		}
	}
}

// A page of 100 from the far end of a week of a world of 100,000.
func BenchmarkDeepPage(b *testing.B) {
	w, _ := newWorld(b, open(Options{Sessions: 100_000}))
	token := sign(b, named("retail"), nil)
	for b.Loop() {
		if rec := ask(b, w, "POST", pathSessions, token, `{"skip":50000,"limit":100}`); rec.Code != 200 {
			b.Fatal(rec.Code)
		}
	}
}

// The newest 50 model calls of a day of a world of 100,000.
func BenchmarkModelPage(b *testing.B) {
	w, _ := newWorld(b, open(Options{Sessions: 100_000}))
	token := sign(b, named("retail"), nil)
	for b.Loop() {
		if rec := ask(b, w, "POST", pathModels, token, `{"limit":"50",`+dates(day, 0)+`}`); rec.Code != 200 {
			b.Fatal(rec.Code)
		}
	}
}

// Twenty transcripts in one call.
func BenchmarkTwentyTranscripts(b *testing.B) {
	w, _ := newWorld(b, open(Options{}))
	token := sign(b, named("retail"), nil)
	for b.Loop() {
		if rec := ask(b, w, "POST", pathV2, token, `{"limit":200,`+dates(day/4, 0)+`}`); rec.Code != 200 {
			b.Fatal(rec.Code)
		}
	}
}
