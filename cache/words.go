package cache

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ncruces/go-sqlite3/ext/fts5"
	"golang.org/x/text/unicode/norm"
)

// Words for the full-text index: letters and digits in any script, compared
// without case and without accents. Scripts that put no blanks between words
// give one word per character, so that a text in them is found as a phrase of
// its characters, however short. This is smaller and faster than an index of
// three-letter pieces, and finds words of one or two characters, which such an
// index cannot.

// maxWord cuts what nobody types: encoded pictures, tokens, hashes.
const maxWord = 64

type wordSplitter struct{}

func registerWords(api *fts5.API) error {
	return api.CreateTokenizer("korescope", func([]string) (fts5.Tokenizer, error) {
		return wordSplitter{}, nil
	})
}

func (wordSplitter) Tokenize(_ fts5.TokenizeFlag, text, _ string, give fts5.TokenCallback) error {
	return eachWord(text, func(word string, start, end int) error {
		if word == text[start:end] {
			word = "" // the engine then takes its own copy of the bytes
		}
		return give(0, word, start, end)
	})
}

// eachWord calls give with every folded word and its byte span in text.
func eachWord(text string, give func(word string, start, end int) error) error {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !wordRune(r) {
			i += size
			continue
		}
		end := i + size
		if unspaced(r) {
			end = withMarks(text, end)
		} else {
			end = wordEnd(text, end)
		}
		if word := fold(text[i:end]); word != "" {
			if err := give(word, i, end); err != nil {
				return err
			}
		}
		i = end
	}
	return nil
}

func wordEnd(text string, i int) int {
	for i < len(text) {
		if b := text[i]; b < utf8.RuneSelf {
			if !asciiWord(b) {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if unspaced(r) || !wordRune(r) && !unicode.Is(unicode.M, r) && r != 'ـ' {
			return i
		}
		i += size
	}
	return i
}

func withMarks(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.Is(unicode.M, r) {
			break
		}
		i += size
	}
	return i
}

func asciiWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return asciiWord(byte(r))
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r))
}

// unspaced reports scripts written without blanks between words.
func unspaced(r rune) bool {
	if r < 0x0e00 {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai,
		unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan) || r == 'ー' || r == '々'
}

// fold gives the form that is compared: decomposed, without marks, lower case,
// "ss" for sharp s. Two spellings of one word give the same form.
func fold(word string) string {
	plain := true
	for i := 0; i < len(word) && plain; i++ {
		plain = word[i] < utf8.RuneSelf
	}
	if plain {
		return cutWord(strings.ToLower(word))
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(word) {
		switch r = unicode.ToLower(r); {
		case unicode.Is(unicode.M, r) || r == 'ـ':
		case r == 'ß':
			b.WriteString("ss")
		default:
			b.WriteRune(r)
		}
	}
	return cutWord(b.String())
}

func cutWord(w string) string {
	if len(w) <= maxWord {
		return w
	}
	cut := maxWord
	for cut > 0 && !utf8.RuneStart(w[cut]) {
		cut--
	}
	return w[:cut]
}
