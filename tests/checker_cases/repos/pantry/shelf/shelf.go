package shelf

type Shelf struct {
	base
	labels []string
}

type base struct{ rows int }

// New returns a shelf with some rows.
func New(rows int) *Shelf {
	s := &Shelf{}
	s.grow(rows)
	return s
}

func (b *base) grow(rows int) { b.rows += rows }

// Put stands a label on the shelf.
//
//go:nosplit
func (s *Shelf) Put(label string) {
	s.labels = append(s.labels, label)
}

/*
Rows says how many rows there are.
*/
func (s *Shelf) Rows() int { return s.rows }

func Put(label string) {}
