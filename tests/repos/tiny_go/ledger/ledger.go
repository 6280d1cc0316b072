// Package ledger writes down who owes what.
package ledger

import (
	"io"
	"slices"
	"strings"
)

// Period is how often accounts are settled.
type Period int

// Periods that there are.
const (
	Daily Period = iota
	Weekly
)

// Ledger holds one account for each name, in the order in which they were opened.
type Ledger struct {
	period   Period
	accounts []account
	closed   map[string]Money
}

type account struct {
	name string
	owed Money
}

func New(period Period) *Ledger {
	ledger := new(Ledger)
	ledger.period = period
	ledger.closed = make(map[string]Money)
	return ledger
}

// Open adds an empty account for a name, unless there is one already; it begins with what was left when the last
// account of that name was closed.
func (l *Ledger) Open(name string) {
	if l.account(name) == nil {
		l.accounts = append(l.accounts, account{name, l.closed[key(name)]})
	}
}

// Charge adds to what a name owes and returns the new sum. Names without an account owe nothing and are ignored.
func (l *Ledger) Charge(name string, amount Money) Money {
	if found := l.account(name); found != nil {
		found.add(amount)
		return found.owed
	}
	return 0
}

// Settle closes all accounts, and hands each of them to a function before it does.
// What that function does not take stays owed.
func (l *Ledger) Settle(pay func(name string, owed Money) Money) {
	for _, a := range l.accounts {
		rest := a.owed - pay(a.name, a.owed)
		l.closed[key(a.name)] = rest
	}
	l.accounts = nil
}

// WriteTo prints one line for each account that owes anything, those with the largest debts first.
func (l *Ledger) WriteTo(out io.Writer) (int64, error) {
	debtors := Filter(l.accounts, func(a account) bool { return a.owed > 0 })
	slices.SortFunc(debtors, func(a, b account) int { return int(b.owed - a.owed) })
	var text strings.Builder
	for _, debtor := range debtors {
		text.WriteString(line(debtor))
	}
	written, err := io.WriteString(out, text.String())
	return int64(written), err
}

func (l *Ledger) account(name string) *account {
	same := func(a account) bool { return key(a.name) == key(name) }
	if number := slices.IndexFunc(l.accounts, same); number >= 0 {
		return &l.accounts[number]
	}
	return nil
}

func (a *account) add(amount Money) { a.owed += amount }

func key(name string) string { return strings.ToLower(name) }

// Filter returns the elements that a predicate holds for, in a slice of their own.
func Filter[T any](all []T, keep func(T) bool) []T {
	var kept []T
	for _, one := range all {
		if keep(one) {
			kept = append(kept, one)
		}
	}
	return kept
}
