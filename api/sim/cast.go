package sim

import (
	"fmt"
	"strconv"
	"strings"
)

// user is one of the bot's customers; all of them are invented.
type user struct {
	id    string // u-...
	name  string
	mail  string
	phone string
}

func person(b *bot, no int) user {
	h := blend(b.no, 0x9e09, uint64(no))
	first := []string{
		"Ada", "Alex", "Ami", "Ben", "Bo", "Cleo", "Cora", "Dana", "Eli", "Ella", "Emre", "Fay", "Finn", "Gus", "Hana",
		"Ida", "Ines", "Ivo", "Jo", "Jules", "Kai", "Kim", "Lea", "Leo", "Lou", "Mads", "Maya", "Mika", "Nia", "Noor",
		"Omar", "Pat", "Quin", "Ravi", "Remy", "Rosa", "Sam", "Suki", "Tara", "Theo", "Uma", "Vera", "Wim", "Yara", "Zoe",
	}
	name := first[h%uint64(len(first))]
	return user{
		id: uuid("u-", h), name: name,
		mail:  strings.ToLower(name) + strconv.Itoa(no) + "@example.test",
		phone: fmt.Sprintf("+1555010%04d", no%10000),
	}
}

// facts are what a conversation is about. Phrases name them in braces.
type facts struct {
	order, item, amount, card string
	words                     []string // name in braces, value, name, value
}

// fill puts the values into a phrase.
func (f *facts) fill(phrase string) string {
	var out []byte
	for {
		open := strings.IndexByte(phrase, '{')
		if open < 0 {
			break
		}
		out = append(out, phrase[:open]...)
		phrase = phrase[open:]
		name, value := "{", "{" // a brace that is no name stays
		for i := 0; i < len(f.words); i += 2 {
			if strings.HasPrefix(phrase, f.words[i]) {
				name, value = f.words[i], f.words[i+1]
				break
			}
		}
		out = append(out, value...)
		phrase = phrase[len(name):]
	}
	return string(append(out, phrase...))
}

func newFacts(d *dice, s *session) facts {
	items := []string{
		"rain jacket", "pair of trail shoes", "wool blanket", "desk lamp", "coffee grinder", "suitcase", "running vest", "picnic basket",
		"bedside table", "cast iron pan", "yoga mat", "bicycle helmet", "pair of winter boots", "linen shirt", "kettle", "garden chair",
		"backpack", "phone stand", "rug", "puzzle set", "beach towel", "set of hiking poles", "tea set", "standing desk", "scarf",
		"toaster", "bookshelf", "camping stove", "umbrella", "pair of jeans", "board game", "wall clock", "pair of headphones",
	}
	days := []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	cities := []string{"Northbridge", "Eastham Quay", "Millford", "Port Larne", "Westerby", "Oakhaven", "St. Aldate", "Hillcross"}
	streets := []string{"Harbour Lane", "Mill Street", "Orchard Road", "Station Way", "Canal Row", "Garden Close", "High Street"}
	stores := []string{"Riverside", "Old Market", "Central Station", "Harbour Mall", "Westgate"}
	carriers := []string{"ParcelGo", "Swiftpost", "Bluevan"}
	f := facts{
		order: fmt.Sprintf("RB-%07d", 4200000+d.below(799999)), item: d.pick(items),
		amount: fmt.Sprintf("%d.%02d", 12+d.below(240), []int{0, 50, 90, 95, 99}[d.below(5)]),
		card:   fmt.Sprintf("%04d", d.below(10000)),
	}
	f.words = []string{
		"{order}", f.order, "{digits}", f.order[3:], "{item}", f.item, "{amount}", f.amount, "{card}", f.card,
		"{name}", s.user.name, "{mail}", s.user.mail, "{phone}", s.user.phone,
		"{day}", d.pick(days), "{day2}", d.pick(days), "{city}", d.pick(cities), "{store}", d.pick(stores),
		"{street}", strconv.Itoa(1+d.below(180)) + " " + d.pick(streets), "{carrier}", d.pick(carriers),
		"{gift}", fmt.Sprintf("GC%04d-%04d", d.below(10000), d.below(10000)), "{left}", strconv.Itoa(5 + d.below(95)),
		"{track}", fmt.Sprintf("PG%09d", d.below(1000000000)), "{points}", strconv.Itoa(120 + d.below(4000)),
		"{size}", d.pick([]string{"S", "M", "L", "XL", "38", "41", "43"}), "{colour}", d.pick([]string{"blue", "green", "black", "red", "grey"}),
		"{hour}", strconv.Itoa(8 + d.below(3)), "{close}", strconv.Itoa(18 + d.below(4)),
	}
	return f
}
