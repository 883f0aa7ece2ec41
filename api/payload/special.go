package payload

import (
	"fmt"
	"strconv"
	"strings"
)

// vectors counts the numbers of embeddings; a few numbers are shown.
func vectors(v value) string {
	rows, size := measure(v)
	switch {
	case rows == 0:
		return v.line()
	case rows == 1 && size <= 8:
		return v.line()
	case rows == 1:
		return fmt.Sprintf("embedding of %d numbers", size)
	}
	return fmt.Sprintf("%d embeddings of %d numbers", rows, size)
}

// measure counts lists of numbers, and the numbers in the first.
func measure(v value) (rows, size int) {
	switch v.kind() {
	case list:
		items := v.items()
		if len(items) > 0 && items[0].kind() == numeric {
			return 1, len(items)
		}
		for _, e := range items {
			r, n := measure(e)
			rows += r
			if size == 0 {
				size = n
			}
		}
	case record:
		for _, m := range v.object() {
			if r, n := measure(m.val); r > 0 {
				return r, n
			}
		}
	case text: // base64
		return 1, len(unquote(v)) * 3 / 16
	}
	return rows, size
}

// tell says a classifier's or a reranker's answer in lines.
func (a *answer) tell(s shape, o object) {
	if labels, scores := o.get("labels").items(), o.get("scores").items(); len(labels) > 0 && len(labels) == len(scores) {
		var out []string
		for i := range labels {
			out = append(out, labels[i].said()+" "+scores[i].said())
		}
		a.bare(strings.Join(out, "\n"))
		return
	}
	if s.places[0] == "label" {
		a.bare(o.get("label").said() + " " + o.get("score").said())
		return
	}
	v := o.get(s.places[0])
	if v.kind() != list || !a.labels(v) {
		a.bare(v.line())
	}
}

// scanned takes a guardrail's verdict. What it says of its scanners is shown as
// it came.
func (a *answer) scanned(s shape, o object) {
	a.scan = &verdict{}
	for _, place := range s.places {
		path, want, named := strings.Cut(place, "=")
		path, negative := strings.CutSuffix(path, ":f")
		v := o.at(path)
		switch {
		case named:
			a.scan.hit = a.scan.hit || v.text() == want
		case negative:
			a.scan.hit = a.scan.hit || v.kind() == no
		default:
			a.scan.hit = a.scan.hit || v.kind() == yes
		}
	}
	a.scan.what, a.scan.risk = risk(o)
	var parts []string
	for _, m := range o {
		parts = append(parts, named(m.key)+" "+m.val.said())
	}
	a.bare(strings.Join(parts, "\n"))
}

// risk is the score of a verdict, or the highest of its scanners with its name.
func risk(o object) (what, score string) {
	best := -1.0
	for _, key := range []string{"risk_score", "riskScore", "score"} {
		if n, err := strconv.ParseFloat(o.get(key).word(), 64); err == nil {
			best, score = n, o.get(key).word()
		}
	}
	for _, key := range []string{"scanners", "category_scores", "results.0.category_scores", "scores"} {
		for _, m := range o.at(key).object() {
			if n, err := strconv.ParseFloat(m.val.word(), 64); err == nil && n > best {
				best, what, score = n, m.key, m.val.word()
			}
		}
	}
	return what, score
}
