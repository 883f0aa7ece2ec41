package cli

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"korescope/api"
	"korescope/cache"
	"korescope/views"
)

// Every field of every record, under the mask, in every form: no value of a
// domain value that is personal or secret through and through comes out. A list
// of fields that is not known to this test fails it.
func TestNoFieldShowsWhatIsMasked(t *testing.T) {
	known := map[string]func(t *testing.T, name string){
		"EventFields":       leaks(views.EventFields()),
		"SessionFields":     leaks(views.SessionFields()),
		"MessageFields":     leaks(views.MessageFields()),
		"LLMFields":         leaks(views.LLMFields()),
		"DebugFields":       leaks(views.DebugFields()),
		"TestFields":        leaks(views.TestFields()),
		"BillingFields":     leaks(views.BillingFields(api.ByDay)),
		"BilledFields":      leaks(views.BilledFields()),
		"ContainmentFields": leaks(views.ContainmentFields()),
		"TimelineFields":    leaks(views.TimelineFields(nil)),
		"BotFields":         leaks(views.BotFields()),
		"RoleFields":        leaks(views.RoleFields()),
		"PulseFields":       leaks(views.PulseFields()),
		"MetricFields":      leaks(views.MetricFields()),
		"caseLineFields":    leaks(caseLineFields()),
		"pinFields":         leaks(pinFields()),
		"SameFields":        leaks(views.SameFields()),
		"FailedTaskFields":  leaks(views.FailedTaskFields()),
		"NodeFields":        leaks(views.NodeFields()),
		"UtteranceFields":   leaks(views.UtteranceFields()),
		"ChangeLogFields":   leaks(views.ChangeLogFields(nil)),
		"hitFields":         leaks[cache.Hit](hitFields()),
		"importFields":      leaks(importFields()),
		// What this program says of itself.
		"apiFields": nil, "requestFields": nil, "originFields": nil, "cacheFields": nil, "settingsFields": nil, "chainFields": nil,
		"ChangeFields": leaks(views.ChangeFields()),
		"deedFields":   leaks(deedFields()),
	}
	for _, f := range slices.Concat(parsed(t, ".."), parsed(t, ".")) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !strings.HasSuffix(fn.Name.Name, "Fields") || !listsFields(fn) {
				continue
			}
			test, found := known[fn.Name.Name]
			if !found {
				t.Errorf("%s is not known here: say what it is about, so that it is filled and looked at", fn.Name.Name)
			}
			if test != nil {
				test(t, fn.Name.Name)
			}
		}
	}
}

// listsFields reports a function whose first result is a list of fields.
func listsFields(fn *ast.FuncDecl) bool {
	if fn.Type.Results == nil {
		return false
	}
	list, ok := fn.Type.Results.List[0].Type.(*ast.ArrayType)
	if !ok {
		return false
	}
	index, ok := list.Elt.(*ast.IndexExpr)
	if !ok {
		return false
	}
	switch x := index.X.(type) {
	case *ast.Ident:
		return x.Name == "Field"
	case *ast.SelectorExpr:
		return x.Sel.Name == "Field"
	}
	return false
}

func leaks[T any](fields []views.Field[T]) func(*testing.T, string) {
	return func(t *testing.T, name string) {
		t.Helper()
		mask, err := views.NewMasker(nil)
		if err != nil {
			t.Fatal(err)
		}
		var v T
		fill(reflect.ValueOf(&v).Elem(), "")
		for _, plain := range []bool{false, true} {
			e := views.Env{Now: opening(), Plain: plain, Mask: mask}
			for _, f := range fields {
				nothingLeaks(t, fmt.Sprintf("%s.%s as a cell", name, f.Name), f.Show(v, e).Text.String())
			}
			b, err := views.Record(fields, v, e)
			if err != nil {
				t.Fatal(err)
			}
			nothingLeaks(t, name+" as a record", string(b))
			for _, f := range fields {
				s, _ := views.Flat(f.Data(v, e))
				nothingLeaks(t, fmt.Sprintf("%s.%s in a sheet", name, f.Name), s)
			}
		}
	}
}

// fill puts personal data and secrets into everything that can hold a word. Words
// that the client itself chooses out of a few are left as one of them.
func fill(v reflect.Value, name string) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(opening()))
		return
	case json.RawMessage:
		v.SetBytes([]byte(filledJSON()))
		return
	case api.UserID:
		v.SetString("canary-user-42")
		return
	case api.CallID, api.JoinedBy, api.JobState, api.Verdict, api.Direction, api.TokensFrom, cache.HitKind, api.EventKind:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(filledText(name))
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				fill(v.Field(i), f.Name)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), name)
		fill(v.Index(1), name)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(7)
	default:
	}
}

// filledText is a name where the field holds one, else every sort of thing.
func filledText(name string) string {
	switch name {
	case "Call": // the name of an endpoint, from this program's own table
		return api.RunSuite
	case "Username", "RequestedBy", "Person", "Author":
		return leakPerson
	case "Identity", "ChannelID", "ChannelUser":
		return "canary-at-channel"
	}
	return strings.Join([]string{"word", leakMail, leakPhone, leakCard, leakToken, "password: " + leakSecret, `{"apiKey":"` + leakSecret + `"}`}, " ")
}

func filledJSON() string {
	inner, _ := json.Marshal(map[string]any{"token": leakSecret, "said": leakMail, "customerName": leakPerson}) // a map of words is always JSON
	out, _ := json.Marshal(map[string]any{
		leakMail: 1, "text": leakPhone, "card": leakCard, "n": 491715550199, "userId": "canary-user-42", "lastName": leakPerson,
		"deep": []any{map[string]any{"Authorization": []any{leakSecret, map[string]any{"a": leakSecret}}}}, "json": string(inner), "mixed": "said " + string(inner) + " then",
	})
	return string(out)
}
