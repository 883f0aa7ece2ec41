package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// The numbers are of the 256-colour palette, so that a frame costs the same on
// every terminal; 16-colour terminals get the nearest of theirs.
func c(n string) color.Color { return lipgloss.Color(n) }

func darkColours() palette {
	return palette{
		looks: map[Token]look{
			Strong: {bold: true}, Dim: {fg: c("246")}, Faint: {fg: c("240")},
			Title: {fg: c("255"), bold: true}, Accent: {fg: c("81"), bold: true},
			Good: {fg: c("114")}, Warn: {fg: c("221")}, Bad: {fg: c("210"), bold: true}, Info: {fg: c("117")},
			User: {fg: c("223")}, Bot: {fg: c("152")}, Human: {fg: c("183"), bold: true},
			Key: {fg: c("117")}, String: {fg: c("150")}, Number: {fg: c("180")}, Literal: {fg: c("176")},
			Match: {fg: c("232"), bold: true}, Mark: {fg: c("221"), bold: true},
			Cursor: {fg: c("81"), bold: true}, CursorRow: {}, Bar: {fg: c("252")},
			BarKey: {fg: c("81"), bold: true}, Alarm: {fg: c("231"), bold: true},
			Added: {fg: c("114")}, Removed: {fg: c("210")},
		},
		fills: map[Token]color.Color{
			CursorRow: c("237"), Bar: c("236"), Alarm: c("124"), Match: c("221"),
		},
	}
}

func light() palette {
	return palette{
		looks: map[Token]look{
			Strong: {bold: true}, Dim: {fg: c("241")}, Faint: {fg: c("248")},
			Title: {fg: c("16"), bold: true}, Accent: {fg: c("25"), bold: true},
			Good: {fg: c("28")}, Warn: {fg: c("130")}, Bad: {fg: c("160"), bold: true}, Info: {fg: c("25")},
			User: {fg: c("94")}, Bot: {fg: c("24")}, Human: {fg: c("91"), bold: true},
			Key: {fg: c("25")}, String: {fg: c("28")}, Number: {fg: c("94")}, Literal: {fg: c("91")},
			Match: {fg: c("16"), bold: true}, Mark: {fg: c("130"), bold: true},
			Cursor: {fg: c("25"), bold: true}, CursorRow: {}, Bar: {fg: c("236")},
			BarKey: {fg: c("25"), bold: true}, Alarm: {fg: c("231"), bold: true},
			Added: {fg: c("28")}, Removed: {fg: c("160")},
		},
		fills: map[Token]color.Color{
			CursorRow: c("254"), Bar: c("253"), Alarm: c("160"), Match: c("221"),
		},
	}
}

// contrast keeps to blue, orange and white, which red-green blind eyes tell
// apart, and uses weight and underline for the rest.
func contrast() palette {
	orange, blue := c("214"), c("39")
	return palette{
		looks: map[Token]look{
			Strong: {bold: true}, Title: {bold: true}, Accent: {fg: blue, bold: true},
			Good: {fg: blue}, Warn: {underline: true}, Bad: {fg: orange, bold: true}, Info: {fg: blue},
			User: {bold: true}, Human: {bold: true, underline: true},
			Key: {fg: blue}, Match: {reverse: true, bold: true}, Mark: {fg: orange, bold: true},
			Cursor: {fg: orange, bold: true}, BarKey: {bold: true, underline: true},
			Alarm: {reverse: true, bold: true}, Added: {fg: blue}, Removed: {fg: orange},
		},
		fills: map[Token]color.Color{},
	}
}

func mono() palette {
	return palette{
		looks: map[Token]look{
			Strong: {bold: true}, Title: {bold: true}, Accent: {bold: true, underline: true},
			Bad: {bold: true}, User: {bold: true}, Human: {bold: true, underline: true},
			Cursor: {bold: true}, BarKey: {bold: true}, Mark: {bold: true}, Key: {bold: true},
		},
		fills:        map[Token]color.Color{},
		reverseFills: true,
	}
}
