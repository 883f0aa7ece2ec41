package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"korescope/api"
)

// Options say where the cache is and what it may keep.
type Options struct {
	Dir    string // folder of all profiles; "" keeps everything in memory
	Name   string // profile; becomes the file name
	Secret string // key material, usually the client secret; "" keeps everything in memory
	Memory bool   // nothing on disk
	Now    func() time.Time
	// Retention is how long a row stays after it was read; 7 days by default.
	Retention time.Duration
	// TestRetention is how long a test run stays after it was last heard of, 90
	// days by default, and TestRuns how many of a suite stay, the newest 200:
	// the platform keeps no list of them. ReportRetention is the same for
	// reports and other jobs, 30 days by default.
	TestRetention   time.Duration
	TestRuns        int
	ReportRetention time.Duration
	// MaxBytes is how much of the file rows may fill; 500 MB by default.
	MaxBytes int64
	// Decoder reads rows anew that an earlier version read; none leaves them.
	Decoder Decoder
	// Home is what the credential is for: what is asked about rows of other bots
	// is kept apart, and rows of other bots stand in no list of its own bot.
	Home api.Home
	// Commons shares finished answers with other machines; nil shares nothing.
	Commons Commons
	// Statfs names the network file system that a folder is on, "" for a local
	// one. The default asks the system.
	Statfs func(dir string) (string, error)

	files func(path string) (fs.FileInfo, int64, error) // ownFiles, for tests of full disks
	plain bool                                          // no encryption, so that tests can look for remains
	step  func(version int) error                       // called inside every schema step, for tests
	steps []string                                      // schema, for tests of other versions
}

// The defaults of Options.
const (
	DefaultRetention = 7 * 24 * time.Hour
	DefaultMaxBytes  = 500 << 20
	memoryMaxBytes   = 120 << 20

	DefaultTestRetention   = 90 * 24 * time.Hour
	DefaultTestRuns        = 200
	DefaultReportRetention = 30 * 24 * time.Hour
)

// besideInfix names the file used beside one of a newer version; the sign is
// not in the alphabet of profile names.
const besideInfix = "~v"

// Notice is why the cache is in memory, was made anew, and so on, in one line
// for people; "" when there is nothing to say.
type Notice string

func (o Options) withDefaults() (Options, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Retention <= 0 {
		o.Retention = DefaultRetention
	}
	if o.TestRetention <= 0 {
		o.TestRetention = DefaultTestRetention
	}
	if o.TestRuns <= 0 {
		o.TestRuns = DefaultTestRuns
	}
	if o.ReportRetention <= 0 {
		o.ReportRetention = DefaultReportRetention
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.Statfs == nil {
		o.Statfs = networkFolder
	}
	if o.files == nil {
		o.files = ownFiles
	}
	if o.step == nil {
		o.step = func(int) error { return nil }
	}
	if o.steps == nil {
		steps, err := migrations()
		if err != nil {
			return o, fmt.Errorf("read the schema: %w", err)
		}
		o.steps = steps
	}
	o.Name = cleanName(o.Name)
	return o, nil
}

// Open opens the cache of a profile. Trouble with the disk is no error: a file that
// nobody can write to is read and stays as it is, else the cache is in memory; the
// Notice says why. Errors are a cancelled
// context and an engine that does not even work in memory.
func Open(ctx context.Context, o Options) (*Store, Notice, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, "", err
	}
	h, notice, err := o.open(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("open the cache: %w", err)
	}
	s := &Store{o: o, h: h, notice: notice}
	s.start(ctx)
	return s, notice, nil
}

// open tries the disk and falls back to memory.
func (o Options) open(ctx context.Context) (*handle, Notice, error) {
	if o.Memory {
		h, err := o.openMemory(ctx)
		return h, "", err
	}
	h, notice, err := o.openDisk(ctx)
	if err == nil {
		return h, notice, nil
	}
	if ctx.Err() != nil {
		return nil, "", ctx.Err()
	}
	if errors.Is(err, errNoMemory) {
		return nil, "", err // one in memory needs as much
	}
	if faultOf(err) == fullFault {
		if h, ferr := o.openFrozen(ctx); ferr == nil {
			return h, Notice("cache read-only, nothing new is kept: " + reason(err)), nil
		}
	}
	h, merr := o.openMemory(ctx)
	if merr != nil {
		return nil, "", errors.Join(merr, err)
	}
	return h, Notice("cache in memory only: " + reason(err)), nil
}

// reason is the error as part of a notice.
func reason(err error) string {
	switch faultOf(err) {
	case busyFault:
		return "another process holds the cache file"
	case fullFault:
		if errors.Is(err, fs.ErrPermission) {
			return "no right to write there"
		}
		return "the disk is full or read-only (" + err.Error() + ")"
	default:
		return err.Error()
	}
}

var (
	errNoKey  = errors.New("no client secret to encrypt with")
	errNoHome = errors.New("no cache folder")
)

func (o Options) openDisk(ctx context.Context) (*handle, Notice, error) {
	switch {
	case o.Secret == "" && !o.plain:
		return nil, "", errNoKey
	case o.Dir == "":
		return nil, "", errNoHome
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, "", fmt.Errorf("find the cache folder: %w", err)
	}
	o.Dir = dir
	if err := ownFolder(o.Dir); err != nil {
		return nil, "", err
	}
	if kind, err := o.Statfs(o.Dir); err != nil {
		return nil, "", err
	} else if kind != "" {
		return nil, "", fmt.Errorf("the cache folder is on a network file system (%s)", kind)
	}
	var notice Notice
	if err := sweepBad(o.Dir, o.Name, o.Now()); err != nil {
		notice = "damaged cache files of last week could not be removed"
	}
	h, err := o.openFile(ctx, filepath.Join(o.Dir, o.Name+".db"))
	switch {
	case err == nil:
		return h, notice, nil
	case errors.Is(err, errNewer):
		beside := fmt.Sprintf("%s%s%d.db", o.Name, besideInfix, len(o.steps))
		h, err = o.openFile(ctx, filepath.Join(o.Dir, beside))
		return h, "the cache file is from a newer version; it stays as it is, " + Notice(beside) + " is used", err
	}
	var d *damage
	if !errors.As(err, &d) {
		return nil, "", err
	}
	if err := setAside(ctx, d.path, d.file, o.Now()); err != nil {
		return nil, "", err
	}
	h, err = o.openFile(ctx, d.path)
	return h, rebuiltNotice, err
}

const rebuiltNotice Notice = "the cache file was damaged or has another key; it was set aside and a new one begun"

// damage names the file that was found damaged.
type damage struct {
	path string
	file fs.FileInfo
	err  error
}

func (d *damage) Error() string { return d.err.Error() }
func (d *damage) Unwrap() error { return d.err }

// openFrozen opens a file for reading alone, without a log and without a lock: what
// is there is true whether anything can be written or not. It is as choosy about
// the file as [Options.openFile], and leaves one of another version alone.
func (o Options) openFrozen(ctx context.Context) (h *handle, err error) {
	p := place{path: filepath.Join(o.Dir, o.Name+".db"), readOnly: true, frozen: true}
	if p.path, err = filepath.Abs(p.path); err != nil {
		return nil, fmt.Errorf("find the cache folder: %w", err)
	}
	if !o.plain {
		if p.key, err = deriveKey(o.Secret, o.Name); err != nil {
			return nil, err
		}
	}
	file, err := ownAsItIs(p.path)
	if err != nil {
		return nil, err
	}
	err = guard(func() error {
		c, err := dial(ctx, p)
		if err != nil {
			return err
		}
		if v, err := schemaVersion(c); err != nil || v != len(o.steps) {
			return errors.Join(errNewer, err, c.close())
		}
		h = newHandle(p, file, c)
		return nil
	})
	return h, err
}

func (o Options) openMemory(ctx context.Context) (h *handle, err error) {
	err = guard(func() error {
		p := place{}
		c, err := dial(ctx, p)
		if err != nil {
			return err
		}
		if err := errors.Join(begin(c, true), migrate(ctx, c, o.steps, o.step)); err != nil {
			return errors.Join(err, c.close())
		}
		h = newHandle(p, nil, c)
		return nil
	})
	return h, err
}

// openFile opens one file and brings it up to date. What it finds damaged it
// says as *damage and leaves alone.
func (o Options) openFile(ctx context.Context, path string) (*handle, error) {
	p := place{path: path}
	if !o.plain {
		key, err := deriveKey(o.Secret, o.Name)
		if err != nil {
			return nil, err
		}
		p.key = key
	}
	// One process at a time: an empty file goes through states that another
	// must not meet.
	unlock, err := lockFolder(ctx, filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer unlock()
	file, logged, err := o.files(path)
	if err != nil {
		return nil, err
	}
	if p.key != "" && plainHeader(path) {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), errForeign)
	}
	crashed := logged > 0 && !inUse(path)
	var c *conn
	err = guard(func() (err error) {
		if c, err = dial(ctx, p); err != nil {
			return err
		}
		if err = o.ready(ctx, c); err != nil {
			return err
		}
		// A process that left meanwhile took the log along, and the engine made
		// a new one.
		_, _, err = o.files(path)
		return err
	})
	if err != nil {
		if c != nil && !errors.Is(err, errPanicked) {
			_ = c.close() // the first error is the one to tell
		}
		if faultOf(err) == damagedFault {
			return nil, &damage{path: path, file: file, err: err}
		}
		return nil, err
	}
	h := newHandle(p, file, c)
	h.unclean = crashed
	return h, nil
}

// ready makes a new file usable and an older one current.
func (o Options) ready(ctx context.Context, c *conn) error {
	version, err := schemaVersion(c)
	switch {
	case err != nil:
		return err
	case version > len(o.steps):
		return errNewer
	case version == len(o.steps):
		return nil
	}
	if version == 0 {
		if err := begin(c, false); err != nil {
			return err
		}
	}
	return migrate(ctx, c, o.steps, o.step)
}
