package sim

// The tag filter: {"and":[{"name":"t","values":["a","b"],"type":"session"}]}.
// The shape is documented for messages; that getSessions takes it too is [SIM].

type tagRule struct {
	name, kind string
	values     []string
}

func (c *call) tagRules() []tagRule {
	filter, ok := c.in.body["tags"]
	if !ok || filter == nil {
		return nil
	}
	m, isObject := filter.(map[string]any)
	all, isList := m["and"].([]any)
	if !isObject || len(m) > 0 && !isList {
		c.in.bad = true
		return nil
	}
	var rules []tagRule
	for _, e := range all {
		one, _ := e.(map[string]any)
		r := tagRule{}
		r.name, _ = one["name"].(string)
		r.kind, _ = one["type"].(string)
		values, ok := one["values"].([]any)
		c.in.bad = c.in.bad || r.name == "" || !ok
		for _, v := range values {
			s, ok := v.(string)
			c.in.bad = c.in.bad || !ok
			r.values = append(r.values, s)
		}
		rules = append(rules, r)
	}
	return rules
}

func (r tagRule) holds(st *story) bool {
	tags := st.tags
	if r.kind == "user" {
		tags = st.userTags
	}
	for _, t := range tags {
		if name, _ := t.at("name"); name != r.name {
			continue
		}
		have, _ := t.at("value")
		for _, want := range r.values {
			if have == want || text(have) == want {
				return true
			}
		}
	}
	return false
}
