package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"korescope/views"
)

// decodeOTLP reads a document as the protocol wants it: no member beside those of
// the protocol, ids of the right length in hex, numbers of 64 bits as strings,
// one kind of value in each attribute.
func decodeOTLP(t *testing.T, data string) []otlpSpan {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(data))
	dec.DisallowUnknownFields()
	var r otlpRequest
	if err := dec.Decode(&r); err != nil {
		t.Fatal(err)
	}
	if len(r.ResourceSpans) != 1 || len(r.ResourceSpans[0].ScopeSpans) != 1 {
		t.Fatalf("%d resources", len(r.ResourceSpans))
	}
	spans := r.ResourceSpans[0].ScopeSpans[0].Spans
	traceID, spanID := regexp.MustCompile(`^[0-9a-f]{32}$`), regexp.MustCompile(`^[0-9a-f]{16}$`)
	seen := map[string]bool{}
	for _, s := range spans {
		start, err1 := strconv.ParseUint(s.Start, 10, 64)
		end, err2 := strconv.ParseUint(s.End, 10, 64)
		if !traceID.MatchString(s.TraceID) || !spanID.MatchString(s.SpanID) || seen[s.TraceID+s.SpanID] || s.Name == "" ||
			s.Kind < 1 || s.Kind > 5 || err1 != nil || err2 != nil || end < start {
			t.Errorf("the span %+v", s)
		}
		if s.ParentID != "" && !seen[s.TraceID+s.ParentID] {
			t.Errorf("%s stands before its parent", s.Name)
		}
		seen[s.TraceID+s.SpanID] = true
		for _, a := range s.Attributes {
			n := 0
			for _, is := range []bool{a.Value.String != nil, a.Value.Int != nil, a.Value.Bool != nil, a.Value.Array != nil} {
				if is {
					n++
				}
			}
			if a.Key == "" || n != 1 {
				t.Errorf("the attribute %+v has %d values", a, n)
			}
		}
	}
	return spans
}

func attribute(s otlpSpan, key string) string {
	for _, a := range s.Attributes {
		if a.Key == key && a.Value.String != nil {
			return *a.Value.String
		}
	}
	return ""
}

// The spans of a session are the rows of its time line, in their order.
func TestTracesEqualTheTimeLine(t *testing.T) {
	stage(t, "", nil)
	ids := sessionIDsOf(t, 2)[:2]
	spans := decodeOTLP(t, succeed(t, "export", ids[0], ids[1], "--format", "otlp", "--no-mask"))
	at := map[string][]otlpSpan{}
	for _, s := range spans {
		at[s.TraceID] = append(at[s.TraceID], s)
	}
	if len(at) != 2 {
		t.Fatalf("%d traces", len(at))
	}
	for _, id := range ids {
		var want []string
		want = append(want, strings.Fields(succeed(t, "timeline", id, "--jq", `.[] | select(.kind == "message" or .kind == "llm") | .kind`))...)
		var got []string
		for _, tree := range at {
			if attribute(tree[0], "gen_ai.conversation.id") != id {
				continue
			}
			for _, s := range tree[1:] {
				kind := "message"
				if attribute(s, "gen_ai.operation.name") == "chat" {
					kind = "llm"
				}
				got = append(got, kind)
				if s.ParentID != tree[0].SpanID || s.Start < tree[0].Start || s.End > tree[0].End && len(s.End) == len(tree[0].End) {
					t.Errorf("%s lies outside its session", s.Name)
				}
			}
		}
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: spans %v, time line %v", id, got, want)
		}
	}
}

func TestDocuments(t *testing.T) {
	stage(t, "", nil)
	id := sessionIDsOf(t, 1)[0]
	md := succeed(t, "export", id, "--format", "md")
	for _, want := range []string{"# Case file", "## " + id, "- containmentType: ", "**WHY** "} {
		if !strings.Contains(md, want) {
			t.Errorf("the document lacks %q:\n%s", want, md)
		}
	}
	var doc map[string]any
	if err := json.Unmarshal([]byte(succeed(t, "export", id, "--format", "json")), &doc); err != nil {
		t.Fatal(err)
	}
	if doc["masked"] != true || len(doc["sessions"].([]any)) != 1 || len(doc["messages"].([]any)) == 0 || doc["why"].(map[string]any)[id] == "" {
		t.Errorf("the document is %v", doc)
	}
	to := filepath.Join(t.TempDir(), "traces")
	if out := succeed(t, "export", id, "--format", "otlp", "--to", to); out != "" {
		t.Errorf("stdout got %q", out)
	}
	data, err := os.ReadFile(filepath.Join(to, "traces.otlp.json"))
	if err != nil || len(decodeOTLP(t, string(data))) < 2 {
		t.Errorf("%v", err)
	}
	manifest, err := os.ReadFile(filepath.Join(to, manifestFile))
	if err != nil || !bytes.Contains(manifest, []byte("traces.otlp.json")) {
		t.Errorf("the manifest is %s, %v", manifest, err)
	}
	for _, wrong := range [][]string{{"--format", "xml"}, {"--format", "case"}, {}} {
		if _, _, code := run(t, append([]string{"export", id}, wrong...)...); code != views.ExitUsage {
			t.Errorf("%v: left with %d", wrong, code)
		}
	}
}
