package filter_test

import (
	"testing"
	"time"

	"korescope/views/filter"
)

func TestMend(t *testing.T) {
	s := filter.Sessions(time.UTC)
	for typed, want := range map[string]string{
		"chanel:rtm":                    "channel:rtm",
		"type:agent -chanel:rtm x":      "type:agent -channel:rtm x",
		"Chanel:rtm":                    "channel:rtm",
		"channel:rtm":                   "",
		"words only":                    "",
		"zzzzzzz:rtm":                   "",
		"zzzzzzz:rtm chanel:ivr":        "",
		`tag:"a chanel:b" type:dropOff`: "",
		"":                              "",
	} {
		if got := s.Mend(typed); got != want {
			t.Errorf("%q is mended to %q, not %q", typed, got, want)
		}
	}
}
