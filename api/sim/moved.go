package sim

import (
	"slices"
	"sync"

	"korescope/api"
)

// movedRows is the state of the fault moved-rows: sessions that were deleted,
// and sessions that are held back and inserted later, both while somebody pages.
type movedRows struct {
	mu       sync.Mutex
	on       bool
	gone     map[api.SessionID]bool
	inserted map[api.SessionID]bool
	moves    uint64
}

func (m *movedRows) any() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.on
}

// late picks the sessions that arrive while somebody pages: one in sixteen.
func late(id api.SessionID) bool { return len(id) == 24 && id[23] == '7' }

func (m *movedRows) there(id api.SessionID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !m.on || !m.gone[id] && (!late(id) || m.inserted[id])
}

// move deletes one of the rows already read and inserts another among them,
// then returns the rows as they stand. Page one moves nothing.
func (m *movedRows) move(rows []*session, skip int) []*session {
	if skip == 0 || len(rows) == 0 {
		return rows
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.moves++
	if m.moves%2 == 1 {
		i := int(scramble(m.moves) % uint64(min(skip, len(rows))))
		m.gone[api.SessionID(rows[i].id)] = true
		return slices.Delete(slices.Clone(rows), i, i+1)
	}
	first, last := rows[0], rows[min(skip, len(rows))-1]
	for s := range first.bot.sessions(span{last.start, first.start}, false) {
		id := api.SessionID(s.id)
		if late(id) && !m.inserted[id] && !m.gone[id] {
			m.inserted[id] = true
			i := slices.IndexFunc(rows, func(o *session) bool { return o.start < s.start })
			if i < 0 {
				i = len(rows)
			}
			return slices.Insert(slices.Clone(rows), i, s)
		}
	}
	return rows
}
