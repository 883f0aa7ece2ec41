package filter

import (
	"fmt"
	"strings"
	"time"

	"korescope/api"
	"korescope/ui/text"
	"korescope/views"
)

// Sessions is the schema of session rows. zone is that of the times on screen,
// so that a time can be typed as it is seen; nil is UTC.
func Sessions(zone *time.Location) Schema[api.Session] {
	type row = api.Session
	return Schema[row]{
		What: "sessions",
		Fields: []Field[row]{
			{
				Name: "type", Help: "how it ended", Kind: Special, Compile: containment,
				Values: []string{"dropOff", "selfService", "agent", "open", "none"},
			},
			{Name: "user", Help: "user id, any part", Words: func(s row) []string { return []string{string(s.User)} }},
			{Name: "channel", Help: "channel", Kind: Start, Words: func(s row) []string { return []string{s.Channel} }},
			{Name: "lang", Help: "language", Kind: Start, Words: func(s row) []string { return s.Languages }},
			{
				Name: "status", Help: "active or closed", Kind: Start, Values: []string{api.StatusActive, api.StatusClosed},
				Words: func(s row) []string { return []string{s.Status} },
			},
			{
				Name: "kind", Help: "with or without a user", Kind: Start, Values: []string{api.KindInteractive, api.KindNonInteractive},
				Words: func(s row) []string { return []string{s.Kind} },
			},
			{
				Name: "dev", Help: "developer session", Kind: Special, Values: []string{"true", "false", "?"},
				Compile: func(op Op, value string) (func(row) bool, error) {
					return truth("dev", op, value, func(s row) api.Maybe[bool] { return s.Developer })
				},
			},
			{Name: "msgs", Help: "messages, >4", Kind: Number, Amount: func(s row) (int64, bool) { return int64(s.Messages.Value), s.Messages.Known }},
			{Name: "tasks", Help: "tasks, >4", Kind: Number, Amount: func(s row) (int64, bool) { return int64(s.Tasks.Value), s.Tasks.Known }},
			{
				Name: "dur", Help: "how long it lasted, >90s", Kind: Length,
				Amount: func(s row) (int64, bool) { d := s.Duration(); return d.Value.Milliseconds(), d.Known },
			},
			{Name: "task", Help: "task that spoke, of conversations read here", Words: func(s row) []string { return s.TaskNames }},
			{
				Name: "lat", Help: "longest wait for the bot, >3s, of conversations read here", Kind: Length,
				Amount: func(s row) (int64, bool) { return int64(s.Slowest.Value), s.Slowest.Known },
			},
			{Name: "tag", Help: "name or name=value", Kind: Special, Compile: tag},
			{Name: "call", Help: "call id of an agent desk, asked of the platform", Words: func(row) []string { return nil }},
			{Name: "why", Help: "words of the WHY line, of what was read", Words: func(s row) []string { return []string{s.Why} }},
			{Name: "id", Help: "session id, any part", Words: func(s row) []string { return []string{string(s.ID)} }},
		},
		Anywhere: anywhere,
		Times:    func(s row, see func(string) bool) bool { return moments(s.Start, zone, see) },
	}
}

func anywhere(s api.Session, see func(string) bool) bool {
	for _, word := range []string{
		string(s.ID), string(s.User), s.Channel, string(s.Containment), s.Status, s.Kind, s.Unreadable,
	} {
		if word != "" && see(word) {
			return true
		}
	}
	for _, l := range s.Languages {
		if see(l) {
			return true
		}
	}
	for _, tags := range [][]api.Tag{s.UserTags, s.SessionTags} {
		for _, t := range tags {
			if see(t.Name) || see(views.TagValue(t)) {
				return true
			}
		}
	}
	return false
}

// moments is a day and a time of day as they are shown.
func moments(t time.Time, zone *time.Location, see func(string) bool) bool {
	return see(views.Day(t, zone).String()) || see(views.Clock(t, zone).String())
}

// containments are the words for how a session ended, with those that mean the
// same.
func containments() []struct {
	word string
	is   func(api.Session) bool
} {
	ended := func(c api.Containment) func(api.Session) bool {
		return func(s api.Session) bool { return s.Containment == c }
	}
	return []struct {
		word string
		is   func(api.Session) bool
	}{
		{"dropoff", ended(api.DropOff)},
		{"selfservice", ended(api.SelfService)},
		{"agent", ended(api.Agent)},
		{"open", api.Session.Open},
		{"none", ended(api.Undetermined)},
	}
}

func containment(op Op, value string) (func(api.Session) bool, error) {
	if op != Has && op != Exactly {
		return nil, fmt.Errorf("type holds words; %s is for numbers", op)
	}
	typed := strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(value))
	for _, c := range containments() {
		if begins(typed, c.word) {
			return c.is, nil
		}
	}
	return nil, fmt.Errorf("type is dropOff, selfService, agent, open or none, not %q", text.Clean(value).String())
}

// tag compares one tag of the user or of the session: its name, or its name and
// the beginning of its value.
func tag(op Op, value string) (func(api.Session) bool, error) {
	if op != Has {
		return nil, fmt.Errorf("tag is written tag:name or tag:name=value")
	}
	name, wanted, both := strings.Cut(value, "=")
	if name == "" {
		return nil, fmt.Errorf("tag needs a name: tag:name or tag:name=value")
	}
	n, v := newNeedle(name), newNeedle(wanted)
	return func(s api.Session) bool {
		for _, tags := range [][]api.Tag{s.UserTags, s.SessionTags} {
			for _, t := range tags {
				if n.whole(t.Name) && (!both || v.starts(views.TagValue(t))) {
					return true
				}
			}
		}
		return false
	}, nil
}

// truth compares yes and no; ? is not known.
func truth[T any](name string, op Op, value string, of func(T) api.Maybe[bool]) (func(T) bool, error) {
	if op != Has && op != Exactly {
		return nil, fmt.Errorf("%s is true or false; %s is for numbers", name, op)
	}
	typed := strings.ToLower(value)
	switch {
	case typed == "?":
		return func(row T) bool { return !of(row).Known }, nil
	case typed == "1" || begins(typed, "true") || begins(typed, "yes"):
		return func(row T) bool { return of(row).Known && of(row).Value }, nil
	case typed == "0" || begins(typed, "false") || begins(typed, "no"):
		return func(row T) bool { return of(row).Known && !of(row).Value }, nil
	}
	return nil, fmt.Errorf("%s is true or false, not %q", name, text.Clean(value).String())
}

// begins reports that what was typed is the beginning of a word.
func begins(typed, word string) bool { return typed != "" && strings.HasPrefix(word, typed) }
