package cache

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"korescope/api"
)

func keepMessages(t testing.TB, s *Store, rows ...api.Message) {
	t.Helper()
	if err := s.write(t.Context(), "keep", func(c *conn) error { return s.putMessages(c, rows, s.o.Now()) }); err != nil {
		t.Fatal(err)
	}
}

func keepCalls(t testing.TB, s *Store, rows ...api.LLMCall) {
	t.Helper()
	if err := s.write(t.Context(), "keep", func(c *conn) error { return putCalls(c, rows, api.Window{}, false, s.o.Now()) }); err != nil {
		t.Fatal(err)
	}
}

// marked is a snippet with its marks in brackets.
func marked(h Hit) string {
	var b strings.Builder
	last := 0
	for _, m := range h.Marks {
		b.WriteString(h.Snippet[last:m.From] + "[" + h.Snippet[m.From:m.To] + "]")
		last = m.To
	}
	return b.String() + h.Snippet[last:]
}

func TestFindInManyLanguages(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	texts := []string{
		0: "Ich möchte meine Rückerstattung für die große Straße",
		1: "أريد استرداد أموالي من المتجر",
		2: "ฉันต้องการคืนเงินสำหรับคำสั่งซื้อ",
		3: "注文の返金をお願いします",
		4: "where is my order 4711, please?",
		5: "退款还没有到账",
		6: "Где мой заказ, ёлки",
		7: "cafe\u0301 au lait",
		8: "Order: status\nof the\torder",
	}
	for i, text := range texts {
		m := messageAt("s1", i, at(-100+i), api.FromUser, text)
		m.Options = nil
		keepMessages(t, s, m)
	}
	for _, c := range []struct {
		text string
		want []string
	}{
		{"ruckerstattung", []string{"Ich möchte meine [Rückerstattung] für die große Straße"}},
		{"RÜCKERSTATTUNG GROSSE", []string{"Ich möchte meine [Rückerstattung] für die [große] Straße"}},
		{"strass*", []string{"Ich möchte meine Rückerstattung für die große [Straße]"}},
		{"استرداد", []string{"أريد [استرداد] أموالي من المتجر"}},
		{"اموالي", []string{"أريد استرداد [أموالي] من المتجر"}},
		{"คืนเงิน", []string{"ฉันต้องการ[คืนเงิน]สำหรับคำสั่งซื้อ"}},
		{"返金", []string{"注文の[返金]をお願いします"}},
		{"金", []string{"注文の返[金]をお願いします"}},
		{"退款", []string{"[退款]还没有到账"}},
		{"елки", []string{"Где мой заказ, [ёлки]"}},
		{"café", []string{"[cafe\u0301] au lait"}},
		{`"my order"`, []string{"where is [my order] 4711, please?"}},
		{`"order my"`, nil},
		{"order", []string{"[Order]: status of the [order]", "where is my [order] 4711, please?"}},
		{"order status", []string{"[Order]: [status] of the [order]"}},
		{"471*", []string{"where is my order [4711], please?"}},
		{"471", nil},
		{`"my ord"*`, []string{"where is [my order] 4711, please?"}},
	} {
		hits, err := s.Find(t.Context(), FindQuery{Text: c.text})
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		var got []string
		for _, h := range hits {
			got = append(got, marked(h))
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s:\n%q\nwant\n%q", c.text, got, c.want)
		}
	}
}

func TestFindInPayloads(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	keepCalls(t, s, callAt(1, at(-50), `{"inner":"the \"velvet\" rule"}`, "line one\nsecond curtain"))
	keepMessages(t, s, messageAt("s1", 1, at(-40), api.FromBot, "velvet again"), messageAt("s1", 2, at(-60), api.FromBot, "velvet before"))
	hits, err := s.Find(t.Context(), FindQuery{Text: "velvet"})
	if err != nil || len(hits) != 3 {
		t.Fatalf("%d hits, %v", len(hits), err)
	}
	for i, want := range []Hit{
		{Kind: HitMessage, Session: "s1", ID: "ms-s1-1", Time: at(-40)},
		{Kind: HitCall, ID: "call-1", Time: at(-50)},
		{Kind: HitMessage, Session: "s1", ID: "ms-s1-2", Time: at(-60)},
	} {
		h := hits[i]
		if h.Kind != want.Kind || h.Session != want.Session || h.ID != want.ID || !h.Time.Equal(want.Time) {
			t.Errorf("hit %d: %+v, want %+v", i, h, want)
		}
	}
	for _, c := range []struct {
		q    FindQuery
		want int
	}{
		{FindQuery{Text: "velvet", Kind: HitCall}, 1},
		{FindQuery{Text: "velvet", Kind: HitMessage}, 2},
		{FindQuery{Text: "velvet", Limit: 2}, 2},
		{FindQuery{Text: "velvet", Before: hits[0].Place}, 2},
		{FindQuery{Text: "curtain"}, 1},
		{FindQuery{Text: "yes"}, 2}, // what a message offers
		{FindQuery{Text: "inner"}, 0},
		{FindQuery{Text: "content"}, 0},
		{FindQuery{Text: "refund"}, 1},
	} {
		got, err := s.Find(t.Context(), c.q)
		if err != nil || len(got) != c.want {
			t.Errorf("%+v: %d hits, want %d, %v", c.q, len(got), c.want, err)
		}
	}
}

func TestChangedTextIsFoundAnew(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	keepMessages(t, s, messageAt("s1", 1, at(-40), api.FromBot, "before"))
	keepMessages(t, s, messageAt("s1", 1, at(-40), api.FromBot, "after"))
	for text, want := range map[string]int{"before": 0, "after": 1} {
		if hits, err := s.Find(t.Context(), FindQuery{Text: text}); err != nil || len(hits) != want {
			t.Errorf("%s: %d hits, %v", text, len(hits), err)
		}
	}
}

func TestHostileQueries(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	keepMessages(t, s, messageAt("s1", 1, at(-40), api.FromBot, "and or not near"))
	for _, text := range []string{
		"", " ", `"`, `""`, `"""`, "*", `"*`, "**", "a*b*", "-x", "^x", "x:y", "text:and", "{a b}:c", "(", ")", "((a)", "NEAR(a b, 2)", "a NEAR b",
		"AND", "OR (OR", "NOT a", "a AND", "' OR 1=1 --", "'; DROP TABLE message; --", "\x00", "a\x00b", "\xff\xfe", "\u202e", "+a", "a+b", "?1", "@x", "$x", ":x",
		strings.Repeat("a", 100_000), strings.Repeat("a ", 2000), strings.Repeat(`"a" `, 500), "\u0301", "ـ", "％", "¾", "ǅ", "\U0001f600",
	} {
		if _, err := s.Find(t.Context(), FindQuery{Text: text}); err != nil {
			t.Errorf("%.40q: %v", text, err)
		}
	}
	if hits, err := s.Find(t.Context(), FindQuery{Text: "AND OR NOT"}); err != nil || len(hits) != 1 {
		t.Errorf("operators are words: %d hits, %v", len(hits), err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.String().Draw(rt, "text")
		if _, err := s.Find(t.Context(), FindQuery{Text: text}); err != nil {
			rt.Fatal(err)
		}
	})
}

// What is typed from a text is found in it, and marks lie on characters.
func TestEveryWordIsFoundInItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		var words []string
		_ = eachWord(text, func(_ string, from, to int) error {
			words = append(words, text[from:to])
			return nil
		})
		if len(words) == 0 {
			return
		}
		word := rapid.SampledFrom(words).Draw(t, "word")
		terms := parseQuery(word)
		if len(terms) == 0 {
			t.Fatalf("%q is no word", word)
		}
		line, marks := snippet(text, terms)
		if len(marks) == 0 {
			t.Fatalf("%q not found in %q", word, text)
		}
		for _, m := range marks {
			if m.From < 0 || m.To > len(line) || m.From >= m.To {
				t.Fatalf("mark %v outside %q", m, line)
			}
		}
	})
}

func TestSnippetIsShort(t *testing.T) {
	text := strings.Repeat("äöü ", 400) + "needle" + strings.Repeat(" ไทย", 400)
	line, marks := snippet(text, parseQuery("needle"))
	if len(line) > snippetLength+8 || len(marks) != 1 || line[marks[0].From:marks[0].To] != "needle" {
		t.Errorf("%d bytes, marks %v", len(line), marks)
	}
}

func TestNewestFirstOverManySeconds(t *testing.T) {
	c := newClock()
	s := mustOpen(t, options(t, c))
	var rows []api.Message
	for i := range 600 { // 300 in each of two seconds: more than a second has room for
		rows = append(rows, messageAt("s1", i, at(-40).Add(time.Duration(i%2)*time.Second), api.FromBot, "same"))
	}
	keepMessages(t, s, rows...)
	hits, err := s.Find(t.Context(), FindQuery{Text: "same", Limit: 1000})
	if err != nil || len(hits) != 600 {
		t.Fatalf("%d hits, %v", len(hits), err)
	}
	seen := map[string]bool{}
	for _, h := range hits {
		seen[h.ID] = true
	}
	if len(seen) != 600 {
		t.Errorf("%d different", len(seen))
	}
}
