// Package api is the vocabulary of korescope: what a session, a message and a
// model call are, what can be asked about them, and how an answer or a failure
// is described.
//
// It promises plain values without behaviour that waits: no network, no disk,
// no clock of its own. Wire shapes stay in api/kore, rows stay in cache, words
// for people stay in views. Every other package may import it; it imports none
// of ours.
//
// Times are UTC. A number the platform did not send is not zero: it is a
// [Maybe] that is not Known.
package api
