package pantry

import "testing"

func TestFill(t *testing.T) {
	if Fill("jam", 1).Empty() {
		t.Fatal("empty")
	}
}
