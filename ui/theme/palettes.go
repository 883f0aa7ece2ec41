package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// The numbers are of the 256-colour palette, so that a frame costs the same on
// every terminal; 16-colour terminals have palettes of their own, because the
// nearest of theirs makes red of amber.
func c(n string) color.Color { return lipgloss.Color(n) }

func darkColours() palette {
	return palette{
		looks: map[Token]look{
			Strong: {bold: true}, Dim: {fg: c("248")}, Faint: {fg: c("244")},
			Title: {fg: c("255"), bold: true}, Accent: {fg: c("81"), bold: true},
			Good: {fg: c("114")}, Warn: {fg: c("221")}, Bad: {fg: c("210"), bold: true}, Info: {fg: c("117")},
			User: {fg: c("223")}, Bot: {fg: c("152")}, Human: {fg: c("183"), bold: true},
			Key: {fg: c("117")}, String: {fg: c("150")}, Number: {fg: c("180")}, Literal: {fg: c("176")},
			Match: {fg: c("232"), bold: true}, Mark: {fg: c("221"), bold: true},
			Cursor: {fg: c("81"), bold: true}, CursorRow: {}, Bar: {fg: c("252")},
			BarKey: {fg: c("81"), bold: true}, Alarm: {fg: c("231"), bold: true},
			Added: {fg: c("114")}, Removed: {fg: c("210")}, Production: {fg: c("252")},
		},
		fills: map[Token]color.Color{
			CursorRow: c("237"), Bar: c("236"), Alarm: c("124"), Match: c("221"), Production: c("52"),
		},
	}
}

func light() palette {
	return palette{
		looks: map[Token]look{
			Strong: {bold: true}, Dim: {fg: c("240")}, Faint: {fg: c("244")},
			Title: {fg: c("16"), bold: true}, Accent: {fg: c("25"), bold: true},
			Good: {fg: c("22")}, Warn: {fg: c("94")}, Bad: {fg: c("124"), bold: true}, Info: {fg: c("25")},
			User: {fg: c("58")}, Bot: {fg: c("24")}, Human: {fg: c("91"), bold: true},
			Key: {fg: c("25")}, String: {fg: c("22")}, Number: {fg: c("58")}, Literal: {fg: c("91")},
			Match: {fg: c("16"), bold: true}, Mark: {fg: c("94"), bold: true},
			Cursor: {fg: c("25"), bold: true}, CursorRow: {}, Bar: {fg: c("236")},
			BarKey: {fg: c("25"), bold: true}, Alarm: {fg: c("231"), bold: true},
			Added: {fg: c("22")}, Removed: {fg: c("124")}, Production: {fg: c("236")},
		},
		fills: map[Token]color.Color{
			CursorRow: c("255"), Bar: c("254"), Alarm: c("160"), Match: c("221"), Production: c("230"),
		},
	}
}

// sixteenDark and sixteenLight keep to the sixteen colours every terminal has,
// without bright grounds, which the console of Linux cannot show. What is dim is
// ordinary text: bright black is not seen everywhere.
func sixteenDark() palette {
	return palette{
		looks: map[Token]look{
			Strong: {bold: true}, Faint: {fg: c("8")},
			Title: {fg: c("15"), bold: true}, Accent: {fg: c("14"), bold: true},
			Good: {fg: c("10")}, Warn: {fg: c("3")}, Bad: {fg: c("9"), bold: true}, Info: {fg: c("6")},
			User: {fg: c("11")}, Bot: {fg: c("7")}, Human: {fg: c("13"), bold: true},
			Key: {fg: c("6")}, String: {fg: c("2")}, Number: {fg: c("3")}, Literal: {fg: c("5")},
			Match: {fg: c("0")}, Mark: {fg: c("11"), bold: true},
			Cursor: {fg: c("14"), bold: true}, Bar: {fg: c("15")},
			BarKey: {fg: c("14"), bold: true}, Alarm: {fg: c("15"), bold: true},
			Added: {fg: c("10")}, Removed: {fg: c("9")}, Production: {fg: c("15")},
		},
		fills: map[Token]color.Color{Bar: c("4"), Alarm: c("1"), Match: c("3"), Production: c("5")},
	}
}

func sixteenLight() palette {
	return palette{
		looks: map[Token]look{
			Strong: {bold: true}, Faint: {fg: c("8")},
			Title: {fg: c("0"), bold: true}, Accent: {fg: c("4"), bold: true},
			Good: {fg: c("2")}, Warn: {fg: c("3")}, Bad: {fg: c("1"), bold: true}, Info: {fg: c("4")},
			User: {fg: c("5")}, Bot: {fg: c("0")}, Human: {fg: c("5"), bold: true},
			Key: {fg: c("4")}, String: {fg: c("2")}, Number: {fg: c("3")}, Literal: {fg: c("5")},
			Match: {fg: c("0")}, Mark: {fg: c("3"), bold: true},
			Cursor: {fg: c("4"), bold: true}, Bar: {fg: c("0")},
			BarKey: {fg: c("4"), bold: true}, Alarm: {fg: c("15"), bold: true},
			Added: {fg: c("2")}, Removed: {fg: c("1")}, Production: {fg: c("0")},
		},
		fills: map[Token]color.Color{Bar: c("7"), Alarm: c("1"), Match: c("3"), Production: c("6")},
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
			Alarm: {reverse: true, bold: true}, Production: {underline: true}, Added: {fg: blue}, Removed: {fg: orange},
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
