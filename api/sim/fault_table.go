package sim

// faultKinds is the menu: one row a fault, grouped as in the manual.
func faultKinds() []faultKind {
	var out []faultKind
	for _, group := range [][]faultKind{limitFaults(), signInFaults(), transportFaults(), bodyFaults(), shapeFaults(), dataFaults(), jobFaults()} {
		out = append(out, group...)
	}
	return out
}
