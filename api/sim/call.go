package sim

import (
	"compress/gzip"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// call is one request on its way through the checks.
type call struct {
	w      *World
	r      *http.Request
	now    time.Time
	route  *route
	named  map[string]string
	app    *Credential
	bot    *bot
	in     input
	cuts   []func(page) page // faults that move the borders of a page
	moving bool              // rows come and go between pages
	n      int               // number of this request among all
	spoil  spoil             // what the job faults do to it
	acted  bool              // it had an effect
}

func (c *call) ms() int64 { return c.now.UnixMilli() }

// reply is an answer before it is written: a tree, or bytes that replace it.
type reply struct {
	status int
	tree   any
	bytes  []byte
	kind   string // content type
	header http.Header
}

func refused(r *refusal) *reply {
	return &reply{status: r.status, tree: r.tree(), kind: jsonKind, header: http.Header{}}
}

const jsonKind = "application/json; charset=utf-8"

func (w *World) serve(rw http.ResponseWriter, r *http.Request) {
	c := &call{w: w, r: r, now: w.clock()}
	c.route, c.named = w.find(verb(r), r.URL.EscapedPath())
	c.n = w.seen.request(c.op())
	w.desk.heard(c)
	faults := w.pick(c)
	out := c.before(faults)
	if out == nil {
		out = c.answer()
	}
	for _, f := range faults {
		if f.effect.after != nil {
			f.effect.after(c, out)
		}
	}
	if out.bytes == nil {
		out.bytes = encode(nil, out.tree)
	}
	for _, f := range faults {
		if f.effect.bytes != nil {
			f.effect.bytes(c, out)
		}
	}
	w.seen.answered(out.status)
	c.write(rw, out, faults)
}

// op names the call for the fault list and the counters; "" for unknown paths.
func (c *call) op() string {
	if c.route == nil {
		return ""
	}
	return c.route.name
}

func (c *call) before(faults []*armed) *reply {
	for _, f := range faults {
		if f.effect.before == nil {
			continue
		}
		if out := f.effect.before(c); out != nil {
			return out
		}
	}
	return nil
}

// answer goes through the checks in the order of section 4.3.
func (c *call) answer() *reply {
	if c.route == nil {
		return refused(wrongPath())
	}
	if c.route.only == scopeSigned {
		return c.signedFile()
	}
	app, no := c.authenticate()
	if no == nil {
		no = c.admit(app)
	}
	if no != nil {
		return refused(no)
	}
	c.app = app
	if out := c.limited(); out != nil {
		return out
	}
	if no := c.read(); no != nil {
		return refused(no)
	}
	tree, no := c.route.handle(c)
	if no != nil {
		return refused(no)
	}
	return &reply{status: http.StatusOK, tree: tree, kind: jsonKind, header: http.Header{}}
}

// limited charges the call. Its place between scope and body is [SIM].
func (c *call) limited() *reply {
	v := c.w.limiter.take(c.limitKey(), c.now)
	if !v.refused {
		return nil
	}
	strict := &c.w.strict
	status := http.StatusTooManyRequests
	if strict.LimitStatus != 0 {
		status = strict.LimitStatus
	}
	out := refused(&refusal{status, status, strict.LimitText.words(v.hour)})
	switch strict.RetryAfter {
	case "":
	case "seconds":
		out.header.Set("Retry-After", strconv.Itoa(int((v.wait+time.Second-1)/time.Second)))
	case "date":
		out.header.Set("Retry-After", c.now.Add(v.wait).UTC().Format(http.TimeFormat))
	default:
		out.header.Set("Retry-After", strict.RetryAfter)
	}
	return out
}

const worthPacking = 1400 // bytes; smaller answers fit one packet anyway

// write sends the answer, through the first fault that wants to send it itself.
func (c *call) write(rw http.ResponseWriter, out *reply, faults []*armed) {
	h := rw.Header()
	for k, v := range out.header {
		h[k] = v
	}
	h.Set("Content-Type", out.kind)
	h.Set("Date", c.now.UTC().Format(http.TimeFormat))
	for _, f := range faults {
		if f.effect.send != nil && f.effect.send(c, rw, out) {
			return
		}
	}
	if h.Get("Content-Encoding") == "" && len(out.bytes) > worthPacking && strings.Contains(c.r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		rw.WriteHeader(out.status)
		z, err := gzip.NewWriterLevel(rw, gzip.BestSpeed)
		if err == nil {
			_, err = z.Write(out.bytes)
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			panic(http.ErrAbortHandler) // the caller is gone
		}
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(out.bytes)))
	rw.WriteHeader(out.status)
	if _, err := rw.Write(out.bytes); err != nil {
		panic(http.ErrAbortHandler) // the caller is gone
	}
}

// query is the request's query string, broken pairs left out.
func (c *call) query() url.Values { return c.r.URL.Query() }
