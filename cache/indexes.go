package cache

// textIndex is one of the two full-text indexes. Each has row ids of its own,
// so a place among all hits is the row id and a bit that tells the index.
type textIndex struct {
	table string
	bit   int64
}

// lineBit marks places of debug lines.
const lineBit = 1

func indexes() []textIndex { return []textIndex{{"words", 0}, {"debug_words", lineBit}} }

// holds reports whether hits of a kind, or "" for all, can be in the index.
func (i textIndex) holds(k HitKind) bool {
	return k == "" || (k == HitDebug) == (i.bit == lineBit)
}

func (i textIndex) place(rid int64) Place { return Place(rid<<1 | i.bit) }

// before is the row id that all rows before a place are below.
func (i textIndex) before(p Place) int64 { return (int64(p) - i.bit + 1) >> 1 }

// tellIndexes gives both indexes one of the engine's commands.
func tellIndexes(c *conn, command string) error {
	for _, i := range indexes() {
		if err := c.exec("INSERT INTO "+i.table+" ("+i.table+") VALUES (?)", command); err != nil {
			return err
		}
	}
	return nil
}
