// Package payload reads what was sent to a language model and what came back,
// whatever provider it was: messages by role, the answer, why it ended, what is
// wrong with it, settings, the provider's own token counts, and where secrets
// stand. It is pure: no I/O, no state, nothing here fails or panics. What is not
// understood is said as that, and never taken for empty.
//
// The shapes are data: answers in answer_shapes.go, events of a stream in
// event_shapes.go, parts of a message in part_shapes.go, requests in
// request_shapes.go, words for how an answer ended in finish.go. A new provider
// is a row there and a row of the table test. Only the OpenAI chat shape is
// documented by the platform (reference 9.3, 31.1); the others are the public
// formats of the providers.
package payload

// Version is the number of what this package makes of payloads. It is raised
// whenever a finish reason, a problem or a count of tokens may come out
// differently, so that who keeps those reads the payloads anew.
const Version = 3
