package cache

import "testing"

func TestKeyTagTellsSecretsApartAndNothingElse(t *testing.T) {
	a, err := KeyTag("first-secret")
	if err != nil {
		t.Fatal(err)
	}
	again, _ := KeyTag("first-secret")
	b, _ := KeyTag("first-secreT")
	if a != again || a == b || len(a) != 8 {
		t.Errorf("tags %q %q %q", a, again, b)
	}
	key, err := deriveKey("first-secret", "p")
	if err != nil {
		t.Fatal(err)
	}
	if key[:8] == a {
		t.Error("the tag is a part of the key")
	}
}
