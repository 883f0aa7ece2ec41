package config

import (
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

// A program that everybody may change is not run, whether named by path or found.
func TestAHelperOthersMayWriteIsNotRun(t *testing.T) {
	path := helper(t, "echo "+printed)
	for mode, ok := range map[os.FileMode]bool{0o700: true, 0o755: true, 0o702: false, 0o777: false} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := command{argv: []string{path}, env: os.Environ(), limit: 20 * time.Second}.run(t.Context())
		if (err == nil) != ok || !ok && !strings.Contains(err.Error(), "others may write") {
			t.Errorf("%04o: %v", mode, err)
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
