// Package config reads the settings: flags before environment before the
// profile in the file before defaults. It gives one value that never changes,
// or the list of everything that is wrong, each with file and line; it never
// stops at the first mistake and never prints.
//
// Secrets are references until somebody asks for them with
// [Profile.SecretValue], and a [Secret] prints as dots wherever it ends up. A
// file that other users could have changed is refused, because the commands it
// names are run.
//
// It knows no key, theme or column by itself: [Sources] carries what is known.
package config

import (
	"maps"
	"slices"
	"time"
)

// What holds when nothing else is said.
const (
	DefaultStart             = 24 * time.Hour     // window of the first screen
	DefaultRetention         = 7 * 24 * time.Hour // how long the cache keeps what was read
	DefaultMaxBytes          = 500 * 1000 * 1000  // size of one cache file
	DefaultRequestsPerMinute = 60                 // what the platform allows an account
	DefaultRequestsPerHour   = 1800
)

// Config is every setting that is not about one profile. Readers leave the maps
// and slices as they are.
type Config struct {
	File           string // path of the file that was read, "" when there was none
	DefaultProfile string
	Profiles       map[string]Profile // as the file has them; the one in force comes from [Load]
	Limits         Limits             // for profiles that set none
	Cache          Cache
	Theme          string // "" is the shipped one
	Clipboard      string // [ClipboardOff], or "" and "auto" for every way there is
	ASCII          bool   // draw with ASCII alone, whatever the locale says
	Timezone       *time.Location
	Start          time.Duration       // length of the window of the first screen
	LockAfter      time.Duration       // without a key the dashboard locks; 0 never
	Columns        map[string][]string // name of a list to its columns, in order
	Keys           map[string][]string // action to key sequences
	Aliases        map[string]string   // word after ":" to the line it stands for
	Commands       []Command           // programs of the person's own
	MaskRules      []string            // regular expressions that compile
	// AllowanceFile is where requests are counted for everybody on this machine;
	// "" for the usual place.
	AllowanceFile string

	origins []Origin
	secrets []string
}

// Limits are requests in any rolling minute and hour.
type Limits struct {
	RequestsPerMinute int
	RequestsPerHour   int
}

// Cache is what may be kept on disk.
type Cache struct {
	Retention time.Duration
	MaxBytes  int64 // of one profile's file
	Off       bool  // nothing on disk
}

// Scope is the console in which the credential was made.
type Scope string

// The scopes.
const (
	BotScope   Scope = "bot"   // App Builder: one bot
	AdminScope Scope = "admin" // Admin Console: the whole account
)

// Profile is one account or bot to look at.
type Profile struct {
	Name              string
	Host              string // origin: https://host, with :port where it is not the usual one
	BotID             string
	ClientID          string
	Scope             Scope
	Secret            Ref
	Admin             Admin          // beside it; see Changing
	Team              Team           // what is shared with other machines
	Timezone          *time.Location // of the times shown; never nil after Load
	RequestsPerMinute int
	RequestsPerHour   int
	AllowanceFile     string // instead of that of the whole file; "" when not said
	AllowWrites       bool
	AllowTests        bool
	TestSuites        []string // names; the platform has no call that lists them
	TestEmail         string
	Mask              *bool // nil: not said
	MaskRules         []string
	Language          string        // code such as "en"; "" when not said
	BotName           string        // the bot as the header calls it; "" for the platform's name
	Look              string        // "production" makes the header look different; "" is the usual one
	CAFile            string        // PEM file added to the roots of the system; "" for none
	ClientCert        string        // PEM file by which the host knows this machine; "" for none
	ClientKey         string        // PEM file of its key, closed to others
	CacheKey          Ref           // a second factor of the key of the cache file; see [Profile.CacheFactor]
	LockAfter         time.Duration // see [Config.LockAfter]

	// Overrides names the settings that flags or the environment changed
	// against what the profile in the file says: "host", "bot_id".
	Overrides []string
}

// What [Config.Clipboard] and [Profile.Look] may say beside their usual values.
const (
	ClipboardOff   = "off"
	LookProduction = "production"
)

// EnvProfile is the name of the profile made of the environment alone.
const EnvProfile = "env"

func defaults() Config {
	return Config{
		Profiles: map[string]Profile{},
		Limits:   Limits{RequestsPerMinute: DefaultRequestsPerMinute, RequestsPerHour: DefaultRequestsPerHour},
		Cache:    Cache{Retention: DefaultRetention, MaxBytes: DefaultMaxBytes},
		Timezone: time.UTC,
		Start:    DefaultStart,
		Columns:  map[string][]string{},
		Keys:     map[string][]string{},
		Aliases:  map[string]string{},
	}
}

// ProfileNames are the profiles of the file in alphabetical order.
func (c Config) ProfileNames() []string { return slices.Sorted(maps.Keys(c.Profiles)) }

// SecretVariables are the environment variables that may hold a secret. Child
// processes get an environment without them.
func (c Config) SecretVariables() []string { return slices.Clone(c.secrets) }
