package jsontree

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
)

// large is an array of model calls of about 4.8 kB each, size bytes together,
// with a word near its end that is nowhere else.
func large(size int) []byte {
	var b bytes.Buffer
	b.WriteByte('[')
	text := strings.Repeat(`The order lookup did not answer.\nAsk once more, \"politely\", and offer a person. `, 20)
	for i := 0; b.Len() < size; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		if b.Len() > size-20_000 {
			text = strings.Replace(text, "politely", "xylophone", 1)
		}
		fmt.Fprintf(&b, `{"id":"llm-%08x","n":%d,"request":{"messages":[{"role":"system","content":"%s"},{"role":"tool","content":"{\"error\": \"timeout\", \"status\": 504}"},{"role":"user","content":"%s"}]},"usage":{"prompt":4102,"completion":512},"text":"%s"}`,
			i, i, text, text, text[:len(text)/2])
	}
	b.WriteByte(']')
	return b.Bytes()
}

const hundredMB = 100_000_000

func BenchmarkFirstRows100MB(b *testing.B) {
	data := large(hundredMB)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		tree := New(data, Options{})
		tree.Draw(120, 40)
	}
}

func BenchmarkLevel2Of100MB(b *testing.B) {
	data := large(hundredMB)
	tree := New(data, Options{})
	b.ReportAllocs()
	for b.Loop() {
		tree.Level(2)
		tree.Draw(120, 40)
		tree.Level(1)
	}
}

func BenchmarkSearch100MB(b *testing.B) {
	data := large(hundredMB)
	for _, words := range []string{"xylophone", "Xylophone", "xylo.hone"} {
		b.Run(words, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := Search(context.Background(), data, words, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRevealNearTheEndOf100MB(b *testing.B) {
	data := large(hundredMB)
	hits, err := Search(context.Background(), data, "xylophone", nil)
	if err != nil || hits.Len() == 0 {
		b.Fatal(hits.Len(), err)
	}
	tree := New(data, Options{})
	for b.Loop() {
		tree.CloseAll()
		tree.SetHits(hits)
		tree.Draw(120, 40)
	}
}

func BenchmarkMoveAtTheEndOf100MB(b *testing.B) {
	tree := New(large(hundredMB), Options{})
	tree.Bottom()
	for i := 0; b.Loop(); i++ {
		tree.Move(1 - 2*(i%2))
		tree.Draw(120, 40)
	}
}

func BenchmarkOneCall(b *testing.B) {
	data := []byte(call)
	b.ReportAllocs()
	for b.Loop() {
		tree := New(data, Options{})
		tree.Level(9)
		tree.Draw(120, 40)
	}
}

// resident is the process's resident memory in bytes, 0 when it is not told.
func resident() int {
	status, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages int
	if _, err := fmt.Sscan(string(status), &size, &pages); err != nil {
		return 0
	}
	return pages * os.Getpagesize()
}

func BenchmarkResident100MB(b *testing.B) {
	data := large(hundredMB)
	before := resident()
	var tree *Tree
	for b.Loop() {
		tree = New(data, Options{})
		tree.Draw(120, 40)
	}
	b.ReportMetric(float64(before)/1e6, "MB-before")
	b.ReportMetric(float64(resident())/1e6, "MB-after")
	_ = tree.Rows()
}
