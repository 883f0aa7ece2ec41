package filter

import "testing"

// A filter runs over every row that is here at every key.
func BenchmarkSessions(b *testing.B) {
	row := sample()
	for _, filter := range []string{"nothing", "2031-", "type:self", "user:zzz", "msgs:>9", "tag:tier=silver"} {
		_, is, err := Sessions(nil).Compile(filter)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(filter, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if is(row) {
					b.Fatal("matched")
				}
			}
		})
	}
}
