package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"korescope/ui"
	"korescope/ui/text"
	"korescope/views"
)

// saved are places under a name, kept in the state folder for one profile: a
// line each, the profile, the name and the command that opens the place, with
// tabs between them. Nobody else can read the file.
type saved struct {
	dir     string // state folder; "" keeps nothing
	profile string
}

const (
	savedName = "places"
	// lastPlace is the name of the place where a dashboard was left. Nobody can
	// type it.
	lastPlace = "-"
	savedMost = 1 << 18 // bytes of the file
	// longestName and mostSaved bound what one profile may keep.
	longestName = 40
	mostSaved   = 200
)

func (d *desk) saved() saved { return saved{dir: d.stateDir, profile: d.profile.Name} }

func (s saved) read(name string) string { return s.all()[s.profile+"\t"+name] }

// names are those of the profile, sorted, without the one nobody gave.
func (s saved) names() []string {
	var out []string
	for key := range s.all() {
		if name, ours := strings.CutPrefix(key, s.profile+"\t"); ours && name != lastPlace {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// all gives what was kept. A file that cannot be read is none.
func (s saved) all() map[string]string {
	out := map[string]string{}
	if s.dir == "" {
		return out
	}
	f, err := os.OpenFile(filepath.Join(s.dir, savedName), os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return out
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > savedMost {
		return out
	}
	data := make([]byte, info.Size())
	if n, _ := f.ReadAt(data, 0); n < len(data) {
		return out
	}
	for line := range strings.Lines(string(data)) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 3)
		if len(parts) == 3 {
			out[parts[0]+"\t"+parts[1]] = parts[2]
		}
	}
	return out
}

// keep writes a place under a name; an empty place forgets it.
func (s saved) keep(name, place string) error {
	if s.dir == "" {
		return errors.New("there is no state folder to keep it in")
	}
	if strings.ContainsAny(place, "\t\n") || strings.ContainsAny(s.profile, "\t\n") {
		return errors.New("it cannot be written down")
	}
	all := s.all()
	all[s.profile+"\t"+name] = place
	if place == "" {
		delete(all, s.profile+"\t"+name)
	}
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(all)) {
		b.WriteString(key + "\t" + all[key] + "\n")
	}
	if b.Len() > savedMost {
		return errors.New("too much is kept already")
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("make the state folder: %w", err)
	}
	f, err := os.CreateTemp(s.dir, savedName+".*") // closed to others from the start
	if err != nil {
		return fmt.Errorf("keep the place: %w", err)
	}
	_, err = f.WriteString(b.String())
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(s.dir, savedName))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keep the place: %w", err), os.Remove(f.Name()))
	}
	return nil
}

// keepPlace keeps a place for the shell: where it was left, or under a name that
// a person gave. With a mask in force nothing is kept that the mask would change.
func (d *desk) keepPlace(name, place string) error {
	if d.mask != nil && d.mask.Text(place) != place {
		return views.Usage("the mask hides part of this place, so it is not kept")
	}
	if name == "" {
		return d.saved().keep(lastPlace, place)
	}
	if err := d.nameable(name); err != nil {
		return err
	}
	if err := d.saved().keep(name, place); err != nil {
		return views.Usage(text.Format("%q is not saved: %s", name, err).String())
	}
	return nil
}

// nameable refuses names that mean something else already.
func (d *desk) nameable(name string) error {
	const allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_."
	if strings.Trim(strings.ToLower(name), allowed) != "" || len(name) > longestName || strings.HasPrefix(name, "-") {
		return views.Usage("a name is a word of letters, digits, dots and dashes")
	}
	if _, root := d.commands(); child(root, name) != nil {
		return views.Usage(text.Format("%q is a command already", name).String())
	}
	for _, c := range d.complete("") {
		if word, _, _ := strings.Cut(c.Line, " "); word == name && !slices.Contains(d.saved().names(), name) {
			return views.Usage(text.Format("%q is a command already", name).String())
		}
	}
	if len(d.saved().names()) >= mostSaved {
		return views.Usage("too many places are saved already")
	}
	return nil
}

// savedRoute reads a name that a person gave to a place.
func (d *desk) savedRoute(name string) (ui.Route, bool, error) {
	place := d.saved().read(name)
	if place == "" || name == lastPlace {
		return nil, false, nil
	}
	r, known, err := d.again(place)
	if !known && err == nil {
		err = views.Usage(text.Format("%q was saved by another version and opens nothing here", name).String())
	}
	return r, true, err
}

// again reads a line that was kept: it may open whatever only shows, and begins
// nothing.
func (d *desk) again(line string) (ui.Route, bool, error) {
	t, known, err := d.read(line, Streams{})
	if !known || err != nil || t.place.once {
		return nil, false, err
	}
	r, err := t.to(d, line)
	return r, true, err
}
