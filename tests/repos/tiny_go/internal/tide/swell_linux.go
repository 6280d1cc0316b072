package tide

// swell is what a buoy measured last, as the kernel's driver tells.
func swell() float64 {
	return clamp(reading, 0, 2.5)
}

var reading = 0.4
