package payload

import (
	"strings"
	"unicode/utf8"

	"korescope/api"
)

// Strings is what a call is found by: every string in its payloads without the
// keys around them, also those inside strings that hold JSON, and a streamed
// answer joined, which no single piece would be found by. Secrets are left out.
// A line for each, no more than limit bytes.
func Strings(c api.LLMCall, limit int) string {
	w := words{most: limit}
	a := readAnswer(c.Response)
	w.add(string(Hide(c.Request)), nestedMost)
	if a.streamed {
		for _, choice := range a.choices {
			for _, p := range choice.parts {
				w.line(HideText(p.String()))
			}
		}
	}
	w.add(string(Hide(c.Response)), nestedMost)
	return w.b.String()
}

// StringsOf is that for one JSON document.
func StringsOf(raw []byte, limit int) string {
	w := words{most: limit}
	w.add(string(Hide(raw)), nestedMost)
	return w.b.String()
}

type words struct {
	b    strings.Builder
	most int
}

// add takes a document apart; what is none is a line.
func (w *words) add(s string, layers int) {
	if v, ok := parse([]byte(s)); ok {
		w.value(v, layers)
	} else if s != "" {
		w.line(s)
	}
}

func (w *words) value(v value, layers int) {
	if w.b.Len() >= w.most {
		return
	}
	switch v.kind() {
	case record:
		for _, m := range v.object() {
			w.value(m.val, layers)
		}
	case list:
		for _, e := range v.items() {
			w.value(e, layers)
		}
	case text:
		s := unquote(v)
		if inner, ok := nestedJSON(s); ok && layers > 0 {
			w.value(inner, layers-1)
			return
		}
		w.line(s)
	}
}

func (w *words) line(s string) {
	room := w.most - w.b.Len()
	if s == "" || room <= 0 {
		return
	}
	if w.b.Len() > 0 {
		w.b.WriteByte('\n')
		room--
	}
	if len(s) > room {
		s = s[:max(room, 0)]
		for s != "" && !utf8.ValidString(s[max(0, len(s)-utf8.UTFMax):]) {
			s = s[:len(s)-1]
		}
	}
	w.b.WriteString(s)
}
