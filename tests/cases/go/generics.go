// Generic functions and types resolve; a call through a type parameter is open.
package generics

type Shape interface{ Area() float64 }

type Square struct{ side float64 }

func (s Square) Area() float64 { return s.side }

func (s *Square) Grow() {}

type List[T any] struct {
	head  *node[T]
	items []T
}

type node[T any] struct {
	value T
	next  *node[T]
}

type Pair[K comparable, V any] struct {
	key   K
	value V
}

func (l *List[T]) Push(value T) { //= generics.go::node.link
	n := &node[T]{value: value}
	n.link(l.head) //> generics.go::node.link
}

func (n *node[T]) link(next *node[T]) { n.next = next }

func (l *List[T]) First() T { return l.head.value }

func (l *List[T]) All() []T { return l.items }

func (p Pair[A, B]) Value() B { return p.value }

func (p *Pair[_, _]) Clear() {}

func Map[T, U any](items []T, f func(T) U) []U { //= open
	var out []U
	for _, item := range items {
		out = append(out, f(item)) //> builtin ; ?
	}
	return out
}

func New[T any]() *List[T] { return &List[T]{} }

func total[S Shape](shapes []S) (sum float64) { //= open
	for _, shape := range shapes {
		sum += shape.Area() //> ?
	}
	return sum
}

func zero[T any]() (z T) { return }

func instantiated() { //= generics.go::Map, generics.go::total, generics.go::New, generics.go::List.Push
	Map([]int{1}, func(n int) string { return "" }) //> generics.go::Map
	Map[int, string](nil, nil)                      //> generics.go::Map
	total[Square](nil)                              //> generics.go::total
	l := New[Square]()                              //> generics.go::New
	l.Push(Square{})                                //> generics.go::List.Push
}

func elements(l *List[*Square], m map[string]List[Square]) { //= generics.go::Square.Grow, generics.go::List.First, generics.go::Square.Area, generics.go::List.All
	l.First().Grow()                 //> generics.go::List.First ; generics.go::Square.Grow
	l.items[0].Grow()                //> generics.go::Square.Grow
	l.head.next.value.Grow()         //> generics.go::Square.Grow
	for _, square := range l.All() { //> generics.go::List.All
		square.Area() //> generics.go::Square.Area
	}
	first := m["a"].First() //> generics.go::List.First
	first.Area()            //> generics.go::Square.Area
}

func pairs(p Pair[string, *Square]) { //= generics.go::Pair.Value, generics.go::Square.Area, generics.go::Pair.Clear
	p.Value().Area()               //> generics.go::Pair.Value ; generics.go::Square.Area
	p.value.Area()                 //> generics.go::Square.Area
	Pair[int, List[int]]{}.Value() //> generics.go::Pair.Value
	q := Pair[string, Square]{"", Square{}}
	q.Clear()      //> generics.go::Pair.Clear
	q.value.Area() //> generics.go::Square.Area
}

func explicit() { //= generics.go::zero, generics.go::Square.Area
	zero[Square]().Area() //> generics.go::zero ; generics.go::Square.Area
}

func inferred(l List[Square]) { //= open
	identity(Square{}).Area() //> generics.go::identity ; ?
}

func identity[T any](value T) T { return value }

type Squares struct{ List[Square] }

func promoted(s Squares) { //= generics.go::List.First, generics.go::Square.Area
	s.First().Area() //> generics.go::List.First ; generics.go::Square.Area
}

type Alias = List[Square]

func aliased(a Alias) { //= generics.go::List.First, generics.go::Square.Area
	a.First().Area() //> generics.go::List.First ; generics.go::Square.Area
}

func indexedFunctions(all []func(int), i int) { //= open
	all[i](3) //> ?
}

func parameterConverted[T ~int](x int) { //= none
	_ = T(x) //> builtin
}
