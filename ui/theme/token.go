// Package theme names what text means on screen and is the only place where a
// colour is written. Screens speak of tokens (Bad, Dim, Cursor); a Theme turns
// a token into terminal attributes for dark, light, high-contrast or colourless
// terminals. No meaning is carried by colour alone: screens put a letter or a
// word beside every token that matters.
package theme

import (
	"slices"
	"strconv"
)

// Token is a meaning. The zero value is ordinary text.
type Token uint8

// The tokens.
const (
	Plain      Token = iota
	Strong           // what the eye should meet first: bold
	Dim              // labels, units, what may be skipped
	Faint            // rules and padding marks
	Title            // name of the screen
	Accent           // the active tab, the key in the footer
	Good             // self service, passed
	Warn             // agent, slow, provisional
	Bad              // drop-off, failed, cut
	Info             // model calls, joined lines
	User             // the customer speaks
	Bot              // the bot speaks
	Human            // a person at the desk speaks
	Key              // JSON key
	String           // JSON string
	Number           // JSON number
	Literal          // true, false, null
	Match            // what find found
	Mark             // a marked row
	Cursor           // the marker of the row under the cursor
	CursorRow        // fill of the row under the cursor: quiet
	Bar              // fill of header and footer
	BarKey           // a key named in the footer
	Alarm            // production, write mode, refused: filled
	Added            // a line that was added since the previous call
	Removed          // a line that was removed
	Production       // fill of the header where it is the real thing
	Tokens           // how many tokens there are
)

// Tokens with a background of their own, which may fill a whole row.
func fills() []Token { return []Token{Plain, CursorRow, Bar, Alarm, Match, Production} }

// Fills reports whether the token has a background of its own.
func (t Token) Fills() bool { return t != Plain && slices.Contains(fills(), t) }

// String is the token's name, as pictures of screens are kept with it.
func (t Token) String() string {
	if names := tokenNames(); int(t) < len(names) {
		return names[t]
	}
	return "token-" + strconv.Itoa(int(t))
}

// TokenNamed finds a token by its name.
func TokenNamed(name string) (Token, bool) {
	i := slices.Index(tokenNames(), name)
	return Token(max(i, 0)), i >= 0
}

// tokenNames is in the order of the tokens.
func tokenNames() []string {
	return []string{
		"plain", "strong", "dim", "faint", "title", "accent", "good", "warn", "bad", "info",
		"user", "bot", "human", "key", "string", "number", "literal", "match", "mark",
		"cursor", "cursor-row", "bar", "bar-key", "alarm", "added", "removed", "production",
	}
}
