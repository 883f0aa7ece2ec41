// Package ui is the shell: a stack of screens, one header, one footer, the
// command line, help, the copy menu and notes. It knows no session and no
// platform: it turns keys into actions, delivers messages to the screen they
// are addressed to, and is the only place where a picture becomes bytes.
//
// Nothing here waits. Everything that takes time is a command; a command's
// answer is addressed, or it is one of the shell's own messages.
package ui
