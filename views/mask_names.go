package views

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

// The names of fields tell what their values are, whatever those look like. A
// name is taken apart into its words first: api_key, apiKey, API-Key and
// "api key" are the same name.

// secretField reports the name of a field that holds what opens a door. Its
// value is never shown.
func secretField(name string) bool {
	words := nameWords(name)
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	switch last {
	case "key":
		// One word of many meanings: alone and after a blank or a line it is a
		// key of a door, as the second half of one word only with these.
		return strings.ContainsAny(name, "-_. ") || len(words) == 1 || slices.Contains(doorWords(), words[len(words)-2])
	case "token", "secret", "password", "passwd", "passphrase", "pwd", "authorization", "credential", "credentials", "cookie", "jwt",
		"bearer", "signature", "otp", "pin":
		return true
	}
	for _, end := range []string{"apikey", "secretkey", "privatekey", "accesskey", "authkey", "sessionkey", "accesstoken", "authtoken", "refreshtoken", "idtoken",
		"sessiontoken", "clientsecret", "password", "passcode"} {
		if strings.HasSuffix(last, end) {
			return true
		}
	}
	return false
}

func doorWords() []string {
	return []string{"api", "access", "auth", "client", "secret", "private", "session", "refresh", "id", "subscription", "signing", "encryption", "account", "service"}
}

// personField reports the name of a field that holds a person's name.
func personField(name string) bool {
	words := nameWords(name)
	if len(words) == 1 {
		return slices.Contains([]string{"firstname", "lastname", "fullname", "surname", "username", "customername", "callername", "agentname", "displayname", "nickname"}, words[0])
	}
	if len(words) < 2 || words[len(words)-1] != "name" {
		return false
	}
	return slices.Contains([]string{
		"first", "last", "full", "given", "family", "middle", "maiden", "user", "customer", "caller", "agent", "contact", "display", "nick",
		"holder", "cardholder", "patient", "member", "owner", "recipient", "sender", "guest",
	}, words[len(words)-2])
}

// identityField reports the name of a field that holds who somebody is at a
// channel or in a customer's own systems.
func identityField(name string) bool {
	switch strings.Join(nameWords(name), "") {
	case "userid", "channeluserid", "channeluid", "customerid", "callerid", "memberid", "patientid", "accountid", "accountsid", "identity",
		"useridentity", "useremailid", "createdby", "modifiedby", "lastmodifiedby":
		return true
	}
	return false
}

// contactField reports the name of a field that holds where or how somebody is
// reached, or a number that stands for them.
func contactField(name string) bool {
	words := nameWords(name)
	for _, w := range words {
		if slices.Contains([]string{
			"phone", "telephone", "mobile", "msisdn", "email", "mail", "street", "postcode", "zip", "zipcode", "iban", "cvv", "cvc", "birthday", "birthdate",
			"dob", "ssn", "passport", "caller", "phonenumber", "mobilenumber", "callernumber", "cardnumber", "accountnumber",
		}, w) {
			return true
		}
	}
	whole := strings.Join(words, "")
	for _, part := range []string{"birthdate", "dateofbirth", "cardnumber", "accountnumber", "policynumber", "insurancenumber", "licensenumber", "licencenumber",
		"addressline", "homeaddress", "postaladdress"} {
		if strings.Contains(whole, part) {
			return true
		}
	}
	return whole == "address"
}

// nameWords takes the name of a field apart, in small letters.
func nameWords(name string) []string {
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

// secretive reports JSON that may have a field with the name of a secret; it is
// only a quick look, so that what has none is not written anew.
func secretive(raw []byte) bool {
	low := bytes.ToLower(raw)
	for _, w := range []string{"key", "token", "secret", "pass", "pwd", "authorization", "credential", "cookie", "jwt", "bearer", "signature", "otp", "pin"} {
		if bytes.Contains(low, []byte(w)) {
			return true
		}
	}
	return bytes.Contains(low, []byte(`\u00`))
}
