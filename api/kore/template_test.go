package kore

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"korescope/api"
)

var renewTemplates = flag.Bool("templates", false, "write the table of templates anew")

// TestTemplates reads one message of each kind of template, Kore's own and those
// of channels. -templates writes what is read now back into the table, to be
// looked at.
func TestTemplates(t *testing.T) {
	const path = "testdata/templates.json"
	type row struct {
		Name    string          `json:"name"`
		Doc     string          `json:"doc"`
		Kind    api.MessageKind `json:"kind"`
		Is      string          `json:"template"`
		Text    []string        `json:"text"`
		Options []string        `json:"options"`
		More    int             `json:"more"`
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var table []row
	if err := json.Unmarshal(b, &table); err != nil {
		t.Fatal(err)
	}
	if len(table) < 40 {
		t.Errorf("the table holds %d templates", len(table))
	}
	for i, want := range table {
		m := decodeMessage(saying("outgoing", want.Doc))
		if shown := m.Text + strings.Join(titles(m), " "); strings.Contains(shown, "SECRETHASH") {
			t.Errorf("%s: the token of a link is shown: %s", want.Name, shown)
		}
		got := row{want.Name, want.Doc, m.Kind, m.Template, strings.Split(m.Text, "\n"), nil, m.More}
		for _, o := range m.Options {
			got.Options = append(got.Options, o.Title)
		}
		if *renewTemplates {
			table[i] = got
			continue
		}
		if got.Kind != want.Kind || got.Is != want.Is || got.More != want.More || !slices.Equal(got.Text, want.Text) || !slices.Equal(got.Options, want.Options) {
			t.Errorf("%s: got\n%+v, want\n%+v", want.Name, got, want)
		}
		// The same in whatever component it comes, as an object and as a string.
		for _, form := range []string{
			`{"cT":"template","data":{"text":` + string(mustText(want.Doc)) + `}}`,
			`{"cT":"text","data":{"text":` + want.Doc + `}}`,
			`{"cT":"whatever","data":` + string(mustText(`{"text":`+string(mustText(want.Doc))+`}`)) + `}`,
		} {
			again := decodeMessage(json.RawMessage(`{"_id":"a","type":"outgoing","components":` + form + `}`))
			if again.Text != m.Text || again.Template != m.Template || len(again.Options) != len(m.Options) {
				t.Errorf("%s in %.40s: %q, want %q", want.Name, form, again.Text, m.Text)
			}
		}
	}
	if *renewTemplates {
		b, err := json.MarshalIndent(table, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(b, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
