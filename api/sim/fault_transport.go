package sim

import (
	"bufio"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const minute = time.Minute

func transportFaults() []faultKind {
	return []faultKind{
		{"slow", "(d)", "headers come late by d", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			d := a.span(0, 2*time.Second)
			return effect{send: func(c *call, _ http.ResponseWriter, _ *reply) bool { return !c.wait(d) }}, a.err
		}},
		{"drip", "(bytes,d)", "the body comes in pieces of so many bytes, d apart", func(given []string) (effect, error) {
			a := argsOf(given, 2)
			n, d := a.number(0, 64, 1, 1<<20), a.span(1, 200*time.Millisecond)
			return effect{send: func(c *call, rw http.ResponseWriter, out *reply) bool { return drip(c, rw, out, n, d) }}, a.err
		}},
		{"stall", "(n)", "after n bytes nothing more comes, the connection stays open", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			n := a.number(0, 100, 0, 1<<30)
			return effect{send: func(c *call, rw http.ResponseWriter, out *reply) bool {
				part(rw, out, n)
				<-c.r.Context().Done()
				panic(http.ErrAbortHandler)
			}}, a.err
		}},
		{"cut-at", "(n)", "the connection closes after n bytes of a longer announced body", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			n := a.number(0, 100, 0, 1<<30)
			return effect{send: func(_ *call, rw http.ResponseWriter, out *reply) bool {
				part(rw, out, n)
				if n >= len(out.bytes) {
					return true
				}
				panic(http.ErrAbortHandler)
			}}, a.err
		}},
		{"reset", "", "the connection is reset before the headers", func(given []string) (effect, error) {
			return effect{send: func(_ *call, rw http.ResponseWriter, _ *reply) bool { hangUp(rw, nil, true); return true }}, argsOf(given, 0).err
		}},
		{"reset-mid", "(n)", "the connection is reset after n bytes of the body", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			n := a.number(0, 100, 0, 1<<30)
			return effect{send: func(_ *call, rw http.ResponseWriter, out *reply) bool {
				head := "HTTP/1.1 " + strconv.Itoa(out.status) + " OK\r\nContent-Type: " + out.kind + "\r\nContent-Length: " + strconv.Itoa(len(out.bytes)+1) + "\r\n\r\n"
				hangUp(rw, append([]byte(head), out.bytes[:min(n, len(out.bytes))]...), true)
				return true
			}}, a.err
		}},
		{"keepalive-drop", "", "a request on a reused connection is read, then the connection is closed", func(given []string) (effect, error) {
			return effect{send: func(c *call, rw http.ResponseWriter, _ *reply) bool {
				if !c.w.seen.again(c.r.RemoteAddr) {
					return false
				}
				hangUp(rw, nil, false)
				return true
			}}, argsOf(given, 0).err
		}},
		{"redirect", "(code,url)", "a redirect to this address", func(given []string) (effect, error) {
			a := argsOf(given, 2)
			code, to := a.number(0, 307, 300, 399), a.word(1, "https://elsewhere.example.test/")
			if _, err := url.Parse(to); err != nil && a.err == nil {
				a.err = err
			}
			return effect{before: func(*call) *reply {
				return &reply{status: code, bytes: []byte{}, kind: "text/html", header: http.Header{"Location": {to}}}
			}}, a.err
		}},
	}
}

// wait lets real time pass; false when the caller left.
func (c *call) wait(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-c.r.Context().Done():
		return false
	}
}

func drip(c *call, rw http.ResponseWriter, out *reply, n int, d time.Duration) bool {
	part(rw, out, 0)
	for rest := out.bytes; len(rest) > 0; {
		k := min(n, len(rest))
		if _, err := rw.Write(rest[:k]); err != nil {
			return true
		}
		flush(rw)
		if rest = rest[k:]; len(rest) > 0 && !c.wait(d) {
			return true
		}
	}
	return true
}

// part announces the whole body and sends its first n bytes.
func part(rw http.ResponseWriter, out *reply, n int) {
	rw.Header().Set("Content-Length", strconv.Itoa(len(out.bytes)))
	rw.WriteHeader(out.status)
	if _, err := rw.Write(out.bytes[:min(n, len(out.bytes))]); err != nil {
		panic(http.ErrAbortHandler) // the caller is gone
	}
	flush(rw)
}

func flush(rw http.ResponseWriter) {
	if f, ok := rw.(http.Flusher); ok {
		f.Flush()
	}
}

// hangUp takes the connection, sends what there is and closes it, with a reset
// when asked for. Without a connection to take the handler is aborted.
func hangUp(rw http.ResponseWriter, send []byte, reset bool) {
	var conn net.Conn
	var buf *bufio.ReadWriter
	if h, ok := rw.(http.Hijacker); ok {
		var err error
		if conn, buf, err = h.Hijack(); err != nil {
			conn = nil
		}
	}
	if conn == nil {
		panic(http.ErrAbortHandler)
	}
	_, err := buf.Write(send)
	if err == nil {
		err = buf.Flush()
	}
	if tcp, ok := conn.(*net.TCPConn); ok && reset && err == nil {
		err = tcp.SetLinger(0)
	}
	if cerr := conn.Close(); err != nil || cerr != nil {
		return // it is closed either way, which is all that was wanted
	}
}
