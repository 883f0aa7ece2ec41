package config

import (
	"os"
	"path/filepath"
	"time"

	"github.com/adrg/xdg"
)

// Names of the environment variables.
const (
	envHost     = "KORESCOPE_HOST"
	envBot      = "KORESCOPE_BOT_ID"
	envClientID = "KORESCOPE_CLIENT_ID"
	envSecret   = "KORESCOPE_CLIENT_SECRET" //nolint:gosec // the name of a variable
	envProfile  = "KORESCOPE_PROFILE"
	envConfig   = "KORESCOPE_CONFIG"

	envAllowTests = "KORESCOPE_ALLOW_TESTS"
	envAllowance  = "KORESCOPE_ALLOWANCE_FILE"
)

// Flags are what was given on the command line; "" is not given. No flag takes
// a secret: everybody on the host can read the arguments of a process.
type Flags struct {
	Profile string
	Host    string
	Bot     string
	Config  string // path of the file
}

// KeyProblem is something wrong with the key overrides.
type KeyProblem struct {
	Action string // the override to blame
	Key    string
	What   string
	Hint   string
}

// Sources is where settings come from and what is known of the vocabularies
// that config does not know itself. The zero value reads the environment of the
// process and checks no vocabulary.
type Sources struct {
	Flags   Flags
	Env     func(string) string // default os.Getenv
	Environ func() []string     // of secret commands; default os.Environ
	Now     func() time.Time    // default time.Now
	Partial bool                // what a connection needs may be missing: demo, cache, config

	Keys    func(overrides map[string][]string) []KeyProblem // nil: not checked
	Themes  []string                                         // nil: not checked
	Team    func(url string) error                           // nil: not checked
	Columns map[string][]string                              // list to its columns; nil: not checked
	Hands   func(Config) []HandProblem                       // aliases and own commands; nil: not checked
}

func (s Sources) filled() Sources {
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Env == nil {
		s.Env = os.Getenv
	}
	if s.Environ == nil {
		s.Environ = os.Environ
	}
	return s
}

func (s Sources) home() string { return s.filled().Env("HOME") }

// Folders are where the program keeps its files; "" where the user has no home.
type Folders struct {
	Config string
	Cache  string // one file per profile, see [CacheName]
	State  string // journal of writes, logs
}

const folder = "korescope"

// Dirs finds the folders by the XDG rules. It makes none of them.
func Dirs(s Sources) Folders {
	s = s.filled()
	in := func(variable, fallback string) string {
		base := s.Env(variable)
		if !filepath.IsAbs(base) { // the rules say to ignore a relative one
			base = fallback
		}
		if !filepath.IsAbs(base) {
			return ""
		}
		return filepath.Join(base, folder)
	}
	return Folders{
		Config: in("XDG_CONFIG_HOME", xdg.ConfigHome),
		Cache:  in("XDG_CACHE_HOME", xdg.CacheHome),
		State:  in("XDG_STATE_HOME", xdg.StateHome),
	}
}

// Path is the config file: the flag, KORESCOPE_CONFIG, or config.toml in its
// folder; "" where the user has no home. It need not exist.
func Path(s Sources) string {
	path, _ := s.filled().path()
	return path
}

// path also says which source named the file; "" for the usual place.
func (s Sources) path() (path, named string) {
	switch {
	case s.Flags.Config != "":
		path, named = s.Flags.Config, "--config"
	case s.Env(envConfig) != "":
		path, named = s.Env(envConfig), envConfig
	default:
		dir := Dirs(s).Config
		if dir == "" {
			return "", ""
		}
		return filepath.Join(dir, "config.toml"), ""
	}
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	return path, named
}
