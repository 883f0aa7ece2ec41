package cache

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	sqlite3 "github.com/ncruces/go-sqlite3"

	"korescope/api"
)

// HitKind says what was found.
type HitKind string

// The kinds, spelled as in the records of `find`.
const (
	HitMessage HitKind = "message"
	HitCall    HitKind = "llm"
	HitDebug   HitKind = "debug"
)

// FindQuery asks for text in what is cached.
type FindQuery struct {
	// Text holds words, "words in a row" and begin*; all of them must be there.
	// Case and accents do not count.
	Text  string
	Kind  HitKind // "" for all
	Limit int     // 50 when not given
	// Before continues a list: only hits of earlier rows than this one.
	Before Place
}

// Place is where a hit stands in the list of all hits.
type Place int64

// Span is a stretch of bytes.
type Span struct{ From, To int }

// Hit is one row that matches.
type Hit struct {
	Kind    HitKind
	Session api.SessionID // "" when a call or line names none
	ID      string        // of the message, call or line
	Time    time.Time
	Snippet string // one line around the first match
	Marks   []Span // the matches, in bytes of Snippet
	Place   Place

	// Of a debug line: under which name its log is read, and the node.
	Identity, Channel, Title string
}

const defaultHits = 50

// Find searches messages, model calls and debug lines, newest first. No text is an error;
// one without words finds nothing.
func (s *Store) Find(ctx context.Context, q FindQuery) ([]Hit, error) {
	terms := parseQuery(q.Text)
	if !Searchable(q.Text) {
		return nil, nil
	}
	if q.Limit <= 0 {
		q.Limit = defaultHits
	}
	var hits []Hit
	err := s.read(ctx, "find in the cache", func(c *conn) error {
		hits = make([]Hit, 0, q.Limit)
		// A row may be too old or lack the signs that were asked for; the page is
		// filled from the rows behind it.
		for part := q; ; {
			places, err := matchingPlaces(c, part, terms)
			if err != nil {
				return err
			}
			for _, p := range places {
				h, ok, err := s.hitAt(c, p, terms, s.notBefore(s.o.Now()))
				if err != nil {
					return err
				}
				if part.Before = p; ok {
					if hits = append(hits, h); len(hits) == q.Limit {
						return nil
					}
				}
			}
			if len(places) < part.Limit {
				return nil
			}
		}
	})
	return hits, err
}

// matchingPlaces merges the matches of both indexes, the newest first.
func matchingPlaces(c *conn, q FindQuery, terms []term) ([]Place, error) {
	var places []Place
	for _, i := range indexes() {
		if !i.holds(q.Kind) {
			continue
		}
		where, args := i.table+" MATCH ?", []any{matchExpression(terms)}
		if q.Before > 0 {
			where += " AND rowid < ?"
			args = append(args, i.before(q.Before))
		}
		switch q.Kind {
		case HitMessage:
			where += " AND rowid & 1 = 0"
		case HitCall:
			where += " AND rowid & 1 = 1"
		}
		err := c.rows("SELECT rowid FROM "+i.table+" WHERE "+where+" ORDER BY rowid DESC LIMIT ?", append(args, q.Limit),
			func(s *sqlite3.Stmt) error {
				places = append(places, i.place(s.ColumnInt64(0)))
				return nil
			})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(places, func(a, b Place) int { return cmp.Compare(b, a) })
	return places[:min(len(places), q.Limit)], nil
}

func (s *Store) hitAt(c *conn, p Place, terms []term, notBefore int64) (h Hit, found bool, err error) {
	var text string
	rid := int64(p) >> 1
	switch {
	case p&1 == lineBit:
		h, text, found, err = lineHit(c, rid, notBefore)
	case rid&1 == messageBit:
		h, text, found, err = s.messageHit(c, rid, notBefore)
	default:
		h, text, found, err = callHit(c, rid, notBefore)
	}
	h.Place = p
	h.Snippet, h.Marks = snippet(text, terms)
	return h, found && holdsSigns(text, terms), err
}

func (s *Store) messageHit(c *conn, rid, notBefore int64) (h Hit, text string, found bool, err error) {
	scan := s.messageScan()
	err = c.rows("SELECT "+messageColumns+" FROM message WHERE rid = ? AND fetched >= ?", []any{rid, notBefore}, scan.row)
	if err != nil || len(scan.out) == 0 {
		return h, "", false, err
	}
	m := scan.out[0]
	return Hit{Kind: HitMessage, Session: m.Session, ID: string(m.ID), Time: m.Time}, messageWords(m), true, nil
}

func callHit(c *conn, rid, notBefore int64) (h Hit, text string, found bool, err error) {
	scan := &callScan{words: newWords()}
	err = c.rows("SELECT "+callColumns+" FROM call WHERE rid = ? AND fetched >= ?", []any{rid, notBefore}, scan.row)
	if err != nil || len(scan.out) == 0 {
		return h, "", false, err
	}
	l := scan.out[0]
	if _, l.Request, l.Response, err = payloads(c, rid); err != nil {
		return h, "", false, err
	}
	return Hit{Kind: HitCall, Session: l.Session, ID: string(l.ID), Time: l.Start}, callWords(l), true, nil
}

func lineHit(c *conn, rid, notBefore int64) (h Hit, text string, found bool, err error) {
	scan := &lineScan{words: newWords()}
	err = c.rows("SELECT "+lineColumns+" FROM debug WHERE rid = ? AND fetched >= ?", []any{rid, notBefore}, scan.row)
	if err != nil || len(scan.out) == 0 {
		return h, "", false, err
	}
	l := scan.out[0]
	return Hit{
		Kind: HitDebug, Session: l.Session, ID: l.ID, Time: l.Time,
		Identity: l.Identity, Channel: l.Channel, Title: l.Title,
	}, lineWords(l), true, nil
}

const (
	snippetBefore = 40  // bytes before the first match
	snippetLength = 160 // bytes in all, give or take a character
)

// snippet cuts a line around the first match and marks all matches in it.
func snippet(text string, terms []term) (string, []Span) {
	marks := findTerms(text, terms)
	from := 0
	if len(marks) > 0 && len(text) > snippetLength {
		from = max(0, marks[0].From-snippetBefore)
	}
	if from > 0 {
		// Begin with a whole word where one begins soon.
		if i := strings.IndexAny(text[from:marks[0].From], " \n\t"); i >= 0 {
			from += i + 1
		}
	}
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	to := min(len(text), from+snippetLength)
	if len(marks) > 0 {
		to = max(to, marks[0].To)
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	var inside []Span
	for _, m := range marks {
		if m.From >= from && m.To <= to {
			inside = append(inside, Span{m.From - from, m.To - from})
		}
	}
	// One byte for one byte, so that the marks stay right.
	line := strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(text[from:to])
	return line, inside
}

// maxMarks is how many matches of one text are looked for.
const maxMarks = 64

// findTerms finds where the terms stand in text, in order, without overlaps.
func findTerms(text string, terms []term) []Span {
	type word struct {
		form     string
		from, to int
	}
	longest := 1
	for _, t := range terms {
		longest = max(longest, len(t.words))
	}
	var last []word // the newest words, as many as the longest term has
	var marks []Span
	_ = eachWord(text, func(form string, from, to int) error {
		last = append(last, word{form, from, to})
		if len(last) > longest {
			last = last[1:]
		}
		for _, t := range terms {
			n := len(t.words)
			if n == 0 || n > len(last) {
				continue
			}
			tail := last[len(last)-n:]
			fits := true
			for i, w := range t.words {
				whole := i < n-1 || !t.prefix
				fits = fits && (tail[i].form == w || !whole && strings.HasPrefix(tail[i].form, w))
			}
			if fits && (len(marks) == 0 || tail[0].from >= marks[len(marks)-1].To) {
				marks = append(marks, Span{tail[0].from, tail[n-1].to})
			}
		}
		if len(marks) >= maxMarks {
			return errEnough
		}
		return nil
	})
	return marks
}
