package sim

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
)

const (
	htmlKind = "text/html; charset=utf-8"
	loginHTM = "<!DOCTYPE html><html><head><title>Guest network</title></head><body><form action=\"/login\">Please sign in to use this network.</form></body></html>"
)

func bodyFaults() []faultKind {
	return []faultKind{
		{"status", "(code,html|json|empty|text)", "this status with a body of this kind", func(given []string) (effect, error) {
			a := argsOf(given, 2)
			code, kind := a.number(0, 503, 400, 599), a.oneOf(1, "html", "html", "json", "empty", "text")
			return effect{before: func(*call) *reply { return gateway(code, kind) }}, a.err
		}},
		{"html-200", "", "200 with an HTML page", func(given []string) (effect, error) {
			return effect{before: func(*call) *reply { return gateway(200, "html") }}, argsOf(given, 0).err
		}},
		{"empty-200", "", "200 with no body", func(given []string) (effect, error) {
			return effect{before: func(*call) *reply { return gateway(200, "empty") }}, argsOf(given, 0).err
		}},
		{"captive-portal", "(200|302|511)", "a log-in page in place of the platform", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			code := a.oneOf(0, "200", "200", "302", "511")
			return effect{before: func(*call) *reply { return portal(code) }}, a.err
		}},
		{"errors-200", "", "200 with a body of errors", func(given []string) (effect, error) {
			return effect{before: func(*call) *reply {
				out := refused(&refusal{500, 500, "Internal server error"})
				out.status = http.StatusOK
				return out
			}}, argsOf(given, 0).err
		}},
		{"encrypted", "", "200 with an encrypted-looking body; its key names are a convention", func(given []string) (effect, error) {
			return effect{after: func(_ *call, out *reply) {
				if out.status == http.StatusOK {
					out.tree = ob("payload", "bm90LXJlYWxseS1lbmNyeXB0ZWQ=", "key", "ZXhhbXBsZS13cmFwcGVkLWtleQ==", "meta", ob("alg", "example"))
				}
			}}, argsOf(given, 0).err
		}},
		{"truncate", "", "the length fits, the JSON stops in the middle", func(given []string) (effect, error) {
			return effect{bytes: func(_ *call, out *reply) { out.bytes = out.bytes[:len(out.bytes)/2] }}, argsOf(given, 0).err
		}},
		{"bad-utf8", "", "ill-formed UTF-8 in the strings of the answer", func(given []string) (effect, error) {
			return effect{bytes: func(_ *call, out *reply) { out.bytes = illFormed(out.bytes) }}, argsOf(given, 0).err
		}},
		{"gzip-corrupt", "", "gzip with wrong bytes in the middle", func(given []string) (effect, error) {
			return packedFault(func(z []byte) []byte {
				for i := len(z) / 2; i < min(len(z)/2+8, len(z)); i++ {
					z[i] ^= 0x5a
				}
				return z
			}), argsOf(given, 0).err
		}},
		{"gzip-cut", "", "gzip that stops in the middle, of the announced length", func(given []string) (effect, error) {
			return packedFault(func(z []byte) []byte { return z[:len(z)/2] }), argsOf(given, 0).err
		}},
		{"gzip-bomb", "(n)", "gzip that unpacks to n MB of blanks before the answer", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			n := a.number(0, 256, 1, 4096)
			return effect{bytes: func(_ *call, out *reply) { bomb(out, n) }}, a.err
		}},
	}
}

// gateway is what stands between: a proxy or a load balancer.
func gateway(code int, kind string) *reply {
	out := &reply{status: code, kind: htmlKind, header: http.Header{}}
	name := strconv.Itoa(code) + " " + http.StatusText(code)
	switch kind {
	case "html":
		out.bytes = []byte("<html><head><title>" + name + "</title></head><body><center><h1>" + name + "</h1></center><hr>gateway</body></html>")
	case "text":
		out.kind, out.bytes = "text/plain", []byte("upstream connect error or disconnect/reset before headers")
	case "empty":
		out.bytes = []byte{}
	default:
		return refused(&refusal{code, code, http.StatusText(code)})
	}
	return out
}

func portal(code string) *reply {
	out := &reply{status: http.StatusOK, kind: htmlKind, bytes: []byte(loginHTM), header: http.Header{}}
	switch code {
	case "302":
		out.status = http.StatusFound
		out.header.Set("Location", "http://portal.example.test/login")
	case "511":
		out.status = http.StatusNetworkAuthenticationRequired
	}
	return out
}

// illFormed puts bad bytes behind the opening quote of every fourth string value.
func illFormed(in []byte) []byte {
	bad := [][]byte{{0xff}, {0xe2, 0x1b}, {0xc0, 0xaf}, {0xed, 0xa0, 0x80}, {0xe2}}
	var out []byte
	n := 0
	for i, c := range in {
		out = append(out, c)
		if c == '"' && i > 0 && in[i-1] == ':' {
			if n++; n%4 == 0 {
				out = append(out, bad[n/4%len(bad)]...)
			}
		}
	}
	return out
}

func pack(in []byte) []byte {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if _, err := z.Write(in); err != nil {
		panic(err) // a buffer does not fail
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

func packedFault(spoil func([]byte) []byte) effect {
	return effect{bytes: func(_ *call, out *reply) {
		out.bytes = spoil(pack(out.bytes))
		out.header.Set("Content-Encoding", "gzip")
	}}
}

func bomb(out *reply, megabytes int) {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	blank := bytes.Repeat([]byte{' '}, 1<<20)
	for range megabytes {
		if _, err := z.Write(blank); err != nil {
			panic(err) // a buffer does not fail
		}
	}
	if _, err := z.Write(out.bytes); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	out.bytes = buf.Bytes()
	out.header.Set("Content-Encoding", "gzip")
}
