package config

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Each case builds its place in a fresh folder and names the file to open.
func TestSecretFileIsTakenOrRefused(t *testing.T) {
	const me, other, staff = 4242, 4343, 50
	cases := []struct {
		name  string
		build func(b *builder) string
		want  string // part of the refusal, "" when it is taken
	}{
		{"mode 0600", func(b *builder) string { return b.file("s", 0o600) }, ""},
		{"mode 0400", func(b *builder) string { return b.file("s", 0o400) }, ""},
		{"mode 0700", func(b *builder) string { return b.file("s", 0o700) }, ""},
		{"mode 0640", func(b *builder) string { return b.file("s", 0o640) }, "chmod 600 DIR/s"},
		{"mode 0604", func(b *builder) string { return b.file("s", 0o604) }, "chmod 600 DIR/s"},
		{"mode 0620", func(b *builder) string { return b.file("s", 0o620) }, "chmod 600 DIR/s"},
		{"mode 0602", func(b *builder) string { return b.file("s", 0o602) }, "chmod 600 DIR/s"},
		{"mode 0610", func(b *builder) string { return b.file("s", 0o610) }, "chmod 600 DIR/s"},
		{"mode 0666", func(b *builder) string { return b.file("s", 0o666) }, "chmod 600 DIR/s"},
		{"blank and quote in the name", func(b *builder) string { return b.file("my 'key'", 0o644) }, `chmod 600 'DIR/my '\''key'\'''`},
		{"owned by root", func(b *builder) string { b.owners["s"] = 0; return b.file("s", 0o600) }, ""},
		{"owned by another", func(b *builder) string { b.owners["s"] = other; return b.file("s", 0o600) }, "belongs to another user (uid 4343)"},
		{"link to a closed file", func(b *builder) string { return b.link("l", b.file("s", 0o600)) }, ""},
		{"link to an open file", func(b *builder) string { return b.link("l", b.file("s", 0o644)) }, "chmod 600 DIR/s"},
		{"link to a file of another", func(b *builder) string { b.owners["s"] = other; return b.link("l", b.file("s", 0o600)) }, "belongs to another"},
		{"link in a folder others may change", func(b *builder) string {
			l := b.link("open/l", b.file("s", 0o600))
			b.chmod("open", 0o777)
			return l
		}, "chmod go-w DIR/open"},
		{"link into a folder others may change", func(b *builder) string {
			l := b.link("l", b.file("open/s", 0o600))
			b.chmod("open", 0o777)
			return l
		}, "chmod go-w DIR/open"},
		{"link through a folder link", func(b *builder) string {
			b.file("real/s", 0o600)
			b.link("way", filepath.Join(b.dir, "real"))
			return filepath.Join(b.dir, "way", "s")
		}, ""},
		{"link to nothing", func(b *builder) string { return b.link("l", filepath.Join(b.dir, "gone")) }, "no such file"},
		{"no file", func(b *builder) string { return filepath.Join(b.dir, "s") }, "no such file"},
		{"a folder", func(b *builder) string { b.file("d/s", 0o600); return filepath.Join(b.dir, "d") }, "not a regular file"},
		{"a named pipe", func(b *builder) string { return b.pipe("p") }, "not a regular file"},
		{"folder 0755", func(b *builder) string { p := b.file("d/s", 0o600); b.chmod("d", 0o755); return p }, ""},
		{"folder 0775", func(b *builder) string { p := b.file("d/s", 0o600); b.chmod("d", 0o775); return p }, "chmod go-w DIR/d"},
		{"folder 0777", func(b *builder) string { p := b.file("d/s", 0o600); b.chmod("d", 0o777); return p }, "chmod go-w DIR/d"},
		{"folder 0775 of my own group", func(b *builder) string {
			b.ownGroup = true
			p := b.file("d/s", 0o600)
			b.chmod("d", 0o775)
			return p
		}, ""},
		{"folder 0777 of my own group", func(b *builder) string {
			b.ownGroup = true
			p := b.file("d/s", 0o600)
			b.chmod("d", 0o777)
			return p
		}, "chmod go-w DIR/d"},
		{"mode 0660 of my own group", func(b *builder) string { b.ownGroup = true; return b.file("s", 0o660) }, "chmod 600 DIR/s"},
		{"sticky folder", func(b *builder) string { p := b.file("d/s", 0o600); b.chmod("d", 0o777|fs.ModeSticky); return p }, ""},
		{"folder of another", func(b *builder) string { b.owners["d"] = other; return b.file("d/s", 0o600) }, "belongs to another user"},
		{"folder of root", func(b *builder) string { b.owners["d"] = 0; return b.file("d/s", 0o600) }, ""},
		{"folder above 0777", func(b *builder) string { p := b.file("d/e/s", 0o600); b.chmod("d", 0o777); return p }, "chmod go-w DIR/d"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir, err := filepath.EvalSymlinks(tempDir(t))
			if err != nil {
				t.Fatal(err)
			}
			b := &builder{t: t, dir: dir, owners: map[string]int{}}
			path := c.build(b)
			g := guard{uid: me, owner: func(fi fs.FileInfo) (uid, gid int) {
				if uid, said := b.owners[fi.Name()]; said {
					return uid, staff
				}
				if b.ownGroup {
					return me, me
				}
				return me, staff
			}}
			s, err := g.secret(path)
			want := strings.ReplaceAll(c.want, "DIR", dir)
			switch {
			case want == "" && (err != nil || s.Reveal() != inFile):
				t.Errorf("refused: %v", err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("%v; want %q", err, want)
			case err != nil && strings.Contains(err.Error(), inFile):
				t.Errorf("the secret is repeated: %v", err)
			}
		})
	}
}

const inFile = "canary-of-the-file"

type builder struct {
	t      *testing.T
	dir    string
	owners map[string]int // base name to owner; mine when absent

	ownGroup bool // every user has a group of his own
}

func (b *builder) fail(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *builder) file(name string, mode fs.FileMode) string {
	path := filepath.Join(b.dir, name)
	b.fail(os.MkdirAll(filepath.Dir(path), 0o700))
	b.fail(os.WriteFile(path, []byte(inFile+"\nnotes\n"), 0o600))
	b.fail(os.Chmod(path, mode))
	return path
}

func (b *builder) link(name, target string) string {
	path := filepath.Join(b.dir, name)
	b.fail(os.MkdirAll(filepath.Dir(path), 0o700))
	b.fail(os.Symlink(target, path))
	return path
}

func (b *builder) pipe(name string) string {
	path := filepath.Join(b.dir, name)
	b.fail(syscall.Mkfifo(path, 0o600))
	return path
}

func (b *builder) chmod(name string, mode fs.FileMode) {
	b.fail(os.Chmod(filepath.Join(b.dir, name), mode))
}

func TestOwnerOfRealFiles(t *testing.T) {
	path := filepath.Join(tempDir(t), "f")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fi, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := newGuard().owner(fi); got != os.Geteuid() {
		t.Errorf("owner %d, I am %d", got, os.Geteuid())
	}
}

func TestConfigFileOthersMayWriteIsRefused(t *testing.T) {
	const text = "others may write it"
	for _, c := range []struct {
		mode os.FileMode
		gid  int
		want string
	}{{0o644, 50, ""}, {0o600, 50, ""}, {0o664, 50, text}, {0o646, 50, text}, {0o664, 4242, ""}, {0o666, 4242, text}} {
		path := copyFixture(t, "good-minimal.toml", c.mode)
		_, _, err := readClosed(path, guard{uid: 4242, owner: func(fs.FileInfo) (uid, gid int) { return 4242, c.gid }})
		if c.want == "" && err != nil {
			t.Errorf("%04o: %v", c.mode, err)
		} else if c.want != "" {
			if got := refusal(path, "", err).String(); !strings.Contains(got, c.want) || !strings.Contains(got, "run: chmod go-w "+path) {
				t.Errorf("%04o: %s", c.mode, got)
			}
		}
	}
	path := copyFixture(t, "good-minimal.toml", 0o646)
	if got := Check(path, known()); len(got) != 1 || !strings.Contains(got[0].What, text) {
		t.Error(got)
	}
}

func TestInlineSecretNeedsAClosedFile(t *testing.T) {
	const text = "[profiles.a]\nclient_secret = \"canary-inline-canary\"\n"
	if got := Check(writeConfig(t, text, 0o600), known()); len(got) > 0 {
		t.Error(got)
	}
	got := Check(writeConfig(t, text, 0o640), known())
	if len(got) != 1 || got[0].Line != 2 || !strings.Contains(got[0].Hint, "chmod 600") {
		t.Error(got)
	}
}

func TestHugeFileIsRefused(t *testing.T) {
	path := writeConfig(t, strings.Repeat("# comment\n", largest/10+1), 0o600)
	got := Check(path, known())
	if len(got) != 1 || !strings.Contains(got[0].What, "larger than") {
		t.Error(got)
	}
}
