package payload

import (
	"slices"
	"strings"
	"unicode"
)

// SecretName reports the name of a field that holds what opens a door, at
// whatever depth it stands: apiKey, x-api-key, client_secret, Authorization
// (reference 25). Its value is never shown.
func SecretName(name string) bool {
	words := NameWords(name)
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	switch last {
	case "key":
		// One word of many meanings: alone and after a blank or a line it is a
		// key of a door, as the second half of one word only with these.
		return strings.ContainsAny(strings.TrimSpace(name), "-_. ") || len(words) == 1 || slices.Contains(doorWords(), words[len(words)-2])
	case "token", "secret", "password", "passwd", "passphrase", "passcode", "pwd", "authorization", "credential", "credentials", "cookie", "jwt",
		"bearer", "signature", "otp", "pin":
		return true
	}
	for _, end := range []string{
		"apikey", "secretkey", "privatekey", "accesskey", "authkey", "sessionkey", "accesstoken", "authtoken", "refreshtoken", "idtoken",
		"sessiontoken", "clientsecret", "password", "passcode", "passphrase",
	} {
		if strings.HasSuffix(last, end) {
			return true
		}
	}
	return false
}

func doorWords() []string {
	return []string{"api", "access", "auth", "client", "secret", "private", "session", "refresh", "id", "subscription", "signing", "encryption", "account", "service"}
}

// NameWords takes the name of a field apart, in small letters: api_key, apiKey,
// API-Key and "api key" are the same name.
func NameWords(name string) []string {
	var out []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			out = append(out, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	rs := []rune(name)
	for i, r := range rs {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case unicode.IsUpper(r) && i > 0 && (unicode.IsLower(rs[i-1]) || i+1 < len(rs) && unicode.IsLower(rs[i+1]) && unicode.IsUpper(rs[i-1])):
			end()
		}
		word = append(word, r)
	}
	end()
	return out
}
