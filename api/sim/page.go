package sim

// page is which rows of a list an answer holds.
type page struct {
	total       int // rows there are, or as many as were counted
	skip, limit int
	lo, hi      int
	more        bool
}

// cut decides the page and lets the paging faults and switches change it.
func (c *call) cut(total, skip, limit int) page {
	p := page{total: total, skip: skip, limit: limit, lo: min(skip, total)}
	p.hi = min(p.lo+limit, total)
	p.more = p.hi < total
	if c.w.strict.TrailingMore && p.hi == total && p.hi > p.lo {
		p.more = true
	}
	for _, f := range c.cuts {
		p = f(p)
	}
	return p
}

// envelope is the answer of the lists that page by skip and limit.
func (c *call) envelope(p page, rows string, of []any) obj {
	return ob("total", max(0, p.total+c.w.strict.TotalLie), "moreAvailable", p.more, rows, of)
}
