package spell

import "strings"

// bare are the characters that need no quotation marks in a shell.
const bare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+:,./_-"

// Shell is text as one word of a shell. What no line may carry, control characters
// say, is for the caller to keep out.
func Shell(s string) string {
	if s != "" && strings.Trim(s, bare) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
