package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"korescope/api"
	"korescope/api/jobs"
	"korescope/cache"
	"korescope/config"
	"korescope/ui/text"
)

// erased are users whom the platform has erased, with every name that is known
// here of them and their sessions.
type erased struct {
	users []api.UserID
	names []string
}

// in reports a text that holds one of the names.
func (e erased) in(s string) bool {
	return slices.ContainsFunc(e.names, func(n string) bool { return strings.Contains(s, n) })
}

// store is one place that may hold something about a user.
type store struct {
	what   text.Safe
	forget func(ctx context.Context, e erased, r *erasure) error
}

// stores are all places that an erasure walks, in this order: what keeps
// anything about customers beyond the program belongs into this list. The cache
// is the last, because it knows by which other names a user is called.
func (d *desk) stores() []store {
	return []store{
		{text.Lit("lines typed before"), d.forgetTyped},
		{text.Lit("saved places"), d.forgetPlaces},
		{text.Lit("the last copy"), d.forgetCopy},
		{text.Lit("the list of case folders"), d.forgetCases},
		{text.Lit("cache files that nobody can read any more"), d.forgetBeside},
		{text.Lit("the memory of the team"), d.forgetShared},
		{text.Lit("pinned conversations that are open"), func(context.Context, erased, *erasure) error { return d.dropShelves() }},
		{text.Lit("the runs of test suites"), d.forgetRuns},
		{text.Lit("the cache"), d.forgetCached},
	}
}

// erasure is what became of erased users here.
type erasure struct {
	Users, Sessions int
	Folders         []string // case folders that hold one of them; they are not touched
	Searched        bool     // the cache file was searched for their names afterwards
	Left            int      // how often it still holds one
	Err             error

	names []string
}

// erasures are kept until they are told.
type erasures struct {
	mu sync.Mutex
	of map[api.JobID]erasure
}

func (e *erasures) keep(id api.JobID, is erasure) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.of == nil {
		e.of = map[api.JobID]erasure{}
	}
	e.of[id] = is
}

func (e *erasures) update(id api.JobID, f func(*erasure)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if is, ok := e.of[id]; ok {
		f(&is)
		e.of[id] = is
	}
}

func (e *erasures) take(id api.JobID) (erasure, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	is, ok := e.of[id]
	delete(e.of, id)
	return is, ok
}

// forgetErased removes users everywhere here once the platform has erased them.
// One store that cannot be written keeps nothing from being removed in the
// others; the whole is tried again when the profile is opened next.
func (d *desk) forgetErased(ctx context.Context, c api.Change, asked []api.UserID) error {
	gone := confirmed(c, asked)
	if len(gone) == 0 {
		return nil
	}
	r := erasure{Users: len(gone)}
	names, err := d.store.Traces(ctx, gone)
	if err != nil {
		r.Err = err
		d.erased.keep(c.ID, r)
		return err
	}
	r.names = names
	for _, s := range d.stores() {
		if err := s.forget(ctx, erased{gone, names}, &r); err != nil {
			r.Err = errors.Join(r.Err, fmt.Errorf("remove the erased users from %s: %w", s.what, err))
		}
	}
	d.erased.keep(c.ID, r)
	return r.Err
}

// linesWithout writes a file of lines anew without those that say something
// about the users. There being no such file is fine.
func (d *desk) linesWithout(name string, drop func(line string) bool) error {
	if d.stateDir == "" {
		return nil
	}
	path := filepath.Join(d.stateDir, name)
	if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	f, err := cache.OpenOwn(path)
	if err != nil {
		return err
	}
	data, err := cache.ReadTail(f, 1<<30)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	var keep strings.Builder
	for line := range strings.Lines(string(data)) {
		if !drop(line) {
			keep.WriteString(line)
		}
	}
	if keep.Len() == len(data) {
		return nil
	}
	return cache.ReplaceOwn(path, []byte(keep.String()))
}

func (d *desk) forgetTyped(_ context.Context, e erased, _ *erasure) error {
	return d.linesWithout(pastName, e.in)
}

func (d *desk) forgetPlaces(_ context.Context, e erased, _ *erasure) error {
	return d.linesWithout(savedName, e.in)
}

// forgetCopy removes the file of the last copy, whoever it is about: what was
// copied may be a piece of a text, in which nobody is named.
func (d *desk) forgetCopy(context.Context, erased, *erasure) error {
	if d.stateDir == "" {
		return nil
	}
	for _, name := range []string{clipName, clipName + ".part"} {
		if err := os.Remove(filepath.Join(d.stateDir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// forgetCases lists the folders that hold a user, and takes those whose very path
// names one out of the list: what was told is told.
func (d *desk) forgetCases(ctx context.Context, e erased, r *erasure) error {
	folders, err := foldersOf(ctx, d.stateDir, e)
	r.Folders = folders
	return errors.Join(err, d.linesWithout(casesName, e.in))
}

func (d *desk) forgetBeside(context.Context, erased, *erasure) error {
	if d.cacheDir == "" {
		return nil
	}
	return cache.PurgeBeside(d.cacheDir, config.CacheName(d.profile), d.cacheName)
}

// proofMost is the largest cache file that is searched after an erasure: it is
// held in memory meanwhile.
const proofMost = 64 << 20

// proofLeast is the shortest name that is looked for; shorter ones are part of
// other words.
const proofLeast = 8

func (d *desk) forgetCached(ctx context.Context, e erased, r *erasure) (err error) {
	r.Sessions, err = d.store.Forget(ctx, e.users)
	return err
}

// settleErased overwrites what the record of an erasure said before, and then
// looks whether the file still holds a name of the users, in free pages too. A
// file that cannot be looked at is one that proves nothing.
func (d *desk) settleErased(ctx context.Context, id api.JobID) {
	if err := d.store.Settle(ctx); err != nil {
		return // the next close of the cache does the same
	}
	info, err := d.store.Info(ctx)
	if err != nil || info.Bytes > proofMost {
		return
	}
	pages, err := d.store.Pages(ctx)
	if err != nil {
		return
	}
	d.erased.update(id, func(r *erasure) {
		r.Searched = true
		for _, name := range r.names {
			if len(name) >= proofLeast {
				r.Left += bytes.Count(pages, []byte(name))
			}
		}
	})
}

// resumeErasures removes the users of erasures that ended while nobody was
// there to remove them.
func (d *desk) resumeErasures(ctx context.Context) {
	left, err := d.changes.Unscrubbed(ctx)
	if err != nil {
		return // told by whoever reads the cache next
	}
	for _, r := range left {
		d.changes.Finish(ctx, r, jobs.ChangeNow(r), jobs.Users(r))
	}
}
