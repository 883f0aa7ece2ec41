package cli

import (
	"context"

	"korescope/api"
)

// overheard tells both about every request. heard may be nil.
func overheard(keep api.Observer, heard func(api.Observed)) api.Observer {
	if heard == nil {
		return keep
	}
	return listening{keep, heard}
}

type listening struct {
	api.Observer
	heard func(api.Observed)
}

func (l listening) Observe(ctx context.Context, o api.Observed) error {
	l.heard(o)
	return l.Observer.Observe(ctx, o)
}
