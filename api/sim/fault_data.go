package sim

import "korescope/api"

func dataFaults() []faultKind {
	return []faultKind{
		{"total-lies", "", "total is 1 on one answer and three times too large on the next", func(given []string) (effect, error) {
			return effect{after: lieTotal}, argsOf(given, 0).err
		}},
		{"paging-forever", "", "more always follows; past the end the last page comes again", func(given []string) (effect, error) {
			return cutting(func(p page) page {
				if p.skip >= p.total {
					p.lo, p.hi = max(0, p.total-p.limit), p.total
				}
				p.more = true
				return p
			}), argsOf(given, 0).err
		}},
		{"paging-repeat", "", "every page is the first page", func(given []string) (effect, error) {
			return cutting(func(p page) page {
				p.lo, p.hi, p.more = 0, min(p.limit, p.total), true
				return p
			}), argsOf(given, 0).err
		}},
		{"paging-empty-middle", "", "the second page is empty though more follows", func(given []string) (effect, error) {
			return cutting(func(p page) page {
				if p.skip > 0 && p.skip <= p.limit && p.lo < p.hi {
					p.hi, p.more = p.lo, true
				}
				return p
			}), argsOf(given, 0).err
		}},
		{"moved-rows", "", "between pages of getSessions rows are deleted and inserted; one session in sixteen arrives late", func(given []string) (effect, error) {
			return effect{aim: func(c *call) { c.startMoving() }}, argsOf(given, 0).err
		}},
	}
}

func cutting(f func(page) page) effect {
	return effect{aim: func(c *call) { c.cuts = append(c.cuts, f) }}
}

func (c *call) startMoving() {
	m := &c.w.moved
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.on {
		m.on, m.gone, m.inserted = true, map[api.SessionID]bool{}, map[api.SessionID]bool{}
	}
	c.moving = true
}

func lieTotal(c *call, out *reply) {
	o, ok := out.tree.(obj)
	if !ok {
		return
	}
	if total, found := o.at("total"); found {
		n, _ := total.(int)
		lie := 1
		if c.n%2 == 0 {
			lie = 3*n + 7
		}
		o.set("total", lie)
	}
}
