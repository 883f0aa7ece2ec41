package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"korescope/api"
	"korescope/cache"
	"korescope/ui/text"
	"korescope/views"
)

// definition is what a file says about the bot that it defines. The file's form
// is not documented, so this is what its outermost members say in plain words:
// names, ids of the platform's form, a version. Any of them may be missing.
type definition struct {
	names   []string
	ids     []string // st-...
	version string
}

// readDefinition reads a definition without holding it whole. What is no JSON
// throughout is an error.
func readDefinition(path string) (d definition, err error) {
	f, err := os.Open(path)
	if err != nil {
		return d, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	dec := json.NewDecoder(f)
	var at []string // names of the members that enclose this place; "" for a list
	key, isKey := "", false
	for {
		t, err := dec.Token()
		if errors.Is(err, io.EOF) {
			if len(at) > 0 {
				return d, io.ErrUnexpectedEOF
			}
			return d, nil
		}
		if err != nil {
			return d, err
		}
		inObject := len(at) > 0 && at[len(at)-1] != "["
		switch v := t.(type) {
		case json.Delim:
			switch v {
			case '{', '[':
				at = append(at, map[json.Delim]string{'{': "{" + key, '[': "["}[v])
				key, isKey = "", v == '{'
				continue
			}
			at = at[:len(at)-1]
			key = ""
		case string:
			if inObject && isKey {
				key, isKey = v, false
				continue
			}
			d.note(at, key, v)
		}
		isKey = len(at) > 0 && at[len(at)-1] != "["
	}
}

// note keeps a text that tells which bot it is.
func (d *definition) note(at []string, key, value string) {
	outermost := len(at) == 1
	locale := len(at) == 3 && at[1] == "{localeData"
	switch {
	case !outermost && !locale, value == "":
	case key == "name":
		if !slices.Contains(d.names, value) {
			d.names = append(d.names, value)
		}
	case outermost && strings.HasPrefix(value, "st-") && slices.Contains([]string{"_id", "streamId", "botId"}, key):
		d.ids = append(d.ids, value)
	case outermost && strings.EqualFold(key, "version"):
		d.version = value
	}
}

// isOther reports a definition that names another bot than b, by its id or, when
// it holds none, by its name. known is false when it names none, or when the
// name of b is not known.
func (d definition) isOther(b api.Bot) (other, known bool) {
	switch {
	case len(d.ids) > 0:
		return !slices.Contains(d.ids, string(b.ID)), true
	case len(d.names) > 0 && b.Name != "":
		return !slices.ContainsFunc(d.names, func(n string) bool { return strings.EqualFold(n, b.Name) }), true
	}
	return false, false
}

func (d definition) words() text.Safe {
	said := slices.Concat(d.names, d.ids)
	if len(said) == 0 {
		return text.Lit("names no bot")
	}
	out := text.Format("names %s", list(said))
	if d.version != "" {
		out = text.Format("%s, version %s", out, d.version)
	}
	return out
}

// fileUpload is a file of this machine as something to hand over. It is opened
// when it is sent.
func fileUpload(path string) (api.Upload, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return api.Upload{}, &views.UsageError{Text: text.Format("%s: %s", path, err).String(), Err: err}
	case !info.Mode().IsRegular():
		return api.Upload{}, views.Usage(text.Format("%s is not a file", path).String())
	case info.Size() == 0:
		return api.Upload{}, views.Usage(text.Format("%s is empty", path).String())
	}
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r == '"' || r == '\\' || r == 0x7f {
			return '_'
		}
		return r
	}, filepath.Base(path))
	extension := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	if extension == "" {
		return api.Upload{}, views.Usage(text.Format("%s has no extension, by which the platform knows its form", path).String())
	}
	return api.Upload{
		Name: name, Extension: extension, Size: info.Size(),
		Open: func() (io.ReadCloser, error) { return os.Open(path) },
	}, nil
}

// wholeJSON refuses a file that the platform could not read.
func wholeJSON(path string) (definition, error) {
	d, err := readDefinition(path)
	if err != nil {
		return d, &views.UsageError{Text: text.Format("%s is not JSON throughout: %s", path, err).String(), Err: err}
	}
	return d, nil
}

// saveDefinition keeps the bot's definition as it is before it is replaced: in
// the state folder, closed to others.
func (d *desk) saveDefinition(write func(io.Writer) error) (path string, err error) {
	if d.stateDir == "" {
		return "", errors.New("there is no state folder")
	}
	path = filepath.Join(d.stateDir, "definitions", fmt.Sprintf("%s-%s.export", fileName(d.profile.BotID), d.clock().UTC().Format("20060102T150405Z")))
	if err := cache.OwnFolder(d.stateDir); err != nil {
		return "", err
	}
	f, err := cache.MakeOwn(path)
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // a part of a file helps nobody
		}
	}()
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return "", err
	}
	return path, os.Rename(f.Name(), path)
}

// fileName keeps letters, digits and dashes of an id.
func fileName(id string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-':
			return r
		}
		return '_'
	}, id)
}
