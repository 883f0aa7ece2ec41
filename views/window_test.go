package views

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the machine that runs the tests may have no zones

	"korescope/api"
)

func TestParseSince(t *testing.T) {
	tests := map[string]struct {
		want time.Duration
		says string
	}{
		"24h": {want: 24 * time.Hour}, "7d": {want: 168 * time.Hour}, "90m": {want: 90 * time.Minute},
		"2w": {want: 336 * time.Hour}, "30s": {want: 30 * time.Second}, " 1D12h ": {want: 36 * time.Hour},
		"":                      {says: "no length of time"},
		"24":                    {says: "write 90m"},
		"h":                     {says: "no length"},
		"5y":                    {says: "no length"},
		"-5h":                   {says: "no length"},
		"0h":                    {says: "zero"},
		"9999w":                 {says: "ten years"},
		"1h 2m":                 {says: "no length"},
		"99999999999999999999h": {says: "ten years"},
		"200w200w200w":          {says: "ten years"},
		"1h\x1b[2J":             {says: "no length"},
	}
	for in, tt := range tests {
		got, err := ParseSince(in)
		if got != tt.want || (err != nil) != (tt.says != "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q: %v, %v", in, got, err)
		}
		if err != nil && (ExitCode(err) != ExitUsage || strings.ContainsRune(err.Error(), 0x1b)) {
			t.Errorf("%q: error %q", in, err)
		}
	}
}

func TestParseTime(t *testing.T) {
	berlin := time.FixedZone("CEST", 2*3600)
	tests := map[string]struct {
		want string
		date bool
	}{
		"2025-10-17T14:30:00Z":         {"2025-10-17T14:30:00.000Z", false},
		"2025-10-17T14:30:00.25+05:30": {"2025-10-17T09:00:00.250Z", false},
		"2025-10-17":                   {"2025-10-16T22:00:00.000Z", true},
		" 2025-10-17 14:30 ":           {"2025-10-17T12:30:00.000Z", false},
		"2025-10-17 14:30:05":          {"2025-10-17T12:30:05.000Z", false},
		"2025-10-17T14:30":             {"2025-10-17T12:30:00.000Z", false},
		"17.10.2025":                   {}, "": {}, "2025-02-30": {}, "yesterday": {},
	}
	for in, tt := range tests {
		got, date, err := ParseTime(in, berlin)
		if (err == nil) != (tt.want != "") || err == nil && (Stamp(got) != tt.want || date != tt.date) {
			t.Errorf("%q: %v, %v, %v", in, got, date, err)
		}
	}
	if got, _, _ := ParseTime("2025-10-17", nil); !got.Equal(at("2025-10-17T00:00:00Z")) {
		t.Errorf("no zone is not UTC: %v", got)
	}
}

func TestParseWindow(t *testing.T) {
	now := at("2025-10-17T12:00:00Z")
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, since, from, to string
		zone                  *time.Location
		want, until, says     string
	}{
		{name: "nothing", want: "2025-10-16T12:00:00Z", until: "2025-10-17T12:00:00Z"},
		{name: "since", since: "90m", want: "2025-10-17T10:30:00Z", until: "2025-10-17T12:00:00Z"},
		{name: "from", from: "2025-10-10", want: "2025-10-10T00:00:00Z", until: "2025-10-17T12:00:00Z"},
		{name: "to", to: "2025-10-10T06:00:00Z", want: "2025-10-09T06:00:00Z", until: "2025-10-10T06:00:00Z"},
		{name: "one day", from: "2025-10-10", to: "2025-10-10", want: "2025-10-10T00:00:00Z", until: "2025-10-11T00:00:00Z"},
		{name: "a day in a zone", from: "2025-10-10", to: "2025-10-10", zone: berlin, want: "2025-10-09T22:00:00Z", until: "2025-10-10T22:00:00Z"},
		{name: "a day of 25 hours", from: "2024-10-27", to: "2024-10-27", zone: berlin, want: "2024-10-26T22:00:00Z", until: "2024-10-27T23:00:00Z"},
		{name: "today ends now", from: "2025-10-17", to: "2025-10-17", want: "2025-10-17T00:00:00Z", until: "2025-10-17T12:00:00Z"},
		{name: "both", since: "1h", to: "2025-10-10", says: "exclude each other"},
		{name: "wrong way", from: "2025-10-11", to: "2025-10-09T06:00:00Z", says: "lies after"},
		{name: "future", from: "2025-10-18", says: "not in the past"},
		{name: "empty", from: "2025-10-10T06:00:00Z", to: "2025-10-10T06:00:00Z", says: "same moment"},
		{name: "bad since", since: "x", says: "no length"},
		{name: "bad from", from: "x", says: "no time"},
		{name: "bad to", to: "x", says: "no time"},
	}
	for _, tt := range tests {
		got, err := ParseWindow(tt.since, tt.from, tt.to, now, tt.zone)
		if tt.says != "" {
			if err == nil || !strings.Contains(err.Error(), tt.says) || ExitCode(err) != ExitUsage {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if err != nil || got != api.Between(at(tt.want), at(tt.until)) {
			t.Errorf("%s: %v, %v", tt.name, got, err)
		}
	}
}
