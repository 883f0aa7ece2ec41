// Package sim is a simulator of the Kore.ai XO platform: one http.Handler that
// answers as the wire reference says, over a world that is made from a seed and
// a clock that tests can move.
//
// It promises: the same options give the same bytes; nothing is stored, every
// session, message and model call is made when asked for, so a hundred thousand
// sessions cost as little to create as ten; it is safe for concurrent use. All
// people, orders, shops, numbers and secrets in it are invented. The jobs that
// callers start, and the suites and files they bring, are the one exception: they
// are kept, with a list of every act.
//
// It is built from the reference and never from a client. Where the platform's
// behaviour is unknown the convention chosen here is marked [SIM] in the code.
//
// A call of the platform is one row of the route table (routes.go) and one
// handler. A misbehaviour is one row of the fault table (fault_table.go).
// Only demo, tests and apitest start it, and only on loopback.
package sim
