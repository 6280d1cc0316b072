package harbour

import (
	"testing"

	"example.org/harbour/internal/tide"
)

type brave struct{ rides int }

func (b *brave) Guide(*Ship, int) error {
	b.rides++
	return nil
}

func TestMoor(t *testing.T) {
	h := New(tide.Sill{Depth: 5}, 10, 20)
	h.pilot = &brave{}
	if err := h.Guided(&Ship{Name: "Ida", Length: 9, Draught: 2}, 4); err != nil {
		t.Fatal(err)
	}
	if count, length := h.Occupied(); count != 1 || length != 10 {
		t.Errorf("%d ships, %g metres", count, length)
	}
	if owed := h.Cast("ida", 2); owed != 3600 {
		t.Errorf("owed %s", owed)
	}
}
