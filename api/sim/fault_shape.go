package sim

import (
	"bytes"
	"strconv"
)

func shapeFaults() []faultKind {
	return []faultKind{
		{"deep", "(n)", "an unknown key with n lists inside each other", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			n := a.number(0, 10000, 1, 1<<22)
			return effect{after: func(_ *call, out *reply) {
				extra(out, raw(append(bytes.Repeat([]byte{'['}, n), bytes.Repeat([]byte{']'}, n)...)))
			}}, a.err
		}},
		{"huge-string", "(n)", "an unknown key with a text of n bytes", func(given []string) (effect, error) {
			a := argsOf(given, 1)
			n := a.number(0, 10<<20, 1, 1<<30)
			return effect{after: func(_ *call, out *reply) { extra(out, string(bytes.Repeat([]byte{'x'}, n))) }}, a.err
		}},
		{"type-drift", "", "in every third row some numbers are strings and some booleans 0 and 1", func(given []string) (effect, error) {
			return perRow(func(f field) []field { return []field{{f.key, drift(f.val)}} }), argsOf(given, 0).err
		}},
		{"null-fields", "", "in every third row some keys are null", func(given []string) (effect, error) {
			return perRow(func(f field) []field { return []field{{f.key, nil}} }), argsOf(given, 0).err
		}},
		{"missing-fields", "", "in every third row some keys are missing", func(given []string) (effect, error) {
			return perRow(func(field) []field { return nil }), argsOf(given, 0).err
		}},
		{"dup-keys", "", "in every third row some keys are written twice, first with a wrong value", func(given []string) (effect, error) {
			return perRow(func(f field) []field { return []field{{f.key, "written twice"}, f} }), argsOf(given, 0).err
		}},
		{"hostile-text", "", "every string is replaced by hostile text with a number; ids, times and, in three of four rows, the platform's own words stay", func(given []string) (effect, error) {
			return effect{after: hostile}, argsOf(given, 0).err
		}},
	}
}

// extra puts a key into the answer, or into the first row of a bare array.
func extra(out *reply, val any) {
	switch v := out.tree.(type) {
	case obj:
		out.tree = append(obj{{"extra", val}}, v...)
	case []any:
		if len(v) > 0 {
			if row, ok := v[0].(obj); ok {
				v[0] = append(obj{{"extra", val}}, row...)
			}
		}
	}
}

// perRow rewrites fields of every third row; ids stay, since a row without one
// is another matter. Every fourth field is hit, another fourth in each row.
func perRow(rewrite func(field) []field) effect {
	return effect{after: func(_ *call, out *reply) {
		rows := rowsOf(out.tree)
		for i := 2; i < len(rows); i += 3 {
			row, ok := rows[i].(obj)
			if !ok {
				continue
			}
			var next obj
			for k, f := range row {
				if navigation(f.key) && f.key != "end_time" || (k+i/3)%4 != 0 {
					next = append(next, f)
					continue
				}
				next = append(next, rewrite(f)...)
			}
			rows[i] = next
		}
	}}
}

// rowsOf finds the rows of an answer: a bare array, or the first array in it.
func rowsOf(tree any) []any {
	switch v := tree.(type) {
	case []any:
		return v
	case obj:
		for _, f := range v {
			if rows, ok := f.val.([]any); ok && f.key != "errors" {
				return rows
			}
		}
	}
	return nil
}

func drift(v any) any {
	switch v := v.(type) {
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return number(v)
	case string:
		if n, err := strconv.Atoi(v); err == nil {
			return n
		}
		return v
	case obj:
		out := make(obj, len(v))
		for i, f := range v {
			out[i] = field{f.key, drift(f.val)}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = drift(v[i])
		}
		return out
	}
	return v
}
