package casefile_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"korescope/api"
	"korescope/api/casefile"
)

// fill sets every field of a value to something that is not its zero.
func fill(v reflect.Value) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2031, 3, 4, 5, 6, 7, 890e6, time.UTC)))
		return
	case json.RawMessage:
		v.SetBytes([]byte("{not json\x00\xff"))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("word \u202e")
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(0.5)
	default:
		panic("not filled: " + v.Kind().String())
	}
}

// Whatever a field holds, it is there again.
func TestNothingIsLost(t *testing.T) {
	var c casefile.Case
	fill(reflect.ValueOf(&c).Elem())
	b, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := casefile.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, c) {
		t.Errorf("got  %+v\nwant %+v", got, c)
	}
	for _, broken := range [][]byte{nil, []byte("x"), b[:len(b)/2]} {
		if _, err := casefile.Decode(broken); err == nil {
			t.Errorf("%d bytes are taken for a case", len(broken))
		}
	}
}

// Everybody who stands in a case is named, once.
func TestNamesInACase(t *testing.T) {
	c := casefile.Case{
		Sessions: []api.Session{{User: "u-1"}, {}},
		Messages: []api.Message{{User: "u-1", ChannelID: "acct/sms/1"}},
		Calls:    []api.LLMCall{{User: "u-2"}},
		Lines:    []api.DebugLine{{Identity: "call-3"}},
		Rows:     []api.Metric{{User: "u-4", ChannelID: "desk-5"}},
	}
	if got, want := c.Names(), []string{"acct/sms/1", "call-3", "desk-5", "u-1", "u-2", "u-4"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// The window of a case holds all of it.
func TestWindowOfACase(t *testing.T) {
	at := time.Date(2031, 3, 4, 5, 6, 7, 0, time.UTC)
	for name, c := range map[string]casefile.Case{
		"session": {Sessions: []api.Session{{Start: at, End: at.Add(time.Hour)}}}, "message": {Messages: []api.Message{{Time: at}}},
		"call": {Calls: []api.LLMCall{{Start: at}}}, "line": {Lines: []api.DebugLine{{Time: at}}}, "row": {Rows: []api.Metric{{At: at}}},
	} {
		if w := c.Window(); !w.Holds(at) {
			t.Errorf("%s: %v", name, w)
		}
	}
	if w := (casefile.Case{}).Window(); !w.Zero() {
		t.Errorf("of nothing: %v", w)
	}
}
