package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// largest is more than any config file needs.
const largest = 1 << 20

// Load reads everything and picks the profile in force. All issues come at
// once; where [Issues.Err] is not nil the program must not start, and the values
// hold what could be understood. The secret is not read yet.
func Load(ctx context.Context, s Sources) (Config, Profile, Issues) {
	s = s.filled()
	if err := ctx.Err(); err != nil {
		return defaults(), Profile{}, Issues{{What: "reading the settings was interrupted"}}
	}
	d := newDraft(s)
	path, named := s.path()
	d.readFile(path, named)
	p := d.choose()
	c := d.finish()
	c.origins = d.origins(p)
	return c, p, d.issues.sorted()
}

// Check reads one file alone and reports all that is wrong with it.
func Check(file string, s Sources) Issues {
	if full, err := filepath.Abs(file); err == nil {
		file = full
	}
	d := newDraft(s.filled())
	d.readFile(file, "--config")
	return d.issues.sorted()
}

// readFile takes in the file if there is one. A file that was named must exist.
func (d *draft) readFile(path, named string) {
	if path == "" {
		return
	}
	data, fi, err := readClosed(path, newGuard())
	if errors.Is(err, fs.ErrNotExist) && named == "" {
		return
	}
	d.config.File = path
	if err != nil {
		d.garbled = true
		d.issues = append(d.issues, refusal(path, named, err))
		return
	}
	if data, err = decoded(data); err != nil {
		d.garbled = true
		d.issues = append(d.issues, Issue{File: path, What: err.Error()})
		return
	}
	d.read(data)
	d.inlineSecrets(path, fi)
}

func readClosed(path string, g guard) ([]byte, fs.FileInfo, error) {
	f, err := g.open(path, writeBits)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	fi, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err == nil && len(data) > largest {
		err = errors.New("is larger than a config file can be (1 MiB)")
	}
	return data, fi, err
}

func refusal(path, named string, err error) Issue {
	i := Issue{File: path, What: reason(err)}
	var loose *looseError
	switch {
	case errors.As(err, &loose):
		i.What, i.Hint = loose.what, "run: "+loose.cure
	case errors.Is(err, fs.ErrNotExist):
		i.Path, i.What, i.Hint = named, "there is no such file", "korescope config init writes one"
	}
	return i
}

// reason is an error without the path that the issue names already.
func reason(err error) string {
	var of *os.PathError
	if errors.As(err, &of) {
		return "cannot be read: " + of.Err.Error()
	}
	return err.Error()
}

// inlineSecrets refuses a secret written into a file that others can read.
func (d *draft) inlineSecrets(path string, fi fs.FileInfo) {
	if fi.Mode().Perm()&closedBits == 0 {
		return
	}
	for name, p := range d.profiles {
		if p.Secret.Source == Inline {
			at := []string{"profiles", name, string(Inline)}
			d.say(d.lines[dotted(at)], at, fmt.Sprintf("the file is open to others (mode %04o)", fi.Mode().Perm()), "run: chmod 600 "+shellWord(path))
		}
		if p.Admin.Secret.Source == Inline {
			at := []string{"profiles", name, adminTable, string(Inline)}
			d.say(d.lines[dotted(at)], at, fmt.Sprintf("the file is open to others (mode %04o)", fi.Mode().Perm()), "run: chmod 600 "+shellWord(path))
		}
	}
}
