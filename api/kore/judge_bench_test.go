package kore

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// BenchmarkJudge reads a page of a thousand rows as far as its rows.
func BenchmarkJudge(b *testing.B) {
	row := `{"sessionId":"68f1a3d04c7e2b9a5d10e%03d","userId":"u-3c1d00d9","channel":"rtm","startTime":"2031-03-12T13:47:08.000Z",` +
		`"tags":{"userTags":[{"name":"tier","value":"silver"}],"sessionTags":[]},"containmentType":"selfService"}`
	rows := make([]string, 1000)
	for i := range rows {
		rows[i] = fmt.Sprintf(row, i)
	}
	body := []byte(`{"total":1000,"moreAvailable":false,"sessions":[` + strings.Join(rows, ",") + `]}`)
	r := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, f := judge(r, body, hidden{}, time.Time{}); f != nil {
			b.Fatal(f.err)
		}
	}
}
