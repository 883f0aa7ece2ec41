package cache

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// networkFolder names the kind of network file system the folder is on, "" for
// a local one. The engine's log needs shared memory and locks that these do
// not give.
func networkFolder(dir string) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return "", fmt.Errorf("look at the cache's file system: %w", err)
	}
	return networkKind(uint32(st.Type)), nil //nolint:gosec // the magic numbers have 32 bits
}

func networkKind(magic uint32) string {
	switch magic {
	case 0x6969:
		return "NFS"
	case 0x517b:
		return "SMB"
	case 0xff534d42:
		return "CIFS"
	case 0xfe534d42:
		return "SMB2"
	case 0x01021997:
		return "9P"
	case 0x65735546:
		return "FUSE"
	case 0x5346414f:
		return "AFS"
	case 0x73757245:
		return "Coda"
	case 0x00c36400:
		return "Ceph"
	case 0x0bd00bd0:
		return "Lustre"
	case 0x47504653:
		return "GPFS"
	}
	return ""
}

// aliveByte is where every process that has a database open holds a lock, in
// the index of its log.
const aliveByte = 128

// inUse reports that some process has the database open.
func inUse(path string) bool {
	f, err := os.Open(path + indexSuffix)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // only read
	lock := unix.Flock_t{Type: unix.F_WRLCK, Start: aliveByte, Len: 1}
	if err := unix.FcntlFlock(f.Fd(), unix.F_OFD_GETLK, &lock); err != nil {
		return false
	}
	return lock.Type != unix.F_UNLCK
}
