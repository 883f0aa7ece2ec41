package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"korescope/cache"
)

// Every line of the journal carries the sum of the line before it: a line that is
// changed, taken out or put in between breaks the chain. Lines that were cut off
// at the end leave no trace in the file itself.

// longestLine is more than a line can be.
const longestLine = 64 << 10

// journalPatience is how long another process may hold the journal.
const journalPatience = 3 * time.Second

// sumOf is what the next line says about a line; the first line of a file follows
// an empty one.
func sumOf(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

// appendLine writes one line to the end of the journal and waits until it is on
// the disk. line is given the sum of the line before.
func appendLine(path string, line func(chain string) ([]byte, error)) (err error) {
	f, err := cache.OpenOwn(path)
	if err != nil {
		return fmt.Errorf("open the journal: %w", err)
	}
	defer func() {
		if cerr := f.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("close the journal: %w", cerr)
		}
	}()
	if err := lockJournal(f); err != nil {
		return err
	}
	tail, err := cache.ReadTail(f, longestLine)
	if err != nil {
		return fmt.Errorf("read the journal: %w", err)
	}
	begin := []byte{}
	if len(tail) > 0 && tail[len(tail)-1] != '\n' {
		begin = []byte{'\n'} // somebody was killed in the middle of a line
	}
	tail = bytes.TrimSuffix(tail, []byte{'\n'})
	b, err := line(sumOf(tail[bytes.LastIndexByte(tail, '\n')+1:]))
	if err != nil {
		return err
	}
	if _, err := f.Write(append(append(begin, b...), '\n')); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("write the journal to the disk: %w", err)
	}
	return nil
}

// lockJournal keeps other processes from writing between our look at the last
// line and our own.
func lockJournal(f *os.File) error {
	late, again := time.NewTimer(journalPatience), time.NewTicker(5*time.Millisecond)
	defer late.Stop()
	defer again.Stop()
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return nil
		}
		select {
		case <-late.C:
			return fmt.Errorf("another process holds the journal: %w", err)
		case <-again.C:
		}
	}
}

// readJournal gives the lines of the journal, and the numbers, from 1, of those
// that do not follow from the line before or cannot be read. No file is an empty
// journal.
func readJournal(path string) (lines []entry, broken []int, err error) {
	if _, err := os.Lstat(path); os.IsNotExist(err) {
		return nil, nil, nil
	}
	f, err := cache.OpenOwn(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open the journal: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	data, err := cache.ReadTail(f, 1<<40)
	if err != nil {
		return nil, nil, fmt.Errorf("read the journal: %w", err)
	}
	before, chained := []byte{}, false
	for n, line := range bytes.Split(bytes.TrimSuffix(data, []byte{'\n'}), []byte{'\n'}) {
		if len(data) == 0 {
			break
		}
		var e entry
		bad := json.Unmarshal(line, &e) != nil
		if chained = chained || e.Chain != ""; bad || chained && e.Chain != sumOf(before) {
			broken = append(broken, n+1)
		}
		if !bad {
			lines = append(lines, e)
		}
		before = line
	}
	return lines, broken, nil
}
