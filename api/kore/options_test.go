package kore

import (
	"context"
	"errors"
	"testing"

	"korescope/api"
)

func TestHostsAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"platform.example.test", "https://platform.example.test"},
		{"https://platform.example.test/", "https://platform.example.test"},
		{"HTTPS://Platform.Example.Test:443", "https://platform.example.test"},
		{" platform.example.test:8443/ ", "https://platform.example.test:8443"},
		{"http://127.0.0.1:8177", "http://127.0.0.1:8177"},
		{"http://localhost", "http://localhost"},
		{"http://[::1]:9", "http://[::1]:9"},
		{"", ""},
		{"http://platform.example.test", ""},
		{"http://127.0.0.1.example.test", ""},
		{"http://localhost.example.test", ""},
		{"ftp://platform.example.test", ""},
		{"https://user:pass@platform.example.test", ""},
		{"https://user@127.0.0.1", ""},
		{"https://platform.example.test/api", ""},
		{"https://platform.example.test?x=1", ""},
		{"https://platform.example.test#x", ""},
		{"https://platform.example.test:0", ""},
		{"https://platform.example.test:99999", ""},
		{"https://platform.example.test:", ""},
		{"https://platform.example.test.", ""},
		{"https://pl\u0430tform.example.test", ""}, // a Cyrillic letter
		{"https://[fe80::1%25eth0]", ""},
		{"https://", ""},
		{"https:// x", ""},
	} {
		at, err := parseHost(c.in)
		switch {
		case c.want == "" && api.KindOf(err) != api.Misuse:
			t.Errorf("%q: accepted as %v (%v)", c.in, at, err)
		case c.want != "" && (err != nil || at.String() != c.want):
			t.Errorf("%q: %v %v, want %s", c.in, at, err, c.want)
		}
	}
}

func TestCredentialsAreCheckedBeforeAnythingIsSent(t *testing.T) {
	good := func() Options {
		return Options{Host: "platform.example.test", Credentials: Credentials{
			ClientID: stubClient, Bot: stubBot, Secret: func(context.Context) (string, error) { return stubSecret, nil },
		}}
	}
	if _, err := New(good()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Options){
		"no host":                func(o *Options) { o.Host = "" },
		"no client":              func(o *Options) { o.ClientID = "" },
		"no bot":                 func(o *Options) { o.Bot = "" },
		"swapped":                func(o *Options) { o.ClientID, o.Bot = string(stubBot), stubClient },
		"bot in place of client": func(o *Options) { o.ClientID = string(stubBot) },
		"client in place of bot": func(o *Options) { o.Bot = stubClient },
		"a path in the bot":      func(o *Options) { o.Bot = "st-1/../../x" },
		"a blank in the bot":     func(o *Options) { o.Bot = "st-1 2" },
		"an escape in the bot":   func(o *Options) { o.Bot = "st-\x1b[2J" },
		"no secret":              func(o *Options) { o.Secret = nil },
	} {
		o := good()
		spoil(&o)
		_, err := New(o)
		var e *api.Error
		if !errors.As(err, &e) || e.Kind != api.Misuse {
			t.Errorf("%s: %v", name, err)
		}
	}
	admin := good()
	admin.Bot, admin.Admin = "", true
	if _, err := New(admin); err != nil {
		t.Errorf("an admin app needs no bot: %v", err)
	}
}
