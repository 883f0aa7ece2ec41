package config

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed template.toml
var template string

// Template is the commented file that `config init` starts from: every setting
// with its default or an example, all of them commented out.
func Template() string { return template }

// Write makes a config file with one profile, which becomes the default one, and
// the rest of the template as comments. The folder is made 0700 and the file
// 0600; the file appears whole or not at all, and one that exists is never
// touched. A profile that would not be read back is refused with [Issues].
func Write(path string, p Profile) error {
	text := fill(p)
	d := newDraft(Sources{}.filled())
	d.config.File = path
	d.read([]byte(text))
	if err := d.issues.sorted().Err(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the folder of the config file: %w", err)
	}
	if err := create(path, text); err != nil {
		return fmt.Errorf("write the config file: %w", err)
	}
	return nil
}

// fill puts the profile into the template, in front of its commented examples.
func fill(p Profile) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			b.WriteString(name + " = " + tomlString(value) + "\n")
		}
	}
	b.WriteString("[" + dotted([]string{"profiles", p.Name}) + "]\n")
	line("host", p.Host)
	line("bot_id", p.BotID)
	line("client_id", p.ClientID)
	switch p.Secret.Source {
	case FromCommand:
		argv := make([]string, len(p.Secret.Command))
		for i, a := range p.Secret.Command {
			argv[i] = tomlString(a)
		}
		b.WriteString(string(FromCommand) + " = [" + strings.Join(argv, ", ") + "]\n")
	case FromFile:
		line(string(FromFile), p.Secret.File)
	case FromEnv:
		line(string(FromEnv), p.Secret.Env)
	case Inline:
		line(string(Inline), p.Secret.inline.Reveal())
	}
	line("scope", string(p.Scope))
	if p.Timezone != nil {
		line("timezone", p.Timezone.String())
	}
	if p.Mask != nil {
		b.WriteString("mask = " + strconv.FormatBool(*p.Mask) + "\n")
	}
	if p.AllowTests {
		b.WriteString("allow_tests = true\n")
	}
	if p.AllowWrites {
		b.WriteString("allow_writes = true\n")
	}
	text := strings.Replace(template, "# default_profile = \"main\"\n", "default_profile = "+tomlString(p.Name)+"\n", 1)
	return strings.Replace(text, "# [profiles.main]\n", b.String(), 1)
}

// tomlString is a basic string: one line, with everything unusual escaped.
func tomlString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString("\\" + string(r))
		case !strconv.IsPrint(r):
			fmt.Fprintf(&b, "\\U%08X", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// create writes beside the target and gives it its name last. A link fails when
// the name is taken, where a rename would replace what is there.
func create(path, text string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".config-*.toml") // made O_EXCL and 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	err = os.Link(f.Name(), path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return createAlone(path, text) // a file system without links
}

func createAlone(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path)) // ours: O_EXCL made it
	}
	return nil
}
