package sim

import (
	"maps"
	"slices"
	"sync"
	"time"

	"korescope/api"
)

// desk is what callers have had the platform do: the only state of a world that
// does not follow from its seed. Ids are drawn from the seed and a counter, so
// the same requests in the same order give the same answers.
type desk struct {
	mu      sync.Mutex
	seed    uint64
	step    time.Duration // of a test run
	takes   time.Duration // a report or an import
	n       uint64        // ids given out
	jobs    map[string]*job
	latest  map[string]*job // billing: the last job of a scope
	suites  []*suite
	files   map[string]bool // uploaded file ids; false when the content is not what its extension says
	acts    []Act
	started map[string]int // run requests by suite, refused ones included
}

const (
	usualStep  = 1500 * time.Millisecond
	usualTakes = 2500 * time.Millisecond
	jobLife    = 15 * time.Minute
	knownFile  = "68f20a1c00000000000000b1" // uploaded before the world began
)

func newDesk(o Options, seed uint64, suites []*suite) *desk {
	d := &desk{
		seed: seed, step: o.TestStep, takes: o.JobTime, jobs: map[string]*job{}, latest: map[string]*job{},
		suites: suites, files: map[string]bool{knownFile: true}, started: map[string]int{},
	}
	if d.step <= 0 {
		d.step = usualStep
	}
	if d.takes <= 0 {
		d.takes = usualTakes
	}
	return d
}

// Act is one thing that the platform was made to do. Duplicates stand in the
// list as often as they were done.
type Act struct {
	At   time.Time
	Op   string    // name of the call
	Bot  api.BotID // "" for the account
	Name string    // suite or file, "" for reports
	ID   api.JobID // of the job it started, "" for none
}

func (d *desk) act(c *call, name, id string) {
	c.acted = true
	a := Act{At: c.now, Op: c.op(), Name: name, ID: api.JobID(id)}
	if c.bot != nil {
		a.Bot = c.bot.id
	}
	d.acts = append(d.acts, a)
}

// heard counts a request to run a suite before anything is checked.
func (d *desk) heard(c *call) {
	if c.op() != api.RunSuite {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.started[c.named["suite"]]++
}

// draw is the next id of a kind; the desk is locked.
func (d *desk) draw(prefix string) string {
	d.n++
	return uuid(prefix, blend(d.seed, 0xde5c, d.n))
}

func (d *desk) copies() ([]Act, map[string]int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.acts), maps.Clone(d.started)
}
