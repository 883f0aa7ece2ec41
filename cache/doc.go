// Package cache keeps what was read from the platform in one private SQLite
// file per profile, and answers questions from it before anybody asks the
// network.
//
// It promises: a start never fails because of the cache (it falls back to
// memory and says so), every answer says from when it is and how far it is
// complete, a page is written whole or not at all, and what was deleted is
// gone from the files. It refuses: to write to disk without a key, to follow
// links, to share a file between users, and to guess; what it cannot know it
// leaves to the platform.
//
// Screens and commands use the readers ([Sessions], [Messages], [LLM], [Calls],
// [DebugLogs], [Billed], [Billing], [Containment], [Bots], [Roles], [Tests]),
// the API client uses [Store.Ledger] and the Store itself as [api.Observer],
// and whoever follows jobs keeps them in [Store.Jobs]. The package knows neither terminals nor HTTP.
package cache
