package keymap

import "slices"

// together are the actions that are offered as one: whoever can go on can go
// back, whoever can open a node can close it. The first of each is the one that a
// screen offers.
func together() [][]Action {
	return [][]Action{
		{NextPane, PrevPane},
		{NextError, PrevError},
		{NextMatch, PrevMatch},
		{NextSession, PrevSession},
		{NextCall, PrevCall},
		{MarkItem, MarkRange, ClearMarks},
		{SortColumn, PickColumnLeft, PickColumnRight},
		slices.Concat([]Action{OpenNode, FoldNode, OpenItem, OpenBelow, FoldBelow, ToggleAll, ToggleOriginal}, OpenLevels()),
	}
}

// Together reports that whoever offers the first action offers the second as well.
func Together(offered, also Action) bool {
	for _, group := range together() {
		if group[0] == offered && slices.Contains(group, also) {
			return true
		}
	}
	return false
}

// OfferOf finds what the offers of a screen say about an action; false when it is
// none of them, so that it does nothing there.
func OfferOf(offers []Offer, a Action) (Offer, bool) {
	for _, o := range offers {
		if o.Action == a {
			return o, true
		}
	}
	for _, group := range together() {
		if group[0] == a || !slices.Contains(group, a) {
			continue
		}
		for _, o := range offers {
			if o.Action == group[0] {
				return Offer{Action: a, Off: o.Off}, true
			}
		}
	}
	return Offer{}, false
}
