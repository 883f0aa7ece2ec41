package cli

import (
	"slices"
	"strings"
	"testing"
)

func TestWordsOfAnOwnCommand(t *testing.T) {
	given := map[string]string{"KORESCOPE_SESSION": "s-1", "KORESCOPE_USER": "", "KORESCOPE_ID": "-rf"}
	for name, tt := range map[string]struct {
		words, want []string
		wrong       string
	}{
		"a value":                {[]string{"ticket", "--of", "$KORESCOPE_SESSION"}, []string{"ticket", "--of", "s-1"}, ""},
		"not ours":               {[]string{"echo", "$HOME", "KORESCOPE_SESSION"}, []string{"echo", "$HOME", "KORESCOPE_SESSION"}, ""},
		"nothing here":           {[]string{"ticket", "$KORESCOPE_USER"}, nil, "there is no user here"},
		"named as an option is":  {[]string{"rm", "$KORESCOPE_ID"}, nil, "begins with a dash"},
		"an option of their own": {[]string{"rm", "-rf", "$KORESCOPE_SESSION"}, []string{"rm", "-rf", "s-1"}, ""},
	} {
		got, err := wordsOf(tt.words, given)
		if !slices.Equal(got, tt.want) || (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
