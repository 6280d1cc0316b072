package harbour

import (
	"strings"

	"example.org/harbour/ledger"
)

type (
	// Ship is a vessel with what a harbour master has to know of it: its name, and its measures in metres.
	Ship struct {
		Name            string
		Length, Draught float64
		Flag
	}

	Berth struct {
		Number int
		Length float64
		Ship   *Ship
	}

	// Flag is the country that a vessel is registered in, as two capital letters.
	Flag string
)

func newBerth(number int, length float64) *Berth {
	return &Berth{Number: number, Length: length}
}

func (b *Berth) take(ship *Ship) {
	b.Ship = ship
}

func (b *Berth) leave() *Ship {
	ship := b.Ship
	b.Ship = nil
	return ship
}

func (b *Berth) isTaken() bool { return b.Ship != nil }

func (b *Berth) holds(name string) bool {
	return b.isTaken() && strings.EqualFold(b.Ship.Name, name)
}

// Domestic tells whether a vessel flies the flag of the country that the harbour lies in. An empty flag does not count.
func (f Flag) Domestic() bool {
	return f.normal() == "NL"
}

func (f Flag) normal() string {
	return strings.ToUpper(strings.TrimSpace(string(f)))
}

// String names a vessel the way the log book does, flag first.
func (s *Ship) String() string {
	return s.normal() + " " + s.Name
}

/*
fee computes what a stay costs: so much for each metre and night, half of it for vessels of this country,
and never less than one night's smallest price.
*/
func fee(s *Ship, nights int) ledger.Money {
	price := ledger.Cents(s.Length) * perMetre * ledger.Money(nights)
	if s.Domestic() {
		price /= 2
	}
	return max(price, smallest)
}

const (
	perMetre ledger.Money = 2
	smallest              = 500 * perMetre
)
