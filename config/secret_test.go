package config

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"pgregory.net/rapid"
)

// holder has a secret in every place a struct can have one.
type holder struct {
	Open   Secret
	closed Secret
	Ptr    *Secret
	List   []Secret
	ByName map[string]Secret
	Any    any
	P      Profile
}

func sinks(t interface{ Fatal(...any) }, secret string) map[string]string {
	s := Hide(secret)
	h := holder{Open: s, closed: s, Ptr: &s, List: []Secret{s}, ByName: map[string]Secret{"a": s}, Any: s}
	h.P = Profile{Name: "p", Secret: InlineSecret(s)}
	h.P.Secret.keeper = &keeper{kept: &s}
	out := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10.3s", "%t", "%U"} {
		out["secret "+verb] = fmt.Sprintf(verb, s)
		out["pointer "+verb] = fmt.Sprintf(verb, &s)
		out["struct "+verb] = fmt.Sprintf(verb, h)
		out["struct pointer "+verb] = fmt.Sprintf(verb, &h)
		out["profile "+verb] = fmt.Sprintf(verb, h.P)
		out["list "+verb] = fmt.Sprintf(verb, []any{s, h.P.Secret})
	}
	asJSON, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	type Element struct{ S Secret }
	asXML, err := xml.Marshal(Element{s})
	if err != nil {
		t.Fatal(err)
	}
	asTOML, err := toml.Marshal(struct{ S Secret }{s})
	if err != nil {
		t.Fatal(err)
	}
	out["json"], out["xml"], out["toml"] = string(asJSON), string(asXML), string(asTOML)
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var b bytes.Buffer
		slog.New(handler(&b)).Info("x", "secret", s, "holder", h, "profile", h.P, slog.Group("g", "s", s))
		out[name] = b.String()
	}
	out["error"] = fmt.Errorf("with %v: %w", s, errors.New(fmt.Sprint(h))).Error()
	out["ref"] = h.P.Secret.String()
	return out
}

func TestSecretIsDotsInEverySink(t *testing.T) {
	const secret = "canary-7d1f-canary"
	for sink, text := range sinks(t, secret) {
		if strings.Contains(text, "canary") || strings.Contains(text, fmt.Sprintf("%x", "canary")) {
			t.Errorf("%s: %s", sink, text)
		}
	}
	if got := fmt.Sprint(Hide(secret)); got != dots {
		t.Errorf("printed as %q", got)
	}
	if Hide(secret).Reveal() != secret || !(Secret{}).Empty() || Hide(secret).Empty() {
		t.Error("the secret is lost")
	}
}

func TestRandomSecretsNeverShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Za-z0-9+/=]{24,44}`).Draw(t, "secret")
		for sink, text := range sinks(t, secret) {
			if strings.Contains(text, secret) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", secret)) {
				t.Fatalf("%s: %s", sink, text)
			}
		}
	})
}

func TestUsable(t *testing.T) {
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{"", false}, {"1234567", false}, {"12345678", true}, {"with\nnewline", false}, {"with\x00zero", false}, {"QmFzZTY0Pz8/Pz8/Pz8/Pw==", true},
	} {
		s, err := usable(c.text)
		if (err == nil) != c.ok || c.ok && s.Reveal() != c.text {
			t.Errorf("%q: %v", c.text, err)
		}
		if err != nil && c.text != "" && strings.Contains(err.Error(), c.text) {
			t.Errorf("%q is repeated: %v", c.text, err)
		}
	}
}

func TestFirstLine(t *testing.T) {
	for text, want := range map[string]string{
		"abc": "abc", "abc\n": "abc", "abc\r\n": "abc", "abc\nuser: x\n": "abc", "  abc \n": "abc", "\nabc": "", "\ufeffabc\n": "abc", "": "",
	} {
		if got := firstLine(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
