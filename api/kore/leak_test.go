package kore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"korescope/api"
)

// sinks writes a value in every way a program prints things.
func sinks(v any) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%v %+v %#v %s %q %x\n", v, v, v, v, v, v)
	if e, ok := v.(error); ok {
		fmt.Fprintln(&b, e.Error())
		for ; e != nil; e = errors.Unwrap(e) {
			fmt.Fprintf(&b, "%v %+v %s\n", e, e, e)
		}
	}
	if j, err := json.Marshal(v); err == nil {
		b.Write(j)
	}
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
	return b.String()
}

func TestHiddenThingsPrintAsDots(t *testing.T) {
	h := hidden{text: stubSecret}
	held := struct {
		In  hidden
		Ptr *hidden
		In2 map[string]hidden
	}{h, &h, map[string]hidden{"k": h}}
	for _, v := range []any{h, &h, held, &held, []hidden{h}} {
		out := sinks(v)
		if strings.Contains(out, stubSecret) || strings.Contains(out, fmt.Sprintf("%x", stubSecret)) {
			t.Errorf("%T prints the secret", v)
		}
		if _, pointers := v.(*struct{}); !pointers && !strings.Contains(out, dots) {
			t.Errorf("%T prints no dots", v)
		}
	}
}

// Whatever goes wrong, no error tells the secret, a token or the query.
func TestNoErrorTellsASecret(t *testing.T) {
	var sent atomic.Value // the last token
	echo := func(status int, kind string) func(http.ResponseWriter, *http.Request, asked) {
		return func(w http.ResponseWriter, _ *http.Request, a asked) {
			sent.Store(a.auth)
			w.Header().Set("Location", "https://other.example.test/?auth="+a.auth+"&s="+stubSecret)
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, `{"errors":[{"msg":"bad token %s","code":%d}]}`, a.auth, status)
		}
	}
	cases := map[string]func(http.ResponseWriter, *http.Request, asked){
		"redirect": echo(302, ""), "401": echo(401, "application/json"), "400": echo(400, "application/json"), "500": echo(500, "text/plain"),
		"200": echo(200, "application/json"), "429": echo(429, "application/json"),
		"text": func(w http.ResponseWriter, _ *http.Request, a asked) {
			sent.Store(a.auth)
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, strings.Repeat("x", 270)+" "+a.auth)
		},
		"encrypted": func(w http.ResponseWriter, _ *http.Request, a asked) {
			sent.Store(a.auth)
			answerJSON(w, 200, `{"payload":"`+a.auth+`"}`)
		},
		"dropped": func(_ http.ResponseWriter, _ *http.Request, a asked) {
			sent.Store(a.auth)
			panic(http.ErrAbortHandler)
		},
		"protocol": func(w http.ResponseWriter, _ *http.Request, a asked) {
			sent.Store(a.auth)
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, "HTTP/1.1 "+a.auth+"\r\n\r\n")
				_ = conn.Close()
			}
		},
	}
	bytesSeen := 0
	for name, h := range cases {
		s := serve(t, h)
		c := s.client(t)
		q := api.SessionQuery{Window: day(s), CallID: "a-secret-call-id", User: "pat@example.test"}
		got := gather(c.Sessions(t.Context(), q, api.Person))
		if got.err == nil {
			t.Fatalf("%s: no error", name)
		}
		u, _ := c.Usage(t.Context())
		out := sinks(got.err) + sinks(u)
		bytesSeen += len(out)
		token := sent.Load().(string)
		signature := token[strings.LastIndex(token, ".")+1:]
		for what, canary := range map[string]string{
			"secret": stubSecret, "token": token, "signature": signature, "head of the token": token[:40], "query": "a-secret-call-id", "user": "pat@example.test",
		} {
			if strings.Contains(out, canary) {
				t.Errorf("%s: the %s is told: %s", name, what, got.err)
			}
		}
	}
	t.Logf("%d bytes looked through", bytesSeen)
}

func TestAnErrorOfTheTransportIsCleaned(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request, asked) {})
	c := s.client(t, func(o *Options) {
		o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("broken by \x1b]52;c;x\x07 %s of %s", r.Header.Get("Auth"), r.URL)
		})
	})
	q := api.SessionQuery{Window: day(s)}
	err := gather(c.Sessions(t.Context(), q, api.Person)).err
	if err == nil || strings.ContainsAny(err.Error(), "\x1b\x07") || strings.Contains(err.Error(), "eyJ") {
		t.Errorf("%q", err)
	}
}

func TestTheNameAndPasswordOfAProxyAreHidden(t *testing.T) {
	for in, want := range map[string]string{
		`invalid proxy address "http://pat:p@ss@proxy.example.test:x/": bad port`: `invalid proxy address "http://` + dots + `@proxy.example.test:x/": bad port`,
		"dial tcp 192.0.2.1:443: refused":                                         "dial tcp 192.0.2.1:443: refused",
		"https://host.example.test/a@b":                                           "https://host.example.test/a@b",
		"https://pat@host":                                                        "https://" + dots + "@host",
	} {
		if got := maskUserinfo(in); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
