//go:build !linux

package tide

func swell() float64 { return clamp(0.5, 0.0, 2.5) }
