package ledger_test

import (
	"strings"
	"testing"

	"example.org/harbour/ledger"
)

func TestWriteTo(t *testing.T) {
	book := ledger.New(ledger.Weekly)
	book.Open("Ida")
	book.Charge("ida", ledger.Cents(12.5))
	var out strings.Builder
	if _, err := book.WriteTo(&out); err != nil || out.String() != "Ida\t12.50 €\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}
