// Copyright the pantry authors.

// Package pantry keeps jars on shelves.
package pantry

import (
	_ "embed"
	"strings"

	"example.com/pantry/shelf"
)

//go:embed rules.txt
var rules string

const banner = `
func Fill() {}
// not a comment
`

// Jar holds something. It is known by its label.
type Jar struct {
	Label string // as it is written on it
	// Grams is the weight.
	Grams int
}

type (
	// Order is what somebody wants.
	Order struct {
		Label string
		Count int
	}

	Receipt struct {
		Lines []string
	}

	Weight int
)

func Fill(label string, grams int) *Jar {
	return &Jar{Label: label, Grams: grams}
}

func (j *Jar) Empty() bool {
	return j.Grams == 0
}

func (j Jar) String() string { return j.Label }

// above everything

func Sort(jars []*Jar) []*Jar { // in place
	// bubbles
	for i := range jars {
		for k := i + 1; k < len(jars); k++ {
			if jars[k].Label < jars[i].Label {
				jars[i], jars[k] = jars[k], jars[i]
			}
		}
	}
	return jars
}

//go:noinline
func Weigh(jars []*Jar) (total int) {
	for _, jar := range jars {
		total += jar.Grams
	}
	return
}

//nolint:gocyclo
func Tidy(jars []*Jar) []*Jar {
	type place struct {
		row, column int
	}
	seen := map[string]place{}
	kept := jars[:0]
	for i, jar := range jars {
		if _, ok := seen[jar.Label]; !ok {
			seen[jar.Label] = place{row: i}
			kept = append(kept, jar)
		}
	}
	return kept
}

func Largest[T ~int](weights ...T) (largest T) {
	for _, weight := range weights {
		if weight > largest {
			largest = weight
		}
	}
	return largest
}

func init() { rules = strings.TrimSpace(rules) }

func init() {
	if rules == "" {
		rules = banner
	}
}

// Stock puts jars of every order on a shelf.
func Stock(orders []Order) *shelf.Shelf {
	s := shelf.New(len(orders))
	for _, order := range orders {
		jar := Fill(order.Label, order.Count)
		if jar.Empty() {
			continue
		}
		s.Put(jar.Label)
	}
	return s
}

// Audit weighs what is worth keeping.
func Audit(jars []*Jar) int {
	return Weigh(Sort(Tidy(jars))) + int(Largest(Weight(1)))
}

var last = 1; func Last() int { return last }
