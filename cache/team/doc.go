// Package team lets several machines that ask one bot share one count of
// requests and one memory of finished answers, through Redis or Valkey.
//
// The server is never waited for: an act that takes longer than [Patience] counts
// as no answer, from then on each machine keeps to its own share, and a probe in
// the background finds out when the server is back. Names of keys are hashes and
// values are sealed, so the server knows neither ids nor texts nor names.
package team
