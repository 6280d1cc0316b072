// Package tide says how deep the water is.
package tide

import "math"

// Sill is the highest point of the ground that ships have to cross on their way in.
type Sill struct {
	// Depth is that of the water over it at mean tide.
	Depth float64

	curve Curve
}

// Curve gives the height of the water for an hour of the day, above or below the mean.
type Curve func(hour int) float64

// NewSill returns a sill where the tide follows a cosine that is highest at the given hour.
func NewSill(depth, range_ float64, high int) Sill {
	return Sill{Depth: depth, curve: cosine(range_, high)}
}

func cosine(range_ float64, high int) Curve {
	half := range_ / 2
	phase := func(hour int) float64 {
		return 2 * math.Pi * float64(hour-high) / period
	}
	return func(hour int) float64 {
		return half * math.Cos(phase(hour))
	}
}

// Passable reports whether a vessel of the given draught gets across in that hour with some water to spare.
func (s Sill) Passable(draught float64, hour int) bool {
	return s.at(hour) >= draught+margin()
}

func (s Sill) at(hour int) float64 {
	if s.curve == nil {
		return s.Depth
	}
	return s.Depth + s.curve(clamp(hour, 0, 23))
}

//go:noinline
func margin() float64 { return keel + swell() }

const (
	period = 12.42
	keel   = 0.3
)

// clamp keeps a number between two others; where those are the wrong way round the lower one wins.
func clamp[N int | float64](n, low, high N) N {
	return max(low, min(n, high))
}
