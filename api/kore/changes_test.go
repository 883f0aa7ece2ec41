package kore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	"korescope/api"
	"korescope/api/apitest"
)

func asAdmin(o *Options) { o.Admin, o.Writes, o.Journal = true, true, &apitest.Journal{} }

// changers are the calls of reference 18, 19 and 22, with what each puts on the
// wire.
func changers(ctx context.Context, c *Client) map[string]struct {
	do   func() error
	wire string
} {
	type act = struct {
		do   func() error
		wire string
	}
	u := api.Upload{Name: "bot.json", Extension: "json", Size: 2, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("{}")), nil
	}}
	return map[string]act{
		api.UploadFile: {func() error { _, err := c.Upload(ctx, u); return err }, "POST /api/public/uploadfile form"},
		api.Publish: {
			func() error { _, err := c.Publish(ctx, api.PublishStart{Comment: "fix 12"}); return err },
			`POST /api/public/bot/` + string(stubBot) + `/publish {"versionComment":"fix 12","initiateTraining":false}`,
		},
		api.ImportBot: {
			func() error {
				_, err := c.ImportBot(ctx, api.BotImport{Definition: "68a", Config: "68b", Functions: []api.FileID{"68c"}})
				return err
			},
			`POST /api/public/bot/` + string(stubBot) + `/import {"botDefinition":"68a","configInfo":"68b","botFunctions":["68c"]}`,
		},
		api.ImportFunctions: {
			func() error {
				_, err := c.ImportFunctions(ctx, []api.FunctionFile{{Name: "f.js", File: "68c"}})
				return err
			},
			`POST /api/public/bot/` + string(stubBot) + `/import/botfunctions [{"fileName":"f.js","fileId":"68c"}]`,
		},
		api.EraseUsers: {
			func() error { _, err := c.EraseUsers(ctx, api.Erasure{Users: []api.UserID{"u-1"}}); return err },
			`DELETE /api/public/bot/eraseUsersData {"userIds":["u-1"],"botIds":["` + string(stubBot) + `"],"RemoveDataFromAllBots":false}`,
		},
		api.DeleteConversations: {
			func() error {
				_, err := c.DeleteConversations(ctx, api.Deletion{User: "u-1", Window: october()})
				return err
			},
			`POST /api/public/bot/` + string(stubBot) + `/conversations/delete {"cId":"u-1","startDate":"` + stamp(october().From) + `","endDate":"` + stamp(october().To) + `"}`,
		},
	}
}

// wire serves and notes each request as one line.
func wire(t *testing.T, h http.HandlerFunc) (url string, lines func() []string) {
	t.Helper()
	var mu sync.Mutex
	var got []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		line := r.Method + " " + r.URL.Path + " " + string(body)
		if kind, p, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
			line = r.Method + " " + r.URL.Path + " form"
			form := multipart.NewReader(bytes.NewReader(body), p["boundary"])
			for _, want := range []string{"file {}", "fileContext bulkImport", "fileExtension json"} {
				part, err := form.NextPart()
				if err != nil {
					line += " cut"
					break
				}
				content, _ := io.ReadAll(part)
				if part.FormName()+" "+string(content) != want {
					line += " " + part.FormName()
				}
			}
		}
		if r.Header.Get("Auth") == "" {
			line += " without a token"
		}
		mu.Lock()
		got = append(got, strings.TrimSpace(line))
		mu.Unlock()
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), got...)
	}
}

func TestChangesOnTheWire(t *testing.T) {
	url, lines := wire(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/publish"):
			answerJSON(w, 200, `[{"resourceType":"NL","status":"SUCCESS"}]`)
		case strings.HasSuffix(r.URL.Path, "botfunctions"):
			answerJSON(w, 200, `{"status":"Success","fileName":"f.js","_id":"68f20b2000000000000000c2"}`)
		default:
			answerJSON(w, 200, `{"fileId":"68f20a1c00000000000000b1","_id":"bir-1","requestId":"eud-1","jobId":"cdj-1","status":"pending"}`)
		}
	})
	for _, allowed := range []bool{true, false} {
		c := serve(t, nil).client(t, asAdmin, func(o *Options) { o.Host, o.Writes = url, allowed })
		for name, act := range changers(t.Context(), c) {
			before := len(lines())
			err := act.do()
			sent := lines()[before:]
			if !allowed {
				if api.KindOf(err) != api.NotAllowed || len(sent) != 0 {
					t.Errorf("%s was not kept back: %v, %q", name, err, sent)
				}
				continue
			}
			if err != nil || len(sent) != 1 || sent[0] != act.wire {
				t.Errorf("%s: %v\n%q, want\n%q", name, err, sent, act.wire)
			}
		}
	}
}

// Whatever the answer is, a change is sent once, on a connection of its own, and
// an end that nobody saw is said as that.
func TestChangesAreSentOnce(t *testing.T) {
	for name, answer := range map[string]struct {
		do   func(http.ResponseWriter)
		kind api.Kind
	}{
		"500": {func(w http.ResponseWriter) { answerJSON(w, 500, `{}`) }, api.OutcomeUnknown},
		"502": {func(w http.ResponseWriter) { answerJSON(w, 502, "<html>") }, api.OutcomeUnknown},
		"429": {func(w http.ResponseWriter) { answerJSON(w, 429, `{}`) }, api.Limited},
		"401": {func(w http.ResponseWriter) {
			answerJSON(w, 401, `{"errors":[{"msg":"Invalid SDK credentials","code":4002}]}`)
		}, api.Credentials},
		"dropped": {func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, api.OutcomeUnknown},
		"empty":   {func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }, api.OutcomeUnknown},
		"cut": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "90")
			_, _ = io.WriteString(w, `{"status":`)
		}, api.OutcomeUnknown},
	} {
		url, lines := wire(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/status") { // a read before it: leaves a connection behind
				answerJSON(w, 200, `{"_id":"ds-1","status":"successful"}`)
				return
			}
			answer.do(w)
		})
		c := serve(t, nil).client(t, asAdmin, func(o *Options) { o.Host = url })
		for call, act := range changers(t.Context(), c) {
			c.breaker = &breaker{}
			if _, err := c.PublishStatus(t.Context()); err != nil && name != "429" {
				t.Fatal(err)
			}
			before := len(lines())
			err := act.do()
			if sent := len(lines()) - before; sent > 1 || sent == 0 && name != "429" || api.KindOf(err) != answer.kind {
				t.Errorf("%s, %s: %v after %d requests", call, name, err, sent)
			}
		}
	}
}

// The network for changes can repeat nothing: each request has a connection of
// its own, and no body can be had again.
func TestNothingToRepeatWith(t *testing.T) {
	c := serve(t, nil).client(t, asAdmin)
	for _, base := range []http.RoundTripper{nil, &http.Transport{ForceAttemptHTTP2: true}} {
		n, ok := unrepeating(base, c.transport).(*http.Transport)
		if !ok || !n.DisableKeepAlives || n.ForceAttemptHTTP2 || n.TLSNextProto == nil || n.Protocols.HTTP2() {
			t.Errorf("%+v", n)
		}
	}
	for name := range changers(t.Context(), c) {
		e, _ := api.EndpointNamed(name)
		a := &ask{endpoint: e, path: "/x", body: []byte("{}")}
		if name == api.UploadFile {
			a.body = nil
			a.file, _ = newForm(api.Upload{Name: "a", Extension: "json", Size: 1, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("1")), nil }})
		}
		r, err := c.request(t.Context(), a, hidden{"t"})
		if err != nil || r.GetBody != nil || r.ContentLength <= 0 || c.through(e) != c.once {
			t.Errorf("%s: %v, %+v", name, err, r)
		}
	}
}

// ones is a file of n bytes that exists nowhere.
type ones struct{ n int64 }

func (o *ones) Read(p []byte) (int, error) {
	if o.n <= 0 {
		return 0, io.EOF
	}
	k := min(int64(len(p)), o.n)
	for i := range p[:k] {
		p[i] = '1'
	}
	o.n -= k
	return int(k), nil
}

func (o *ones) Close() error { return nil }

func TestALargeFileIsNeverWholeInMemory(t *testing.T) {
	const size = 96 << 20
	var got int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ = io.Copy(io.Discard, r.Body)
		answerJSON(w, 200, `{"fileID":"68f20a1c00000000000000b1"}`)
	}))
	defer s.Close()
	c := serve(t, nil).client(t, asAdmin, func(o *Options) { o.Host = s.URL })
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	id, err := c.Upload(t.Context(), api.Upload{Name: "big.json", Extension: "json", Size: size, Open: func() (io.ReadCloser, error) {
		return &ones{size + 5}, nil // it grew meanwhile
	}})
	runtime.ReadMemStats(&after)
	if err != nil || id == "" || got < size || got > size+1000 {
		t.Fatalf("%q, %v after %d bytes", id, err, got)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("%d bytes were allocated for a file of %d", grown, size)
	}
	_, err = c.Upload(t.Context(), api.Upload{Name: "big.json", Extension: "json", Size: 100, Open: func() (io.ReadCloser, error) {
		return &ones{7}, nil // it shrank
	}})
	if api.KindOf(err) != api.OutcomeUnknown {
		t.Errorf("a file that shrank: %v", err)
	}
}

// A publish's answer holds whole definitions: nothing of a part's result but its
// name is kept.
func TestAPublishKeepsNoDefinitions(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) {
		answerJSON(w, 200, `[{"resourceType":"dialog","resourceId":"dg-1","status":"SUCCESS","result":{"name":"Pay","publishedOn":"2025-10-17T09:10:00.237Z","script":"EXAMPLE-NOT-A-REAL-SECRET="}}]`)
	})
	is, err := s.client(t, asAdmin).Publish(t.Context(), api.PublishStart{Comment: "x"})
	if err != nil || len(is.Parts) != 1 || is.Parts[0].Name != "Pay" || is.Started.IsZero() {
		t.Fatalf("%+v, %v", is, err)
	}
	if b, _ := json.Marshal(is); strings.Contains(string(b), "NOT-A-REAL") {
		t.Errorf("%s", b)
	}
}

// The signed address of an export is used on the platform's own host only, and
// told to nobody.
func TestAnExportFromElsewhereIsNotFetched(t *testing.T) {
	const signed = "https://elsewhere.example.test/file?s=EXAMPLE-NOT-A-REAL-SIGNATURE"
	for address, want := range map[string]api.Kind{
		signed: api.Redirected, "": api.Unreadable, "/file?s=EXAMPLE-NOT-A-REAL-SIGNATURE": api.Unavailable,
		"file:///etc/passwd": api.Redirected, "http://user:pw@127.0.0.1/": api.Redirected,
	} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request, _ asked) {
			if strings.HasPrefix(r.URL.Path, "/file") {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			answerJSON(w, 200, `{"_id":"ber-1","status":"success","downloadURL":"`+address+`"}`)
		})
		_, err := s.client(t, asAdmin).SaveExport(t.Context(), io.Discard)
		if api.KindOf(err) != want || strings.Contains(sinks(err), "NOT-A-REAL") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestUsersOfAnErasure(t *testing.T) {
	users := []api.UserID{"u-1", "u-2"}
	for body, want := range map[string]struct {
		state api.JobState
		parts int
	}{
		`{"_id":"eud-1"}`: {api.JobRunning, 2},
		`{"_id":"eud-1","response":[{"userId":"u-1","status":"SUCCESS"}]}`:                                         {api.JobRunning, 2},
		`{"_id":"eud-1","response":[{"userId":"u-1","status":"SUCCESS"},{"userId":"u-2","status":"SUCCESS"}]}`:     {api.JobSucceeded, 2},
		`{"_id":"eud-1","response":[{"userId":"u-1","status":"SUCCESS"},{"userId":"u-2","status":"FAILED"}]}`:      {api.JobFailed, 2},
		`{"_id":"eud-1","response":[{"userId":"u-1","status":"SUCCESS"},{"userId":"u-2","status":"WAITING"}]}`:     {api.JobRunning, 2},
		`{"_id":"eud-1","response":[{"userId":"other-1","status":"SUCCESS"},{"userId":"b","status":"SUCCESS"}]}`:   {api.JobSucceeded, 2},
		`{"_id":"eud-1","status":"SUCCESS","response":[]}`:                                                         {api.JobRunning, 2},
		`{"_id":"eud-1","response":[{"userId":"u-2","status":"in-progress"},{"userId":"u-1","status":"SUCCESS"}]}`: {api.JobRunning, 2},
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, body) })
		is, err := s.client(t, asAdmin).EraseStatus(t.Context(), "eud-1", users)
		if err != nil || is.State != want.state || len(is.Parts) != want.parts {
			t.Errorf("%s: %+v, %v", body, is, err)
		}
	}
	var e *api.Error
	s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ asked) { answerJSON(w, 200, `{"payload":"x"}`) })
	if _, err := s.client(t, asAdmin).EraseStatus(t.Context(), "eud-1", users); !errors.As(err, &e) || e.Kind != api.Encrypted {
		t.Errorf("%v", err)
	}
}
