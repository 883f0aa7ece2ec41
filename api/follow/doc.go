// Package follow watches a bot's sessions inside the request limits: what is
// new, what closes, what changes its containment type.
//
// A read lists the sessions that started since 60 s before the newest start that
// was seen, so that one written late, or on a clock that is off, is neither
// missed nor, by its id, told twice. Conversations that are still open are read
// again by fifties, the longest unread first.
//
// The pace is worked out before every read from what the minute and the hour
// leave beside what others use (see [Room]); it never goes over [Most] requests
// a minute. What a failed read did not see, the next one asks for.
//
// Clock and wait are given, so that an hour of following is tested in seconds.
package follow
