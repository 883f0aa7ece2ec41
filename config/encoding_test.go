package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

const plainFile = "default_profile = \"a\"\n[profiles.a]\nhost = \"http://127.0.0.1:9\"\nbot_id = \"st-1\"\nclient_id = \"cs-1\"\nclient_secret = \"0123456789abcdef\"\n"

// wide is text as UTF-16 bytes.
func wide(s string, mark, big bool) string {
	var out []byte
	units := utf16.Encode([]rune(s))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	for _, u := range units {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return string(out)
}

// A file from another editor is read where it means the same, and named by what
// is wrong with it where it does not.
func TestFilesFromOtherEditors(t *testing.T) {
	for name, tt := range map[string]struct{ text, says string }{
		"mark":              {"\ufeff" + plainFile, ""},
		"mark and CRLF":     {"\ufeff" + strings.ReplaceAll(plainFile, "\n", "\r\n"), ""},
		"mark and comment":  {"\ufeff# hello\n" + plainFile, ""},
		"CRLF":              {strings.ReplaceAll(plainFile, "\n", "\r\n"), ""},
		"utf-16 little":     {wide(plainFile, true, false), "this file is UTF-16; save it as UTF-8"},
		"utf-16 big":        {wide(plainFile, true, true), "this file is UTF-16; save it as UTF-8"},
		"utf-16 unmarked":   {wide(plainFile, false, false), "save it as UTF-8"},
		"smart quotes":      {strings.Replace(plainFile, `"st-1"`, "\u201cst-1\u201d", 1), "config.toml:4: this is not TOML: U+201C, a typographic quotation mark"},
		"german quotes":     {strings.Replace(plainFile, `"cs-1"`, "\u201ecs-1\u201c", 1), "config.toml:5: this is not TOML: U+201E, a typographic quotation mark"},
		"smart apostrophe":  {strings.Replace(plainFile, `"st-1"`, "\u2018st-1\u2019", 1), "U+2018, a typographic apostrophe"},
		"no-break space":    {strings.Replace(plainFile, "profile =", "profile\u00a0=", 1), "config.toml:1: this is not TOML: U+00A0, a no-break space"},
		"space before":      {strings.Replace(plainFile, "= \"st-1\"", "=\u00a0\"st-1\"", 1), "U+00A0, a no-break space"},
		"zero width":        {strings.Replace(plainFile, "bot_id", "\u200bbot_id", 1), "U+200B, which nobody sees"},
		"en dash":           {strings.Replace(plainFile, "bot_id", "bot\u2013id", 1), "U+2013, a dash"},
		"second mark":       {strings.Replace(plainFile, "bot_id", "\ufeffbot_id", 1), "U+FEFF, which nobody sees"},
		"letter":            {strings.Replace(plainFile, "bot_id", "böt_id", 1), "U+00F6 (ö)"},
		"Latin-1":           {strings.Replace(plainFile, "bot_id", "b\xf6t_id", 1), "the byte 0xF6 is not UTF-8"},
		"Latin-1, a remark": {"# gr\xfc\xdfe\n" + plainFile, "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			file := writeConfig(t, tt.text, 0o600)
			_, p, issues := Load(t.Context(), sources(t, file, Flags{}, nil))
			switch {
			case tt.says == "" && (len(issues) > 0 || p.BotID != "st-1"):
				t.Errorf("%v, %+v", issues, p)
			case tt.says != "" && (issues.Err() == nil || !strings.Contains(issues.Error(), tt.says)):
				t.Errorf("%v, want %s", issues, tt.says)
			case strings.Contains(issues.Error(), "U+00E2"):
				t.Errorf("names a byte: %v", issues)
			}
		})
	}
}

func TestTheEnvironmentAllowsTests(t *testing.T) {
	file := writeConfig(t, plainFile, 0o600)
	denied := writeConfig(t, plainFile+"allow_tests = true\n", 0o600)
	for _, tt := range []struct {
		file, word string
		want       bool
		says       string
	}{
		{file, "", false, ""},
		{file, "true", true, ""},
		{file, "1", true, ""},
		{denied, "false", false, ""},
		{denied, "", true, ""},
		{file, "yes please", false, "KORESCOPE_ALLOW_TESTS: is true or false"},
	} {
		_, p, issues := Load(t.Context(), sources(t, tt.file, Flags{}, map[string]string{envAllowTests: tt.word}))
		if p.AllowTests != tt.want || (issues.Err() != nil) != (tt.says != "") || !strings.Contains(issues.Error(), tt.says) {
			t.Errorf("%q: %v, %v", tt.word, p.AllowTests, issues)
		}
	}
}

func TestTheFileOfCertificatesHasToBeThere(t *testing.T) {
	dir := tempDir(t)
	there := filepath.Join(dir, "there.pem")
	if err := os.WriteFile(there, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{
		there: "", filepath.Join(dir, "gone.pem"): "profiles.a.ca_file: there is no file", dir: "ca_file: " + dir + " is not a regular file",
	} {
		_, _, issues := Load(t.Context(), sources(t, writeConfig(t, plainFile+"ca_file = \""+path+"\"\n", 0o600), Flags{}, nil))
		if (issues.Err() != nil) != (says != "") || !strings.Contains(issues.Error(), says) {
			t.Errorf("%s: %v", path, issues)
		}
	}
}

// A program of somebody else's, or that others may change, is not run: whether it
// is named by path or found, the program itself or a script that it is given.
func TestAHelperOthersMayChangeIsNotRun(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(path string) error
		says  string
	}{
		"mine alone":       {func(p string) error { return os.Chmod(p, 0o700) }, ""},
		"readable":         {func(p string) error { return os.Chmod(p, 0o755) }, ""},
		"for all":          {func(p string) error { return os.Chmod(p, 0o702) }, "others may write"},
		"open":             {func(p string) error { return os.Chmod(p, 0o777) }, "others may write"},
		"a folder for all": {func(p string) error { return os.Chmod(filepath.Dir(p), 0o777) }, "others may change the folder"},
		"a shared folder":  {func(p string) error { return os.Chmod(filepath.Dir(p), 0o777|os.ModeSticky) }, ""},
		"another's group":  {func(p string) error { return errors.Join(os.Chown(p, -1, 12345), os.Chmod(p, 0o775)) }, "others may write"},
		"somebody else's":  {func(p string) error { return os.Chown(p, 12345, 12345) }, "belongs to another user"},
	} {
		for _, argv := range [][]string{{helper(t, "echo "+printed)}, {"/bin/sh", helper(t, "echo "+printed)}} {
			if err := c.spoil(argv[len(argv)-1]); errors.Is(err, fs.ErrPermission) {
				continue // only root gives files away
			} else if err != nil {
				t.Fatal(err)
			}
			_, err := command{what: FromCommand, argv: argv, env: os.Environ(), limit: 20 * time.Second}.run(t.Context())
			if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s, %q: %v", name, argv, err)
			}
		}
	}
}

// What is cut would be another secret.
func TestAHugeSecretFileIsRefused(t *testing.T) {
	for size, ok := range map[int]bool{64 << 10: true, 64<<10 + 1: false, 1 << 20: false} {
		path := filepath.Join(tempDir(t), "secret")
		if err := os.WriteFile(path, []byte(strings.Repeat("s", size)), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := newGuard().secret(path)
		if (err == nil) != ok || ok && len(s.Reveal()) != size {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}
