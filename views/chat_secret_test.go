package views_test

import (
	"encoding/json"
	"testing"

	"korescope/api"
	"korescope/views"
)

// Custom integrations put keys beside the prompt; the settings of a call show
// them as little as the tree does.
func TestSettingsHideSecrets(t *testing.T) {
	request := json.RawMessage(`{"prompt":"hello","model":"m","apiKey":"k-123","client_secret":"s-456","max_tokens":200}`)
	chat := views.ReadChat(api.LLMCall{Request: request})
	for name, want := range map[string]string{"model": `m`, "max_tokens": "200", "apiKey": "•••", "client_secret": "•••"} {
		if got := chat.Settings[name]; got != want {
			t.Errorf("%s is shown as %q, want %q", name, got, want)
		}
	}
}
