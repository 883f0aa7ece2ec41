package jsontree

// deepest is how many containers may stand in each other. The standard decoder
// has the same bound.
const deepest = 10_000

// check walks over the whole value at i once. It is where the value ends, where
// the text ends inside it, or where the fault is.
func check(data []byte, i int) (int, ending) {
	var open []byte // the brackets that are expected to close
	i = blank(data, i)
	for {
		if i == len(data) {
			return i, cut
		}
		switch data[i] {
		case '{', '[':
			if len(open) == deepest {
				return i, fault
			}
			open = append(open, data[i]+2)
			if i = blank(data, i+1); i < len(data) && data[i] == open[len(open)-1] {
				break
			}
			if open[len(open)-1] == ']' {
				continue
			}
			next, end := checkKey(data, i)
			if end != closed {
				return next, end
			}
			i = next
			continue
		default:
			next, _, end := skip(data, i)
			if end != closed {
				return next, end
			}
			i = next
		}
		next, end := checkAfter(data, i, &open)
		if end != going {
			return next, end
		}
		i = next
	}
}

// checkAfter passes what may stand after a value: closing brackets, and a comma
// with the key after it. going means that a value follows.
func checkAfter(data []byte, i int, open *[]byte) (int, ending) {
	for len(*open) > 0 {
		last := len(*open) - 1
		if i = blank(data, i); i == len(data) {
			return i, cut
		}
		switch data[i] {
		case (*open)[last]:
			*open = (*open)[:last]
			i++
			continue
		case ',':
			i = blank(data, i+1)
			if (*open)[last] == ']' {
				return i, going
			}
			next, end := checkKey(data, i)
			if end == closed {
				end = going
			}
			return next, end
		}
		return i, fault
	}
	return i, closed
}

// checkKey passes a key and its colon.
func checkKey(data []byte, i int) (int, ending) {
	if i == len(data) {
		return i, cut
	}
	if data[i] != '"' {
		return i, fault
	}
	i, whole := skipString(data, i)
	if i = blank(data, i); !whole || i == len(data) {
		return i, cut
	}
	if data[i] != ':' {
		return i, fault
	}
	return blank(data, i+1), closed
}
