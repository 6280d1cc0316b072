// Functions of one package, what shadows them, and values that are functions.
package functions

import (
	"fmt"
	"strings"
)

type Option func(*config)

type config struct {
	hook func() int
}

func helper() int { return 1 }

func other() int { return 2 }

func twice(f func() int) int { return f() + f() } //> ? ; ?

func plain() int { //= functions.go::helper, functions.go::other
	defer other() //> functions.go::other
	go helper()   //> functions.go::helper [lexical]
	return helper()
}

func outside(x string) string { //= none
	fmt.Println(x)                             //> !fmt.Println
	return strings.NewReplacer("a").Replace(x) //> !strings.NewReplacer ; !
}

func passed() int { //= functions.go::twice
	return twice(helper) //> functions.go::twice
}

func shadowedByParameter(helper func() int) int { //= open
	return helper() //> ?
}

func shadowedByVariable() int { //= functions.go::helper, functions.go::other
	first := helper() //> functions.go::helper
	helper := other
	if first > 1 {
		other := func() int { return 3 }
		return other() //> builtin
	}
	return helper() //> functions.go::other [alias]
}

func shadowedInBlock() int {
	if helper := len("x"); helper > 0 { //> builtin
		return helper
	}
	for other := 0; other < 3; other++ {
		_ = other
	}
	{
		helper := twice
		_ = helper(other) //> functions.go::twice [alias]
	}
	switch other := 1; other {
	case 1:
		helper := other
		_ = helper
	default:
		return helper() //> functions.go::helper
	}
	return other() //> functions.go::other
}

func ownNameOnTheRight() int {
	helper := helper() //> functions.go::helper
	return helper
}

func literal() int { //= functions.go::helper
	count := func(n int) int {
		return n + helper() //> functions.go::helper
	}
	return count(2) //> builtin
}

func called() int { //= functions.go::other
	return func() int { //> builtin
		return other() //> functions.go::other
	}()
}

func recursive(n int) int { //= functions.go::other
	var walk func(int) int
	walk = func(n int) int {
		if n == 0 {
			return other() //> functions.go::other
		}
		return walk(n - 1) //> builtin
	}
	return walk(n) //> builtin
}

func rebound(yes bool) int { //= open
	f := helper
	if yes {
		f = other
	}
	return f() //> ?
}

func reassigned(g func() int) int { //= open
	f := func() int { return 1 }
	f = g
	return f() //> ?
}

func changed(set func(*func() int)) int { //= open
	f := helper
	set(&f)    //> ?
	return f() //> ?
}

func onlyAlias() int { //= functions.go::helper
	var f = helper
	return f() //> functions.go::helper [alias]
}

func nothing() int { //= open
	var f func() int
	return f() //> ?
}

func field(c *config) int { //= open
	return c.hook() //> ?
}

func options(c *config, all ...Option) { //= open
	for _, option := range all {
		option(c) //> ?
	}
}

func withOption(f func() int) Option { //= none
	return func(c *config) {
		c.hook = f
	}
}

func callsResult(c *config) { //= open
	withOption(helper)(c) //> functions.go::withOption ; ?
}

func table(name string) int { //= open
	all := map[string]func() int{"helper": helper}
	return all[name]() //> ?
}

var current = helper

func variable() int { //= open
	return current() //> ?
}

func itself(n int) int { //= none
	if n > 0 {
		return itself(n - 1) //> functions.go::itself
	}
	return n
}

func parenthesized() int { //= functions.go::helper
	return (helper)() //> functions.go::helper
}

func labelled(items []int) int { //= functions.go::helper, functions.go::other
outer:
	for range items {
		select {
		default:
			other() //> functions.go::other
			break outer
		}
	}
	return helper() //> functions.go::helper
}

var initialized = other() //> functions.go::other

func init() { //= functions.go::helper
	helper() //> functions.go::helper
}

func init() { //= functions.go::other
	other() //> functions.go::other
}

var _ = func() int { //> builtin
	return helper() //> functions.go::helper
}()

func wrapped(wrap func(func()) func()) { //= open
	f := func() {}
	f = wrap(f) //> ?
	f()         //> ?
}

func wrappedTwice() { //= open
	f := any(decorate).(func(any) any) //> builtin
	f = f(f).(func(any) any)           //> ?
	f(nil)                             //> ?
}

func decorate(f func()) func() { return f }

func namedResult() (cleanup func(), err error) { //= open
	cleanup = func() {}
	defer func() { //> builtin
		cleanup() //> ?
	}()
	return func() { helper() }, nil //> functions.go::helper
}

type machine struct{ gears int }

func (m *machine) turn() *machine { return m }

func (m *machine) build() (*machine, error) { return m, nil }

var (
	engine  = &machine{}
	Turn    = engine.turn
	Build   = engine.build
	Measure = func() *machine { return engine }
)

func resultsOfHeldFunctions() { //= open
	Turn().turn()    //> ? ; functions.go::machine.turn [return]
	m, _ := Build()  //> ?
	m.turn()         //> functions.go::machine.turn
	Measure().turn() //> ? ; functions.go::machine.turn
}
