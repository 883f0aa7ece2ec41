package pulse

import "math"

// Share is how many of a number of things have a property.
type Share struct{ Have, Of int }

// Plain is the quotient, 0 for nothing.
func (s Share) Plain() float64 {
	if s.Of == 0 {
		return 0
	}
	return float64(s.Have) / float64(s.Of)
}

// Damped is (have+1)/(of+2): what one would bet on the next one.
func (s Share) Damped() float64 { return (float64(s.Have) + 1) / (float64(s.Of) + 2) }

// interval is Wilson's score interval at z standard deviations.
func (s Share) interval(z float64) (low, high float64) {
	n := float64(s.Of)
	if n == 0 {
		return 0, 1
	}
	p := s.Plain()
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(mid-half, 0), min(mid+half, 1)
}

// The bars above which a difference is called a change.
const (
	sure        = 3.29 // standard deviations: 99.9 %
	leastPoints = 0.05
)

// Rose reports that now is higher than usual, and not by chance.
func Rose(now, usual Share) bool {
	l1, _ := now.interval(sure)
	_, u2 := usual.interval(sure)
	p1, p2 := now.Plain(), usual.Plain()
	low := p1 - p2 - math.Sqrt((p1-l1)*(p1-l1)+(u2-p2)*(u2-p2))
	return low > 0 && p1-p2 >= leastPoints
}

// Fell is Rose the other way.
func Fell(now, usual Share) bool {
	return Rose(Share{now.Of - now.Have, now.Of}, Share{usual.Of - usual.Have, usual.Of})
}

// support is twice the logarithm of the likelihood ratio of two rates against
// one: how much better it is to think that the two come from different sources.
func support(a, b Share) float64 {
	one := Share{a.Have + b.Have, a.Of + b.Of}
	return 2 * (likelihood(a) + likelihood(b) - likelihood(one))
}

// likelihood is the logarithm of the best likelihood of a share.
func likelihood(s Share) float64 {
	k, n := float64(s.Have), float64(s.Of)
	var sum float64
	if k > 0 {
		sum += k * math.Log(k/n)
	}
	if n > k {
		sum += (n - k) * math.Log((n-k)/n)
	}
	return sum
}
