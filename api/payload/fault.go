package payload

import (
	"slices"
	"strings"
)

// fault is an error that came in place of an answer.
type fault struct {
	text   string // the provider's words
	code   string // its own short word
	param  string // of the request, when it names one
	filter bool   // a content filter refused
}

// failure looks for an error in an answer.
func (a *answer) failure(o object) {
	if v := o.get("error"); !v.hollow() && v.kind() != yes && string(v) != "0" {
		a.fault = readFault(v)
		return
	}
	if e := o.at("response.error"); e.kind() == record && !e.hollow() {
		a.fault = readFault(e)
		return
	}
	if bareFault(o) {
		a.fault = readObjectFault(o)
		return
	}
	for _, m := range o {
		if strings.HasSuffix(m.key, "Exception") && m.val.kind() == record {
			a.fault = readFault(m.val)
			a.fault.code = m.key
			return
		}
		if (m.key == "fault" || m.key == "errors") && !m.val.hollow() && !a.fitsAny(o) {
			v := m.val
			if items := v.items(); len(items) > 0 {
				v = items[0]
			}
			a.fault = readFault(v)
			return
		}
	}
	for _, key := range []string{"statusCode", "status"} {
		if status, ok := o.get(key).count(); ok && status >= 400 && !a.fitsAny(o) {
			a.fault = readObjectFault(o)
			return
		}
	}
}

// bareFault reports an object that says of itself that it is an error.
func bareFault(o object) bool {
	return o.get("type").text() == "error" || o.get("object").text() == "error" || o.get("error").kind() == yes ||
		slices.ContainsFunc(o, func(m member) bool { return m.key == "__type" })
}

func (a *answer) fitsAny(o object) bool {
	return slices.ContainsFunc(a.shapes, func(s shape) bool { return s.fits(o) })
}

func readFault(v value) *fault {
	if v.kind() == record {
		return readObjectFault(v.object())
	}
	s := v.said()
	if inner, ok := nestedJSON(s); ok && inner.kind() == record {
		o := inner.object()
		if e := o.get("error"); e.kind() == record {
			o = e.object()
		}
		return readObjectFault(o)
	}
	return &fault{text: s, filter: names(s)}
}

func readObjectFault(o object) *fault {
	f := &fault{text: o.first([]string{"message", "msg", "faultstring", "detail", "error", "error_description", "description", "title"}).said()}
	for _, p := range []string{"code", "type", "status", "__type", "innererror.code"} {
		s := o.at(p).text()
		if strings.Trim(s, "0123456789") != "" && s != "error" && s != "invalid_request_error" {
			f.code = s
			break
		}
	}
	f.param = o.get("param").text()
	if f.text == "" {
		f.text = line(o)
	}
	f.filter = names(line(o))
	return f
}

func line(o object) string {
	var parts []string
	for _, m := range o {
		parts = append(parts, string(requote(m.key))+":"+m.val.line())
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// names reports that an error speaks of a content filter, in the words of any
// provider.
func names(s string) bool {
	s = fold(s)
	return slices.ContainsFunc([]string{
		"contentfilter", "contentmanagementpolicy", "responsibleaipolicyviolation", "contentpolicyviolation",
		"contentfilteringpolicy", "contentpolicy",
	}, func(w string) bool { return strings.Contains(s, w) })
}
