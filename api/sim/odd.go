package sim

// The odd conversations stand at fixed ranks, counted back from the newest
// session before the anchor, so that tests find them and the first screen of a
// demonstration does not: the newest thirty are ordinary.

const oddWorld = defaultDays * defaultDaily // the ranks below are meant for a world of this size

type oddRow struct {
	rank  int
	scene scene
}

func oddRows() []oddRow {
	rows := []oddRow{
		{34, german(0)}, {41, spanish(0)}, {50, scene{name: "emoji", tell: emoji, channels: []string{"wfacebook"}}},
		{58, arabic()}, {66, japanese()}, {73, thai()}, {79, german(1)}, {88, spanish(1)},
		{31, scene{name: "long open", tell: longOpen, channels: []string{"rtm"}}},
		{43, scene{name: "two at once", tell: overlapping, channels: []string{"rtm"}, user: 7}},
		{44, scene{name: "two at once", tell: overlapping, channels: []string{"korevg"}, user: 7}},
		{121, scene{name: "empty", tell: empty, mute: true, channels: []string{"rtm"}}},
		{133, scene{name: "smartassist", tell: smartassist, channels: []string{"smartassist"}}},
		{141, scene{name: "media", tell: mediaParts, channels: []string{"msteams"}}},
		{150, scene{name: "audiocodes", tell: callHours, channels: []string{"audiocodes"}}},
		{185, scene{name: "long", tell: long, channels: []string{"rtm"}}},
		{198, scene{name: "models", tell: modelShapes, channels: []string{"rtm"}}},
		{206, scene{name: "model failures", tell: modelFailures, channels: []string{"rtm"}}},
		{214, scene{name: "loose keys", tell: looseModelKeys, channels: []string{"rtm"}}},
		{230, scene{name: "odd tags", tell: oddTags, channels: []string{"email"}}},
		{243, scene{name: "developer", tell: developer, channels: []string{"rtm"}}},
		{251, scene{name: "no status", tell: noStatus, channels: []string{"skype"}}},
		{264, scene{name: "alerts", tell: alerts, mute: true, channels: []string{"sms"}}},
		{277, scene{name: "escapes", tell: escapes, channels: []string{"rtm"}}},
		{289, scene{name: "braces", tell: braces, channels: []string{"rtm"}}},
		{301, scene{name: "huge", tell: huge, channels: []string{"rtm"}}},
		{317, scene{name: "clocks", tell: clocks, channels: []string{"rtm"}}},
		{333, scene{name: "old key", tell: oldKey, channels: []string{"twitter"}}},
		{350, scene{name: "no text", tell: noText, channels: []string{"line"}}},
	}
	for i, channel := range []string{
		"kore", "telegram", "liveperson", "twiliovoice", "alexa", "googleactions", "ringcentral", "mattermost", "api", "skypeforbusiness", "web-sdk",
	} {
		rows = append(rows, oddRow{400 + 9*i, scene{name: "channel " + channel, tell: openingHours, channels: []string{channel}}})
	}
	return rows
}

// oddPlaces moves the ranks apart in a larger world.
func oddPlaces(sessions int) map[int]scene {
	out := map[int]scene{}
	for _, row := range oddRows() {
		out[row.rank*max(sessions, oddWorld)/oddWorld] = row.scene
	}
	return out
}
