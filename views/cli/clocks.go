package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"korescope/cache"
)

// clocks keeps how far the clocks of platforms are ahead of this machine's, so
// that not every run has to be refused once to learn it. The file holds host names
// and lengths of time. It is a help only: one that cannot be read or written says
// that the clocks agree.
type clocks struct {
	dir string // of the caches; "" keeps nothing
}

const (
	clocksName = "clocks.json"
	clocksMost = 1 << 16 // bytes
)

func (c clocks) path() string { return filepath.Join(c.dir, clocksName) }

// load is offsets in milliseconds by host.
func (c clocks) load() map[string]int64 {
	out := map[string]int64{}
	info, err := os.Lstat(c.path())
	if c.dir == "" || err != nil || info.Size() > clocksMost {
		return out
	}
	f, err := cache.OpenOwn(c.path())
	if err != nil {
		return out
	}
	defer func() { _ = f.Close() }() // only read
	data, err := cache.ReadTail(f, clocksMost)
	if err != nil || json.Unmarshal(data, &out) != nil {
		return map[string]int64{}
	}
	return out
}

func (c clocks) read(host string) time.Duration {
	return time.Duration(c.load()[host]) * time.Millisecond
}

func (c clocks) keep(host string, apart time.Duration) {
	if c.dir == "" {
		return
	}
	all := c.load()
	all[host] = apart.Milliseconds()
	data, err := json.Marshal(all)
	if err != nil {
		return
	}
	_ = cache.ReplaceOwn(c.path(), data) // it is learnt again
}
