package views

import (
	"encoding/json"
	"testing"

	"korescope/api"
)

func TestStrictMasksNamesToo(t *testing.T) {
	const sent = `{"pat@example.test":1,"phone":491512345678,"n":491512345678,"order":{"49151 2345678":"x"}}`
	m := masker(t)
	for name, tt := range map[string]struct{ got, want string }{
		"usual":  {string(m.JSON(json.RawMessage(sent))), `{"pat@example.test":1,"phone":"•••78","n":491512345678,"order":{"49151 2345678":"x"}}`},
		"strict": {string(m.Strict().JSON(json.RawMessage(sent))), `{"p…@example.test":1,"phone":"•••78","n":491512345678,"order":{"•••78":"x"}}`},
		"tag": {m.Strict().Session(api.Session{
			SessionTags: []api.Tag{{Name: "pat@example.test", Value: json.RawMessage("1")}},
		}).SessionTags[0].Name, "p…@example.test"},
		"usual words":  {m.Call(api.LLMCall{Description: "pat@example.test"}).Description, "pat@example.test"},
		"strict words": {m.Strict().Call(api.LLMCall{Description: "pat@example.test"}).Description, "p…@example.test"},
		"channel":      {m.Strict().Message(api.Message{Channel: "+49 151 2345678"}).Channel, "•••78"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", name, tt.got, tt.want)
		}
	}
}

// A character that nobody sees does not hide a number from the mask.
func TestNothingUnseenHidesFromTheMask(t *testing.T) {
	m := masker(t)
	for given, want := range map[string]string{
		"call +49\u200b151\u20602345678":   "call •••78",
		"pat\u200d@exam\u00adple.test":     "p…@example.test",
		"4111\x1b1111\u009b1111\u202e1111": "•••11",
		"plain \u200btext stays":           "plain \u200btext stays",
		"tab\tand\nline 1234567":           "tab\tand\nline •••67",
	} {
		if got := m.Text(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
