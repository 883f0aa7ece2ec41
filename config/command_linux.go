package config

import "syscall"

// ownGroup puts a program into a process group of its own, and lets it die with
// this one, also when this one is killed.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
