package find_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"korescope/api"
	"korescope/views"
	"korescope/views/find"
	"korescope/views/viewtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stand is a search on a stage, with what the disk holds.
type stand struct {
	*viewtest.Stage
	t       *testing.T
	reader  *viewtest.Reader[find.Query, find.Found]
	route   views.FindRoute
	options viewtest.Options
	mask    *views.Masker
}

func set(t *testing.T) *stand {
	t.Helper()
	s := &stand{Stage: viewtest.NewStage(t), t: t, route: views.FindRoute{Text: "refund"}}
	s.reader = viewtest.NewReader[find.Query, find.Found](t, s.Guard)
	return s
}

func (s *stand) open(w, h int) *stand {
	s.t.Helper()
	s.Open(find.New(find.Deps{Reader: s.reader, Clock: s.Clock.Now, Zone: viewtest.Zone(), Explain: s.Explain, Mask: s.mask}, s.route), s.options, w, h)
	return s
}

// holds says what the disk finds, whatever is asked.
func (s *stand) holds(f find.Found) *stand {
	s.reader.Has(f, viewtest.Noon(), true)
	return s
}

// searched is what was found; it was counted how much was looked through only
// when that is nothing.
func searched(hits ...find.Hit) find.Found {
	if len(hits) > 0 {
		return find.Found{Hits: hits}
	}
	return find.Found{Sessions: 186, Messages: 1204, Calls: 96, Lines: 0}
}

// hit marks every "refund" of the text.
func hit(n int, kind find.Kind, text string) find.Hit {
	h := find.Hit{
		Kind: kind, Session: viewtest.SessionRoom(n), ID: fmt.Sprintf("%s-%04d", kind, n), Place: int64(9000 - n),
		Time: viewtest.Noon().Add(-time.Duration(n) * 7 * time.Minute), Snippet: text,
	}
	for at := 0; ; {
		i := strings.Index(text[at:], "refund")
		if i < 0 {
			return h
		}
		h.Marks = append(h.Marks, [2]int{at + i, at + i + len("refund")})
		at += i + len("refund")
	}
}

func hits() []find.Hit {
	lone := hit(3, find.Call, `{"messages":[{"role":"system","content":"Decide whether a refund is due"}]}`)
	lone.Session = ""
	line := hit(4, find.Line, "node refundLimit took the branch of refund above 200")
	line.Session, line.Identity, line.Channel, line.Title = "", "u-3c1d0000-aaaa", "rtm", "refundLimit"
	nameless := hit(5, find.Line, "refund queue is full")
	nameless.Session = ""
	return []find.Hit{
		hit(0, find.Message, "I want my refund, and I want the refund today"),
		hit(1, find.Message, "Your order was delivered late, so a credit was offered on Monday instead of a full refund to the card that paid"),
		hit(2, find.Call, `The customer asks for a refund; answer with the policy of refunds`),
		lone, line, nameless,
		hit(9, find.Message, "rückerstattung 日本語 refund ここ"),
		hit(200, find.Message, "refund"),
	}
}

func some(t *testing.T) *stand {
	t.Helper()
	return set(t).holds(searched(hits()...))
}

// many is a search whose hits do not fit one reading.
func many(t *testing.T) *stand {
	t.Helper()
	s := set(t)
	s.reader.Disk = func(q find.Query) (api.Answer[find.Found], error) {
		f := searched()
		from := 0
		if q.Before > 0 {
			from = int(9000-q.Before) + 1
		}
		for n := from; n < min(from+200, 450); n++ {
			f.Hits = append(f.Hits, hit(n, find.Message, fmt.Sprintf("refund number %d", n)))
		}
		f.More = from+200 < 450
		return api.Answer[find.Found]{Value: f, At: viewtest.Noon(), Origin: api.FromDisk, Fresh: true, Done: true}, nil
	}
	return s
}
