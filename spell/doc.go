// Package spell answers two questions about a word that everybody asks who talks to
// a person: which known one was meant, and how a shell has to see it.
package spell
