package views

import (
	"bytes"
	"slices"
	"strings"

	"korescope/api/payload"
)

// The names of fields tell what their values are, whatever those look like. A
// name is taken apart into its words first: api_key, apiKey, API-Key and
// "api key" are the same name.

// personField reports the name of a field that holds a person's name.
func personField(name string) bool {
	words := payload.NameWords(name)
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
	switch strings.Join(payload.NameWords(name), "") {
	case "userid", "channeluserid", "channeluid", "customerid", "callerid", "memberid", "patientid", "accountid", "accountsid", "identity",
		"useridentity", "useremailid", "createdby", "modifiedby", "lastmodifiedby":
		return true
	}
	return false
}

// contactField reports the name of a field that holds where or how somebody is
// reached, or a number that stands for them.
func contactField(name string) bool {
	words := payload.NameWords(name)
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
