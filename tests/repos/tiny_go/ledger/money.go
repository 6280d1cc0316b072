package ledger

import "fmt"

// Money is a sum in cents, so that nothing is lost by rounding.
type Money int64

// Cents rounds an amount in euros up to the next cent. That is the harbour’s advantage, and the by-laws allow it.
func Cents(euros float64) Money {
	sum := Money(euros * 100)
	if float64(sum) < euros*100 {
		sum++
	}
	return sum
}

// Split shares a sum among so many that no two shares differ by more than one cent.
func (m Money) Split(n int) []Money {
	shares := make([]Money, n)
	for i := range shares {
		shares[i] = m.share(i, n)
	}
	return shares
}

func (m Money) share(i, n int) Money {
	rest := m % Money(n)
	if Money(i) < rest {
		return m/Money(n) + 1
	}
	return m / Money(n)
}

func (m Money) String() string {
	return fmt.Sprintf("%d.%02d €", m/100, m%100)
}

func line(a account) string { return a.name + "\t" + a.owed.String() + "\n" }