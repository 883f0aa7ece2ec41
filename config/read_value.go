package config

import (
	"errors"
	"fmt"
	"net/mail"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones must load on hosts that have no zone files

	"github.com/pelletier/go-toml/v2/unstable"
)

// kindName is what a value is, in words.
func kindName(k unstable.Kind) string {
	switch k {
	case unstable.String:
		return "a text"
	case unstable.Integer:
		return "a number"
	case unstable.Float:
		return "a number with a decimal point"
	case unstable.Bool:
		return "true or false"
	case unstable.Array:
		return "a list"
	case unstable.InlineTable:
		return "a table"
	}
	return "a date or time"
}

func not(want string, v value) error {
	return fmt.Errorf("must be %s, not %s", want, kindName(v.kind))
}

// The readers below take one value each and put it where it belongs. Their
// errors continue the name of the setting: "must be a text, not a number".

func (v value) word() (string, error) {
	if v.kind != unstable.String {
		return "", not("a text", v)
	}
	if strings.TrimSpace(v.text) == "" {
		return "", errors.New("is empty")
	}
	if strings.ContainsFunc(v.text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", errors.New("holds control characters")
	}
	return strings.TrimSpace(v.text), nil
}

func text(to *string) func(value) error {
	return func(v value) (err error) {
		s, err := v.word()
		if err == nil {
			*to = s
		}
		return err
	}
}

func truth(to *bool) func(value) error {
	return func(v value) error {
		if v.kind != unstable.Bool {
			return not("true or false", v)
		}
		*to = v.text == "true"
		return nil
	}
}

func whole(to *int, most int64) func(value) error {
	return func(v value) error {
		if v.kind != unstable.Integer {
			return not("a whole number", v)
		}
		n, err := strconv.ParseInt(strings.ReplaceAll(v.text, "_", ""), 0, 64)
		if err != nil || n < 1 || n > most {
			return fmt.Errorf("must be between 1 and %d", most)
		}
		*to = int(n)
		return nil
	}
}

func length(to *time.Duration) func(value) error {
	return func(v value) error {
		if v.kind == unstable.Integer {
			return errors.New("needs a unit (write \"24h\" or \"7d\")")
		}
		s, err := v.word()
		if err != nil {
			return err
		}
		d, err := ParseSpan(s)
		switch {
		case err != nil:
			return err
		case d < time.Minute:
			return errors.New("must be a minute or more")
		}
		*to = d
		return nil
	}
}

func volume(to *int64) func(value) error {
	return func(v value) error {
		const least = 1e6
		s := strings.ReplaceAll(v.text, "_", "")
		if v.kind != unstable.Integer {
			var err error
			if s, err = v.word(); err != nil {
				return err
			}
		}
		n, err := ParseSize(s)
		switch {
		case err != nil:
			return err
		case n < least:
			return errors.New("must be 1MB or more (off = true keeps nothing)")
		}
		*to = n
		return nil
	}
}

func zone(to **time.Location) func(value) error {
	return func(v value) error {
		s, err := v.word()
		if err != nil {
			return err
		}
		loc, err := time.LoadLocation(s)
		if err != nil {
			return fmt.Errorf("%s is no time zone (write UTC, Local or a name such as Europe/Berlin)", quote(s))
		}
		*to = loc
		return nil
	}
}

// words reads a list of texts; a single text counts as a list of one.
func words(to *[]string) func(value) error {
	return func(v value) error {
		items := v.list
		if v.kind == unstable.String {
			items = []value{v}
		} else if v.kind != unstable.Array {
			return not("a list of texts", v)
		}
		out := make([]string, 0, len(items))
		for i, item := range items {
			s, err := item.word()
			if err != nil {
				return fmt.Errorf("entry %d %w", i+1, err)
			}
			out = append(out, s)
		}
		*to = out
		return nil
	}
}

// patterns reads regular expressions; as whole texts, since blanks count.
func patterns(to *[]string) func(value) error {
	return func(v value) error {
		if v.kind != unstable.Array {
			return not("a list of regular expressions", v)
		}
		out := make([]string, 0, len(v.list))
		for i, item := range v.list {
			if item.kind != unstable.String {
				return fmt.Errorf("entry %d %w", i+1, not("a text", item))
			}
			re, err := regexp.Compile(item.text)
			if err != nil {
				return fmt.Errorf("entry %d is no regular expression", i+1)
			}
			if re.MatchString("") {
				return fmt.Errorf("entry %d matches nothing at all, everywhere", i+1)
			}
			out = append(out, item.text)
		}
		*to = out
		return nil
	}
}

func oneOf[T ~string](to *T, allowed ...T) func(value) error {
	return func(v value) error {
		s, err := v.word()
		if err != nil {
			return err
		}
		if slices.Contains(allowed, T(s)) {
			*to = T(s)
			return nil
		}
		names := make([]string, len(allowed))
		for i, a := range allowed {
			names[i] = string(a)
		}
		return fmt.Errorf("%s is not one of %s", quote(s), strings.Join(names, ", "))
	}
}

// switched reads what is on unless it is switched off.
func switched(to *string) func(value) error {
	return func(v value) error {
		if v.kind != unstable.Bool {
			return oneOf(to, "auto", ClipboardOff)(v)
		}
		if *to = ClipboardOff; v.text == "true" {
			*to = "auto"
		}
		return nil
	}
}

// file reads a path: "~/" is the home folder, a relative path starts where the
// config file is.
func file(to *string, base, home string) func(value) error {
	return func(v value) error {
		s, err := v.word()
		if err != nil {
			return err
		}
		if rest, ok := strings.CutPrefix(s, "~/"); ok {
			if home == "" {
				return errors.New("starts with ~ and there is no home folder")
			}
			s = filepath.Join(home, rest)
		}
		if !filepath.IsAbs(s) {
			s = filepath.Join(base, s)
		}
		*to = filepath.Clean(s)
		return nil
	}
}

func address(to *string) func(value) error {
	return func(v value) error {
		s, err := v.word()
		if err != nil {
			return err
		}
		if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
			return fmt.Errorf("%s is no mail address", quote(s))
		}
		*to = s
		return nil
	}
}

func matching(to *string, pattern, example string) func(value) error {
	return func(v value) error {
		s, err := v.word()
		if err != nil {
			return err
		}
		if !regexp.MustCompile(pattern).MatchString(s) {
			return fmt.Errorf("%s does not look right (write something like %s)", quote(s), example)
		}
		*to = s
		return nil
	}
}
