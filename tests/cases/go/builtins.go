// What the language brings along, and what takes its names.
package builtins

type box struct{ items []int }

func (b *box) len() int { //= none
	return len(b.items) //> builtin
}

func max(a, b int) int { return a }

func (b *box) use(m map[string]int, c chan int) { //= builtins.go::max, builtins.go::box.len
	copy(b.items, b.items)        //> builtin
	delete(m, "a")                //> builtin
	close(c)                      //> builtin
	_ = cap(b.items)              //> builtin
	max(1, 2)                     //> builtins.go::max
	min(1, 2)                     //> builtin
	b.len()                       //> builtins.go::box.len
	clear(m)                      //> builtin
	print("x")                    //> builtin
	println(complex(1, 2))        //> builtin ; builtin
	if x := recover(); x != nil { //> builtin
		panic(x) //> builtin
	}
	_ = error(nil) //> builtin
	_ = float64(3) //> builtin
	_ = interface{}(nil)
	_ = new(box).len() //> builtin ; builtins.go::box.len
}

func shadowed(len func(int) int) int { //= open
	return len(3) //> ?
}

func local() { //= none
	new := func() *box { return nil }
	new() //> builtin
}

func localResult() { //= builtins.go::box.len
	new := func() *box { return nil }
	new().len() //> builtin ; builtins.go::box.len
}
