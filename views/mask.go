package views

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"korescope/api/payload"
	"korescope/ui/text"
)

// Masker hides what points at a person or opens a door: mail addresses, phone,
// card and account numbers, tokens and keys, queries of links, and what the
// profile's own rules name. What remains keeps the shape short: p…@example.test,
// •••42. Ids of the platform (UUIDs, object ids) and times stay, because nothing
// could be found again without them.
//
// It errs towards hiding: any run of seven digits or more is taken for a number
// that identifies somebody.
type Masker struct {
	rules []*regexp.Regexp
	built *regexp.Regexp
	names *regexp.Regexp
}

const dots = "•••"

// The kinds of match, in the order in which they are tried at one place.
const (
	groupID = iota + 1
	groupTime
	groupLink
	groupMail
	groupJWT
	groupBearer
	groupSecret
	groupIBAN
	groupPlate
	groupDigits
)

// NewMasker makes a Masker with the rules of the profile: regular expressions of
// which the whole match is hidden, or only the first group where there is one.
// A rule that is no regular expression is a UsageError.
func NewMasker(rules []string) (*Masker, error) {
	m := &Masker{
		built: regexp.MustCompile(strings.Join([]string{
			`(\b(?:[a-z]{1,3}-)?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b|\b[0-9a-f]{24}\b)`,
			`(\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?\b)`,
			`([a-zA-Z][a-zA-Z0-9+.-]*://[^\s?#"'<>]+[?#][^\s"'<>]*)`,
			`([\pL\pN._%+-]+@[\pL\pN.-]*)`, // also one whose end was cut off
			`(\beyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){0,4})`,
			`(\b[Bb]earer\s+[A-Za-z0-9._~+/=-]{8,})`,
			`(\b(?:sk|pk|rk|ghp|gho|xox[abprs])[-_][A-Za-z0-9_-]{8,})`,
			`(\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b)`,
			`(\b[A-Z]{1,3}[ -]?\d{6,10}[A-Z]?\b)`,
			`(\+?\(?\d(?:[ ().\-/\x{00a0}]{0,2}\d){6,})`,
		}, "|")),
		names: regexp.MustCompile(`(?i)(name|phone|mobile|msisdn|caller|mail|address|street|city|zip|postcode|account|customer|member|policy|iban|card|cvv|birth|dob|ssn|passport|licen[cs]e|insurance|identity)`),
	}
	for i, rule := range rules {
		re, err := regexp.Compile(rule)
		if err != nil {
			return nil, &UsageError{Err: err,
				Text: fmt.Sprintf("mask rule %d is no regular expression: %s", i+1, text.Clean(err.Error()))}
		}
		m.rules = append(m.rules, re)
	}
	return m, nil
}

// Text hides what is found in free text.
func (m *Masker) Text(s string) string {
	if m == nil || s == "" {
		return s
	}
	// Whoever hides a character inside a number hides the number from the rules.
	if bare := unveiled(s); bare != s {
		if masked := m.visible(bare); masked != bare {
			return masked
		}
	}
	return m.visible(s)
}

// unveiled is text without the characters that nobody can see.
func unveiled(s string) string {
	unseen := func(r rune) bool {
		return r >= 0x7f && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || unicode.IsControl(r)) || r < 0x20 && r != '\n' && r != '\t' && r != '\r'
	}
	if !strings.ContainsFunc(s, unseen) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, s)
}

func (m *Masker) visible(s string) string {
	s = hideBehind(s, m.behind)
	for _, rule := range m.rules {
		s = replace(rule, s, func(match string, groups []int) string {
			if len(groups) > 2 && groups[2] >= 0 {
				from, to := groups[2]-groups[0], groups[3]-groups[0]
				return match[:from] + dots + match[to:]
			}
			return dots
		})
	}
	return replace(m.built, s, func(match string, groups []int) string {
		for g := groupID; g <= groupDigits; g++ {
			if groups[2*g] >= 0 {
				return hide(g, match)
			}
		}
		return match
	})
}

func hide(group int, s string) string {
	switch group {
	case groupID:
		if strings.Trim(s, "0123456789") == "" { // a long number, no object id
			return tail(s)
		}
		return s
	case groupTime:
		return s
	case groupLink:
		return s[:strings.IndexAny(s, "?#")+1] + dots
	case groupMail:
		at := strings.LastIndexByte(s, '@')
		return first(s) + "…" + s[at:]
	case groupJWT:
		return "eyJ" + dots
	case groupBearer:
		return s[:len("bearer ")] + dots
	case groupSecret:
		return s[:strings.IndexAny(s, "-_")+1] + dots
	case groupIBAN:
		if longWord(s) {
			return s
		}
		return s[:2] + tail(s)
	}
	return tail(s)
}

// Whole hides a value of which it is known that it identifies somebody, such as
// the user's address at a channel.
func (m *Masker) Whole(s string) string {
	masked := m.Text(s)
	switch {
	case s == "" || strings.Contains(masked, "•") || strings.Contains(masked, "…"):
		return masked
	case len([]rune(s)) < 5:
		return dots
	}
	return tail(s)
}

// Identity hides a user id unless it is the platform's own pseudonym.
func (m *Masker) Identity(id string) string {
	if g := m.built.FindStringSubmatchIndex(id); g != nil && g[0] == 0 && g[1] == len(id) && g[2*groupID] >= 0 {
		return hide(groupID, id)
	}
	return m.Whole(id)
}

// LogIdentity hides in an identity of several parts those that point at a
// person; the name of the desk and the platform's own ids stay.
func (m *Masker) LogIdentity(s string) string {
	parts := strings.Split(s, "/")
	if len(parts) == 1 {
		return m.Identity(s)
	}
	for i, p := range parts {
		if strings.Trim(strings.ToLower(p), "abcdefghijklmnopqrstuvwxyz") != "" {
			parts[i] = m.Identity(p)
		}
	}
	return strings.Join(parts, "/")
}

// ID leaves an id of the platform as it is, so that what it names can be found
// again, and hides what is no such id as text. Hexadecimal digits alone may look
// like a phone number and are none.
func (m *Masker) ID(id string) string {
	bare := id
	if at := strings.IndexAny(id, "-_:"); at > 0 && at < 8 {
		bare = id[at+1:]
	}
	hex, letters := strings.Trim(bare, "0123456789abcdefABCDEF-") == "", strings.ContainsAny(bare, "abcdefABCDEF")
	if hex && letters && len(bare) >= 12 {
		return id
	}
	return m.Text(id)
}

// Person hides the name of a person: the first letter of each word stays. An
// address in its place is hidden as one.
func (m *Masker) Person(name string) string {
	if masked := m.Text(name); masked != name {
		return masked
	}
	words := strings.Fields(name)
	for i, w := range words {
		words[i] = first(w) + "…"
	}
	return strings.Join(words, " ")
}

// personal reports the name of a field or of a tag whose value is about a
// person.
func (m *Masker) personal(name string) bool { return m != nil && m.names.MatchString(name) }

// behind is what is shown of the value behind a name in text.
func (m *Masker) behind(name, value string) (string, bool) {
	switch {
	case payload.SecretName(name):
		return dots, true
	case value == "" || value[0] == '{' || value[0] == '[':
		return "", false
	case personField(name):
		return m.Person(value), true
	case identityField(name):
		return m.LogIdentity(value), true
	case contactField(name):
		return m.Whole(value), true
	}
	return "", false
}

// replace is ReplaceAllStringFunc with the groups; groups are offsets in s.
func replace(re *regexp.Regexp, s string, with func(match string, groups []int) string) string {
	found := re.FindAllStringSubmatchIndex(s, -1)
	if found == nil {
		return s
	}
	var b strings.Builder
	last := 0
	for _, g := range found {
		b.WriteString(s[last:g[0]])
		b.WriteString(with(s[g[0]:g[1]], g))
		last = g[1]
	}
	b.WriteString(s[last:])
	return b.String()
}

// tail keeps the last two letters or digits, enough to tell two values apart.
func tail(s string) string {
	r := []rune(strings.TrimRight(s, " .-/()"))
	return dots + string(r[max(0, len(r)-2):])
}

func first(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// longWord reports capitals without enough digits: no account number.
func longWord(s string) bool {
	digits := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits < 8
}
