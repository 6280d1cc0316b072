// Package harbour keeps track of the ships that lie in a harbour.
package harbour

import (
	"errors"
	"fmt"
	"sort"
	"sync"

	"example.org/harbour/internal/tide"
	"example.org/harbour/ledger"
)

// ErrFull says that no berth is long enough for a ship, or that all such berths are taken.
var ErrFull = errors.New("harbour: no free berth")

// Pilot is whoever brings ships in: a person, or a test.
type Pilot interface {
	Guide(ship *Ship, to int) error
}

// Harbour is a row of berths behind one sill. Its methods may be called from several goroutines.
type Harbour struct {
	mu     sync.Mutex
	sill   tide.Sill
	berths []*Berth
	pilot  Pilot
	*ledger.Ledger
	onChange func(berth *Berth)
}

// New returns a harbour with berths of the given lengths and nobody in them.
func New(sill tide.Sill, lengths ...float64) *Harbour {
	h := &Harbour{sill: sill, Ledger: ledger.New(ledger.Daily)}
	for number, length := range lengths {
		h.berths = append(h.berths, newBerth(number+1, length))
	}
	sortByLength(h.berths)
	return h
}

// Moor looks for the shortest berth that a ship fits into, takes it and opens an account for the ship.
// Ships that draw too much water for this hour are turned away.
func (h *Harbour) Moor(ship *Ship, hour int) (*Berth, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.sill.Passable(ship.Draught, hour) {
		return nil, h.refuse(ship, "too little water")
	}
	berth := h.free(ship.Length)
	if berth == nil {
		return nil, ErrFull
	}
	berth.take(ship)
	h.Open(ship.Name)
	return berth, nil
}

// Guided is Moor with a pilot aboard, who may refuse as well.
func (h *Harbour) Guided(ship *Ship, hour int) error {
	berth, err := h.Moor(ship, hour)
	if err != nil {
		return err
	}
	return h.pilot.Guide(ship, berth.Number)
}

// Cast frees a ship's berth and charges the ship for the nights that it has been there.
func (h *Harbour) Cast(name string, nights int) ledger.Money {
	h.mu.Lock()
	defer h.mu.Unlock()
	berth := h.find(func(b *Berth) bool { return b.holds(name) })
	if berth == nil {
		return 0
	}
	ship := berth.leave()
	if h.onChange != nil {
		defer h.onChange(berth)
	}
	return h.Charge(name, fee(ship, nights))
}

func (h *Harbour) free(length float64) *Berth {
	return h.find(func(b *Berth) bool {
		return b.Ship == nil && b.Length >= length
	})
}

func (h *Harbour) find(fits func(*Berth) bool) *Berth {
	for _, berth := range h.berths {
		if fits(berth) {
			return berth
		}
	}
	return nil
}

//nolint:unused // kept for the pilots
func (h *Harbour) refuse(ship *Ship, why string) error {
	return fmt.Errorf("harbour: %s: %s", ship, why)
}

// Occupied counts the berths that have a ship in them, and how long those berths are together.
func (h *Harbour) Occupied() (count int, length float64) {
	taken := ledger.Filter(h.berths, (*Berth).isTaken)
	for _, berth := range taken {
		length += berth.Length
	}
	return len(taken), length
}

func sortByLength(berths []*Berth) {
	sort.Slice(berths, func(i, j int) bool { return berths[i].Length < berths[j].Length })
}
