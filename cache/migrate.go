package cache

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// applicationID marks the file as ours ("kscp").
const applicationID = 0x6b736370

var (
	errNewer   = errors.New("the cache file was written by a newer version")
	errForeign = errors.New("the file belongs to another program")
)

// migrations are the schema steps in order; step n leads to version n.
func migrations() ([]string, error) {
	names, err := fs.Glob(schemaFiles, "schema/*.sql")
	if err != nil {
		return nil, err
	}
	steps := make([]string, len(names))
	for i, n := range names { // Glob sorts
		b, err := schemaFiles.ReadFile(n)
		if err != nil {
			return nil, err
		}
		steps[i] = string(b)
	}
	return steps, nil
}

// begin makes an empty file ready for the first step. It is harmless to be
// stopped anywhere inside: the file then is still empty.
func begin(c *conn, memory bool) error {
	if err := c.db.Exec("PRAGMA auto_vacuum = incremental"); err != nil {
		return err
	}
	if memory {
		return nil
	}
	// Every page carries a sum of its content, so that damage is found where
	// it is read and nothing needs to be checked before the first paint.
	if err := c.db.EnableChecksums("main"); err != nil {
		return err
	}
	return c.db.Exec("PRAGMA journal_mode = wal")
}

// migrate brings the schema to the newest version, each step in a transaction
// of its own that also raises the version.
func migrate(ctx context.Context, c *conn, steps []string, step func(version int) error) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		more := false
		err := c.within(ctx, "BEGIN IMMEDIATE", func() error {
			version, err := schemaVersion(c)
			if err != nil || version >= len(steps) {
				return err
			}
			more = version+1 < len(steps)
			if err := c.db.Exec(steps[version]); err != nil {
				return fmt.Errorf("schema step %d: %w", version+1, err)
			}
			if err := afterStep(c, version+1); err != nil {
				return fmt.Errorf("schema step %d: %w", version+1, err)
			}
			if err := step(version + 1); err != nil {
				return err
			}
			return c.db.Exec(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version+1))
		})
		if err != nil || !more {
			return err
		}
	}
}

// schemaVersion reads the version and refuses what is not ours or newer.
func schemaVersion(c *conn) (int, error) {
	version, err := c.number("PRAGMA user_version")
	if err != nil {
		return 0, err
	}
	id, err := c.number("PRAGMA application_id")
	if err != nil {
		return 0, err
	}
	if id != applicationID && (id != 0 || version != 0) {
		return 0, errForeign
	}
	return int(version), nil
}
