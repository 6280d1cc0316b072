// Types made of others: what elements, keys, results and conversions are.
package types

import (
	"sort"
	"time"
)

type Node struct {
	children []*Node
	byName   map[string]*Node
	events   chan Event
	nested   struct {
		inner Node
		deep  *struct{ last Event }
	}
	grid  [3][]Node
	visit func(n *Node) (*Node, error)
	Event
}

type Event struct{ at time.Time }

func (e Event) Fire() {}

func (n *Node) Walk() *Node { return n }

func (n *Node) Children() []*Node { return n.children }

func (n *Node) Lookup() map[string]*Node { return n.byName }

type Color int

const (
	Red Color = iota
	Green
	Blue
)

func (c Color) Paint() {}

type Nodes []*Node

func (n Nodes) Len() int { return len(n) } //> builtin

func (n Nodes) First() *Node { return n[0] }

func (n Nodes) Each() { //= types.go::Node.Walk, types.go::Nodes.First
	for _, node := range n {
		node.Walk() //> types.go::Node.Walk
	}
	n[1:].First().Walk() //> types.go::Nodes.First ; types.go::Node.Walk
}

type Handler func(*Node)

func (h Handler) Serve(n *Node) { //= open
	h(n) //> ?
}

func serve(n *Node) {}

type Index map[Color]Nodes

type Table = map[string]Event

type Same Node

func indexed(n *Node) { //= types.go::Node.Walk, types.go::Event.Fire
	n.children[0].Walk()      //> types.go::Node.Walk
	n.byName["a"].Walk()      //> types.go::Node.Walk
	n.children[1:][0].Walk()  //> types.go::Node.Walk
	(<-n.events).Fire()       //> types.go::Event.Fire
	n.grid[1][2].Walk()       //> types.go::Node.Walk
	n.nested.inner.Walk()     //> types.go::Node.Walk
	n.nested.deep.last.Fire() //> types.go::Event.Fire
	n.Fire()                  //> types.go::Event.Fire
	n.Event.Fire()            //> types.go::Event.Fire
}

func results(n *Node) { //= types.go::Node.Children, types.go::Node.Lookup, types.go::Node.Walk
	n.Children()[0].Walk()               //> types.go::Node.Children ; types.go::Node.Walk
	n.Lookup()["a"].Walk()               //> types.go::Node.Lookup ; types.go::Node.Walk
	for _, child := range n.Children() { //> types.go::Node.Children
		child.Walk() //> types.go::Node.Walk
	}
	if found, ok := n.Lookup()["b"]; ok { //> types.go::Node.Lookup
		found.Walk() //> types.go::Node.Walk
	}
}

func loops(index Index, all chan *Node, next func(yield func(*Node) bool), table Table) { //= types.go::Color.Paint, types.go::Nodes.Len, types.go::Node.Walk, types.go::Event.Fire
	for color, nodes := range index {
		color.Paint() //> types.go::Color.Paint
		nodes.Len()   //> types.go::Nodes.Len
	}
	for node := range all {
		node.Walk() //> types.go::Node.Walk
	}
	for node := range next {
		node.Walk() //> types.go::Node.Walk
	}
	for color := range Blue {
		color.Paint() //> types.go::Color.Paint
	}
	for _, event := range table {
		event.Fire() //> types.go::Event.Fire
	}
	for i, letter := range "text" {
		_, _ = i, letter
	}
}

func channels(in <-chan Event, out chan<- Event) { //= types.go::Event.Fire
	select {
	case event := <-in:
		event.Fire() //> types.go::Event.Fire
	case event, ok := <-in:
		_ = ok
		event.Fire() //> types.go::Event.Fire
	}
}

func constants() { //= types.go::Color.Paint
	Red.Paint()        //> types.go::Color.Paint
	Green.Paint()      //> types.go::Color.Paint
	(Red + 1).Paint()  //> types.go::Color.Paint
	(1 + Blue).Paint() //> types.go::Color.Paint
}

func conversions(all []*Node, n *Node) { //= types.go::Nodes.Len, types.go::Color.Paint, types.go::Node.Walk, types.go::Handler.Serve
	Nodes(all).Len()        //> builtin ; types.go::Nodes.Len
	Color(3).Paint()        //> builtin ; types.go::Color.Paint
	(*Node)(nil).Walk()     //> builtin ; types.go::Node.Walk
	Handler(serve).Serve(n) //> builtin ; types.go::Handler.Serve
	_ = []byte("x")
	_ = string(rune(3))                         //> builtin ; builtin
	sort.Sort(sort.Reverse(sort.IntSlice(nil))) //> !sort.Sort ; !sort.Reverse ; !sort.IntSlice
}

func literals() { //= types.go::Event.Fire, types.go::Node.Walk
	for _, event := range []Event{{}, {}} {
		event.Fire() //> types.go::Event.Fire
	}
	nodes := map[string]*Node{"a": {}}
	nodes["a"].Walk() //> types.go::Node.Walk
	pair := struct{ first, second Event }{}
	pair.second.Fire()        //> types.go::Event.Fire
	list := make([]*Node, 3)  //> builtin
	list = append(list, nil)  //> builtin
	list[0].Walk()            //> types.go::Node.Walk
	more := append(list, nil) //> builtin
	more[0].Walk()            //> types.go::Node.Walk
	Event{}.Fire()            //> types.go::Event.Fire
	[]Event{{}}[0].Fire()     //> types.go::Event.Fire
	tables := []struct {
		event Event
		want  string
	}{{}}
	for _, test := range tables {
		test.event.Fire() //> types.go::Event.Fire
	}
}

func sameFields(s *Same) { //= types.go::Event.Fire, types.go::Node.Walk
	s.children[0].Walk() //> types.go::Node.Walk
	s.Event.Fire()       //> types.go::Event.Fire
	s.Fire()             //> types.go::Event.Fire
}

func noMethodsOfTheOther(s *Same) { //= open
	s.Walk() //> ?
}

func functionResult(n *Node) { //= open
	found, err := n.visit(n) //> ?
	_ = err
	found.Walk() //> types.go::Node.Walk
}

func lazily(min func(n int) *Node) { //= open
	min(3).Walk() //> ? ; types.go::Node.Walk
}

func local() { //= types.go::Node.Walk, types.go::Event.Fire
	type pair struct {
		*Node
		second Event
	}
	p := pair{}
	p.Walk()        //> types.go::Node.Walk
	p.second.Fire() //> types.go::Event.Fire
}

func swapped() { //= types.go::Node.Walk, types.go::Event.Fire
	a, b := &Node{}, Event{}
	a.Walk() //> types.go::Node.Walk
	b.Fire() //> types.go::Event.Fire
}

func closures(n *Node) { //= types.go::Node.Walk, types.go::Event.Fire
	get := func(e Event) (*Node, Event) { return n, e }
	x, y := get(Event{})            //> builtin
	x.Walk()                        //> types.go::Node.Walk
	y.Fire()                        //> types.go::Event.Fire
	func(inner *Node) (out Event) { //> builtin
		inner.Walk() //> types.go::Node.Walk
		out.Fire()   //> types.go::Event.Fire
		return
	}(n)
}

func durations(e Event) { //= none
	(3 * time.Second).Seconds() //> !
	e.at.Add(time.Second)       //> !time.Time.Add
	time.Now().Sub(e.at)        //> !time.Now ; !
}

var table = [1 << 4]Color{}

func shiftedLength(h uint32) { //= types.go::Color.Paint
	if c := table[h&(1<<4-1)]; c > 0 {
		c.Paint() //> types.go::Color.Paint
	}
}
